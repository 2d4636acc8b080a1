// SPDX-License-Identifier: Apache-2.0
#include "commands/restore.hpp"

#include "cli/command_line.hpp"
#include "interrupt/watch.hpp"

#include <cstdlib>

namespace pgratchet::cli {

namespace {

/// What stands in an option, or in the variable that another option names: a build target takes no arguments.
std::string given(command_line const& line, std::string const& option)
{
    auto const variable = line.variable(option + "-variable");
    if (line.has(option) && variable) {
        throw usage_error{"restore: give one of --" + option + " and --" + option + "-variable"};
    }
    if (!variable) {
        return line.required(option);
    }
    auto const* const value = std::getenv(variable->c_str());
    if (value == nullptr || *value == '\0') {
        throw usage_error{"restore: the variable " + *variable + ", which is to hold --" + option + ", is not set",
                          option == "from" ? *variable + "=/path/of/the/backup.dump"
                                           : *variable + " must be the name of the environment that is restored"};
    }
    return value;
}

/// Nobody restores by a slip of the finger, or in the wrong build folder.
void demand_confirmation(command_line const& line, std::string const& environment)
{
    auto const confirmed = given(line, "confirm");
    if (confirmed != environment) {
        auto const variable = line.variable("confirm-variable");
        throw usage_error{"restore: '" + confirmed + "' is confirmed, and the environment is " + environment +
                              "; nothing was changed",
                          "to restore it all the same: " + (variable ? *variable + "=" : "--confirm ") + environment};
    }
}

std::string name_to_keep(std::string const& name)
{
    constexpr std::size_t longest = 63; // NAMEDATALEN - 1
    if (name.empty() || name.size() > longest) {
        throw usage_error{"restore: --keep-as is '" + name + "', which is no name for a database",
                          "it has 1 to 63 bytes"};
    }
    return name;
}

void add_restore_options(command_line& line)
{
    line.add()("plan", "the compiled plan", cxxopts::value<std::string>(),
               "FILE")("from", "the backup: the archive or its receipt", cxxopts::value<std::string>(),
                       "FILE")("confirm", "the environment's name, once more", cxxopts::value<std::string>(), "NAME")(
        "from-variable", "environment variable that holds --from, for build targets", cxxopts::value<std::string>(),
        "VAR")("confirm-variable", "likewise for --confirm", cxxopts::value<std::string>(),
               "VAR")("from-another-database", "the backup may be of another environment, database or server")(
        "jobs", "connections that restore at a time (default: 1)", cxxopts::value<std::string>(),
        "N")("keep-as", "name for the database as it was (default: its own with _before_ and the moment)",
             cxxopts::value<std::string>(),
             "NAME")("no-space-check", "do not ask that the server has room for a second database")(
        "patience", "how long to wait for another deployer (default: 5min)", cxxopts::value<std::string>(),
        "TIME")("receipts-dir", "where receipts are kept (default: ~/.local/state/pgratchet)",
                cxxopts::value<std::string>(), "DIR");
    line.add_connection();
}

} // namespace

exit_code run_restore(std::vector<std::string> const& arguments)
{
    command_line line{
        "restore",
        "Restores a backup into a new database, makes sure of it, and gives it the old one's name. That one is kept.",
        "--plan FILE --from FILE --confirm NAME --environment NAME (--url-variable VAR | --local DIR) ..."};
    add_restore_options(line);
    if (line.parse(arguments)) {
        return exit_code::done;
    }
    commands::restore_options chosen;
    chosen.connection = line.connection();
    demand_confirmation(line, chosen.connection.environment);
    chosen.plan = line.required("plan");
    chosen.from = given(line, "from");
    chosen.from_another_database = line.has("from-another-database");
    constexpr int most_jobs = 100;
    chosen.jobs = line.count("jobs", most_jobs).value_or(1);
    if (chosen.jobs < 1) {
        throw usage_error{"restore: --jobs is 0", "write 1 or more"};
    }
    if (auto const name = line.optional("keep-as")) {
        chosen.keep_as = name_to_keep(*name);
    }
    chosen.check_space = !line.has("no-space-check");
    chosen.patience = line.duration("patience").value_or(chosen.patience);
    chosen.receipts = line.path("receipts-dir");
    interrupt::watch const signals{line.has("end-with-build")};
    return commands::restore(chosen);
}

} // namespace pgratchet::cli
