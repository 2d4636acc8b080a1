// SPDX-License-Identifier: Apache-2.0
#include "commands/diff.hpp"

#include "cli/command_line.hpp"
#include "interrupt/watch.hpp"

namespace pgratchet::cli {

exit_code run_diff(std::vector<std::string> const& arguments)
{
    command_line line{"diff", "Says what lies between two versions, or an environment and a version, object by object.",
                      "--plan FILE [--from NNN] [--to NNN] [--format text|json]\n"
                      "  pgratchet diff --plan FILE --environment NAME (--url-variable VAR | --local DIR) [--to NNN]"};
    line.add()("plan", "the compiled plan", cxxopts::value<std::string>(),
               "FILE")("from", "the version to start from, or \"empty\" (default: the one before the end)",
                       cxxopts::value<std::string>(), "NNN")("to", "the version to end at (default: the newest)",
                                                             cxxopts::value<std::string>(), "NNN");
    line.add_choice("format", "", "FORMAT", {{"text", "default"}, {"json"}});
    line.add_connection();
    if (line.parse(arguments)) {
        return exit_code::done;
    }
    auto const format = line.one_of("format").value_or("text");
    commands::diff_options chosen{line.required("plan"), line.optional("from"), line.optional("to"), std::nullopt,
                                  format == "json"};
    if (line.has("environment") || line.has("url-variable") || line.has("local")) {
        if (chosen.from) {
            throw usage_error{"diff: an environment stands in place of --from"};
        }
        chosen.connection = line.connection();
    }
    interrupt::watch const signals{line.has("end-with-build")};
    return commands::diff(chosen);
}

} // namespace pgratchet::cli
