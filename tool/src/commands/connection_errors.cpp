// SPDX-License-Identifier: Apache-2.0
#include "commands/connection_errors.hpp"

#include "errors.hpp"

#include <array>
#include <utility>

namespace pgratchet::commands {

namespace {

/// By SQLSTATE, for the errors with which a server refuses a connection.
std::string hint_for(std::string const& sqlstate)
{
    static constexpr auto hints = std::to_array<std::pair<char const*, char const*>>({
        {"28P01", "is it the right password, are its special characters percent-encoded (@ is %40, / is %2F), and has "
                  "the role not expired? an administrator sees the latter in pg_roles.rolvaliduntil"},
        {"28000", "does the role exist, has it LOGIN, and does the server's pg_hba.conf let it in from here?"},
        {"3D000", "correct the database's name in the connection string, or make the database: CREATE DATABASE"},
        {"42501", "the role lacks CONNECT on the database; its owner can say: GRANT CONNECT ON DATABASE ... TO ..."},
        {"53300", "a limit of connections is reached, of the server, the database or the role: end some that are idle, "
                  "or raise it; pg_stat_activity shows who holds them"},
        {"55000", "the database takes no connections: has an administrator closed it (ALLOW_CONNECTIONS)?"},
        {"57P03", "the server is starting or stopping: try again in a moment"},
    });
    for (auto const& [state, hint] : hints) {
        if (sqlstate == state) {
            return hint;
        }
    }
    return sqlstate.empty() ? "does the server run, and do host and port in the connection string lead to it?" : "";
}

} // namespace

database::connection_lost explained(database::connection_lost const& problem, std::string const& environment,
                                    std::string const& source)
{
    auto fields = problem.fields();
    fields.message = environment + " cannot be reached by " + source + ": " + fields.message;
    if (fields.hint.empty()) {
        fields.hint = hint_for(fields.sqlstate);
    }
    return database::connection_lost{std::move(fields)};
}

void demand_expected(database::session& on, connection_guards const& guards, std::string const& environment,
                     std::string const& source)
{
    if (guards.database) {
        auto const found = on.execute("SELECT pg_catalog.current_database()").at(0).at(0).value();
        if (found != *guards.database) {
            throw configuration_error{environment + " is expected to be database " + *guards.database + ", and " +
                                          source + " leads to " + found + "; nothing was done",
                                      "correct the connection string, or --expect-database"};
        }
    }
    if (!guards.system_identifier) {
        return;
    }
    std::string found;
    try {
        found = on.execute("SELECT system_identifier FROM pg_catalog.pg_control_system()").at(0).at(0).value();
    } catch (database::sql_error const& problem) {
        if (problem.sqlstate() != "42501") {
            throw;
        }
        throw configuration_error{
            "the role of " + environment + " may not ask which server it is on, and " + environment +
                " is expected on " + *guards.system_identifier,
            "a superuser in this database can say: GRANT EXECUTE ON FUNCTION "
            "pg_catalog.pg_control_system() TO the role; or leave --expect-system-identifier out"};
    }
    if (found != *guards.system_identifier) {
        throw configuration_error{environment + " is expected on the server with system identifier " +
                                      *guards.system_identifier + ", and " + source + " leads to " + found +
                                      "; nothing was done",
                                  "correct the connection string, or --expect-system-identifier if the server was "
                                  "made anew"};
    }
}

} // namespace pgratchet::commands
