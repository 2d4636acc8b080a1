// SPDX-License-Identifier: Apache-2.0
#include "commands/freeze.hpp"

#include "cli/command_line.hpp"

namespace pgratchet::cli {

exit_code run_freeze(std::vector<std::string> const& arguments)
{
    command_line line{
        "freeze", "Pins the migrations that are not frozen yet in SHA256SUMS; compile refuses them once they change.",
        "--migrations DIR [--baseline NNN] [--accept-layout]"};
    line.add()("migrations", "folder of NNN_description.sql files", cxxopts::value<std::string>(),
               "DIR")("baseline", "version up to which files may be missing", cxxopts::value<std::string>(),
                      "NNN")("accept-layout", "also freeze anew what changed in comments or layout alone");
    if (line.parse(arguments)) {
        return exit_code::done;
    }
    return commands::freeze({line.required("migrations"), line.optional("baseline"), line.has("accept-layout")});
}

} // namespace pgratchet::cli
