// SPDX-License-Identifier: Apache-2.0
#include "commands/explain.hpp"

#include "cli/command_line.hpp"

namespace pgratchet::cli {

namespace {

using texts = std::vector<std::string>;

} // namespace

exit_code run_explain(texts const& arguments)
{
    command_line line{"explain",
                      "Says which locks a migration takes on what was there before, what it rewrites and scans.",
                      "NNN --plan FILE [--format text|json]"};
    line.add()("migration", "the migration, by its number", cxxopts::value<texts>(),
               "NNN")("plan", "the compiled plan", cxxopts::value<std::string>(), "FILE");
    line.add_choice("format", "", "FORMAT", {{"text", "default"}, {"json"}});
    line.allow_positional("migration", "name the migration, by its number");
    if (line.parse(arguments)) {
        return exit_code::done;
    }
    auto const format = line.one_of("format").value_or("text");
    auto const versions = line.list("migration");
    if (versions.size() != 1) {
        throw usage_error{"explain: takes one migration", "write its number: pgratchet explain 004 --plan FILE"};
    }
    return commands::explain({line.required("plan"), versions.front(), format == "json"});
}

} // namespace pgratchet::cli
