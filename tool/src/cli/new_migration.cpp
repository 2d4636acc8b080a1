// SPDX-License-Identifier: Apache-2.0
#include "commands/new_migration.hpp"

#include "cli/command_line.hpp"

#include <cstdlib>

namespace pgratchet::cli {

namespace {

std::string description_from(command_line const& line)
{
    if (line.has("description") == line.has("description-variable")) {
        throw usage_error{"new: give a description, or --description-variable",
                          "pgratchet new \"add case notes\" --migrations migrations"};
    }
    auto const variable = line.variable("description-variable");
    if (!variable) {
        return line.required("description");
    }
    auto const* const value = std::getenv(variable->c_str());
    if (value == nullptr || *value == '\0') {
        throw usage_error{"new: the variable " + *variable + ", which is to hold the description, is not set",
                          *variable + "=\"add case notes\" cmake --build ... --target new_migration"};
    }
    return value;
}

} // namespace

exit_code run_new(std::vector<std::string> const& arguments)
{
    command_line line{"new", "Writes the next migration, with its number and nothing between BEGIN and COMMIT.",
                      "DESCRIPTION --migrations DIR [--no-transaction] [--baseline NNN]\n"
                      "  pgratchet new --description-variable VAR --migrations DIR [--no-transaction]"};
    line.add()("description", "what it is for, in some words", cxxopts::value<std::string>(), "DESCRIPTION")(
        "migrations", "folder of NNN_description.sql files", cxxopts::value<std::string>(),
        "DIR")("description-variable", "environment variable that holds the description", cxxopts::value<std::string>(),
               "VAR")("no-transaction", "without BEGIN and COMMIT, for CREATE INDEX CONCURRENTLY and the like")(
        "baseline", "version after which the files start", cxxopts::value<std::string>(), "NNN");
    line.allow_positional("description", "say in some words what the migration is for");
    if (line.parse(arguments)) {
        return exit_code::done;
    }
    return commands::new_migration(
        {line.required("migrations"), description_from(line), line.optional("baseline"), line.has("no-transaction")});
}

} // namespace pgratchet::cli
