// SPDX-License-Identifier: Apache-2.0
#include "commands/init.hpp"

#include "cli/command_line.hpp"

namespace pgratchet::cli {

exit_code run_init(std::vector<std::string> const& arguments)
{
    command_line line{"init",
                      "Writes a project: a first migration, a probe, presets for dev, staging and prod, a CI file.",
                      "DIR [--name NAME]"};
    line.add()("folder", "where to", cxxopts::value<std::string>(), "DIR")(
        "name", "the project's name (default: that of the folder)", cxxopts::value<std::string>(), "NAME");
    line.allow_positional("folder", "name the folder to make");
    return line.parse(arguments) ? exit_code::done : commands::init(line.required("folder"), line.optional("name"));
}

} // namespace pgratchet::cli
