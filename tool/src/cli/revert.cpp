// SPDX-License-Identifier: Apache-2.0
#include "commands/revert.hpp"

#include "cli/command_line.hpp"

namespace pgratchet::cli {

exit_code run_revert(std::vector<std::string> const& arguments)
{
    command_line line{"revert",
                      "Writes the next migration, which takes an earlier one back. compile proves that it does.",
                      "NNN --plan FILE --migrations DIR [--data-dir DIR | --shadow-url-variable VAR]"};
    line.add()("version", "the migration to take back", cxxopts::value<std::string>(),
               "NNN")("plan", "the compiled plan", cxxopts::value<std::string>(),
                      "FILE")("migrations", "folder of its migrations", cxxopts::value<std::string>(), "DIR")(
        "data-dir", "folder for the throwaway server (default: shadow, beside the plan)", cxxopts::value<std::string>(),
        "DIR")("shadow-url-variable", "environment variable with the connection string of a server to use instead",
               cxxopts::value<std::string>(),
               "VAR")("pg-bindir", "where initdb and pg_ctl are", cxxopts::value<std::string>(), "DIR");
    line.allow_positional("version", "name the migration to take back, by its number");
    if (line.parse(arguments)) {
        return exit_code::done;
    }
    if (line.has("data-dir") && line.has("shadow-url-variable")) {
        throw usage_error{"revert: give one of --data-dir and --shadow-url-variable"};
    }
    return commands::revert({line.required("version"), line.required("plan"), line.required("migrations"),
                             line.path("data-dir"), line.path("pg-bindir"), line.variable("shadow-url-variable")});
}

} // namespace pgratchet::cli
