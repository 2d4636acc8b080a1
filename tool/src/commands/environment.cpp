// SPDX-License-Identifier: Apache-2.0
#include "commands/environment.hpp"

#include "catalog/query.hpp"
#include "errors.hpp"

#include <cstdlib>

namespace pgratchet::commands {

environment::environment(connection_options chosen, std::vector<std::string> const& roles)
    : m_options{std::move(chosen)}
{
    if (m_options.local) {
        m_server.emplace(database::local_server::options{*m_options.local, m_options.bindir, false});
        m_conninfo = m_server->conninfo(m_options.database);
        prepare_local(roles);
        return;
    }
    auto const& variable = m_options.url_variable.value();
    auto const* value = std::getenv(variable.c_str());
    if (value == nullptr || *value == '\0') {
        throw configuration_error{"the variable " + variable + ", which is to hold the connection string of " +
                                      m_options.environment + ", is not set",
                                  "set it in your shell or your CI's secrets: " + variable +
                                      "='postgresql://USER@HOST/DATABASE?sslmode=verify-full'"};
    }
    m_conninfo = value;
}

std::unique_ptr<database::session> environment::connect(std::string const& application_name) const
{
    return std::make_unique<database::session>(m_conninfo, application_name);
}

void environment::prepare_local(std::vector<std::string> const& roles) const
{
    database::session admin{m_server->conninfo("postgres"), "pgratchet"};
    if (admin.execute("SELECT FROM pg_catalog.pg_database WHERE datname = " + admin.quote(m_options.database))
            .empty()) {
        try {
            admin.execute("CREATE DATABASE " + database::quoted_name(m_options.database) +
                          " TEMPLATE template0 ENCODING 'UTF8'");
        } catch (database::sql_error const& problem) {
            if (problem.sqlstate() != "42P04" && problem.sqlstate() != "23505") { // another executor was quicker
                throw;
            }
        }
    }
    for (auto const& role : roles) {
        if (admin.execute("SELECT FROM pg_catalog.pg_roles WHERE rolname = " + admin.quote(role)).empty()) {
            try {
                admin.execute("CREATE ROLE " + database::quoted_name(role));
            } catch (database::sql_error const& problem) {
                if (problem.sqlstate() != "42710" && problem.sqlstate() != "23505") {
                    throw;
                }
            }
        }
    }
}

} // namespace pgratchet::commands
