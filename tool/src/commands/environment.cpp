// SPDX-License-Identifier: Apache-2.0
#include "commands/environment.hpp"

#include "commands/connection_errors.hpp"
#include "database/other_database.hpp"
#include "errors.hpp"
#include "interrupt/interrupt.hpp"

#include <cstdlib>
#include <spdlog/spdlog.h>

namespace pgratchet::commands {

namespace {

/// Nobody answers, or a server that starts, stops or recovers. Any other refusal would be said again.
bool may_pass(database::connection_lost const& problem)
{
    return problem.fields().sqlstate.empty() || problem.fields().sqlstate == "57P03";
}

} // namespace

environment::environment(connection_options chosen, std::vector<std::string> const& roles)
    : m_options{std::move(chosen)}, m_no_longer_than{std::chrono::steady_clock::now() + m_options.wait_for}
{
    if (m_options.local) {
        if (database::local_server::is_throwaway(*m_options.local)) {
            throw configuration_error{"the server in " + m_options.local->string() +
                                          " is a throwaway one: the next compile would remove what is done there",
                                      "name another folder: --local DIR"};
        }
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
    return connect_until(m_no_longer_than, application_name);
}

std::unique_ptr<database::session> environment::connect_once(std::string const& application_name) const
{
    return connect_until(moment::min(), application_name);
}

std::unique_ptr<database::session> environment::connect_until(moment no_longer_than,
                                                              std::string const& application_name) const
{
    auto const source = m_options.local ? "its local server" : "the variable " + *m_options.url_variable;
    std::unique_ptr<database::session> session;
    try {
        session = open_until(no_longer_than, application_name);
    } catch (database::connection_lost const& problem) {
        throw explained(problem, m_options.environment, source);
    }
    demand_expected(*session, m_options.guards, m_options.environment, source);
    return session;
}

std::unique_ptr<database::session> environment::connect_to(std::string const& database,
                                                           std::string const& application_name) const
{
    return std::make_unique<database::session>(
        m_server ? m_server->conninfo(database) : database::with_database(m_conninfo, database), application_name,
        [this](database::transport const& way) { examine(way); });
}

std::unique_ptr<database::session> environment::open_until(moment no_longer_than,
                                                           std::string const& application_name) const
{
    using namespace std::chrono_literals;
    for (bool told = false;; told = true) {
        try {
            return std::make_unique<database::session>(m_conninfo, application_name,
                                                       [this](database::transport const& way) { examine(way); });
        } catch (database::connection_lost const& problem) {
            if (!may_pass(problem) || std::chrono::steady_clock::now() >= no_longer_than) {
                throw;
            }
            if (!told) {
                spdlog::info("waiting for the server of {}: {}", m_options.environment, problem.what());
            }
        }
        interrupt::sleep_for(500ms);
    }
}

void environment::examine(database::transport const& way) const
{
    auto const& guards = m_options.guards;
    auto const rule = guards.tls.value_or(guards.is_protected ? tls_rule::warn : tls_rule::off);
    if (m_options.local || way.is_local || way.is_verified || rule == tls_rule::off) {
        return;
    }
    auto const what = "the connection to " + m_options.environment + " goes to another machine with sslmode " +
                      way.sslmode + ", which does not make sure who answers";
    constexpr auto hint = "sslmode=verify-full, with sslrootcert=system or the file of the server's authority";
    if (rule == tls_rule::require) {
        throw configuration_error{what + "; nothing was sent", hint};
    }
    if (!m_warned) {
        spdlog::warn("warning: {}", what);
        spdlog::warn("hint: {}", hint);
        m_warned = true;
    }
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
