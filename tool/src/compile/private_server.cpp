// SPDX-License-Identifier: Apache-2.0
#include "compile/private_server.hpp"

#include "compile/throwaway_databases.hpp"
#include "interrupt/interrupt.hpp"

#include <chrono>
#include <spdlog/spdlog.h>
#include <utility>

namespace pgratchet::compile {

namespace {

/// What concerns the whole server and was there for no one when initdb had made it, in words.
constexpr auto all_that_is_left = R"(
SELECT 'settings (ALTER SYSTEM)' FROM pg_catalog.pg_file_settings WHERE sourcefile LIKE '%/postgresql.auto.conf'
UNION ALL
SELECT 'settings (ALTER ROLE or ALTER DATABASE ... SET)' FROM pg_catalog.pg_db_role_setting
UNION ALL
SELECT 'another setting up of the database ' || datname FROM pg_catalog.pg_database
 WHERE CASE datname WHEN 'template0' THEN datallowconn OR NOT datistemplate
                    WHEN 'template1' THEN NOT datallowconn OR NOT datistemplate
                    WHEN 'postgres' THEN NOT datallowconn OR datistemplate OR datacl IS NOT NULL
                    ELSE true END
UNION ALL
SELECT 'another setting up of the tablespace ' || spcname FROM pg_catalog.pg_tablespace
 WHERE spcname NOT IN ('pg_default', 'pg_global') OR spcacl IS NOT NULL OR spcoptions IS NOT NULL
UNION ALL
SELECT 'the replication slot ' || slot_name FROM pg_catalog.pg_replication_slots
UNION ALL
SELECT 'the replication origin ' || roname FROM pg_catalog.pg_replication_origin
LIMIT 1)";

} // namespace

private_server::private_server(database::local_server::options chosen) : m_options{std::move(chosen)}
{
    m_options.disposable = true;
    begin();
}

std::unique_ptr<database::session> private_server::connect(std::string const& database,
                                                           std::string const& application_name) const
{
    return std::make_unique<database::session>(m_server->conninfo(database), application_name);
}

void private_server::begin()
{
    constexpr int most_tries = 4;
    for (int tries = 1;; ++tries) {
        try {
            connect_and_wait();
            auto const reason = spoilt_by();
            if (!reason || tries == most_tries) {
                return;
            }
            spdlog::info("the throwaway server is made anew: a migration has left {} there", *reason);
            m_admin.reset();
            m_server->make_anew();
        } catch (database::connection_lost const&) {
            if (tries == most_tries) {
                throw;
            }
            start_again();
        } catch (database::sql_error const&) {
            if (tries == most_tries) {
                throw;
            }
            start_again();
        }
    }
}

void private_server::connect_and_wait()
{
    if (!m_server) {
        m_server.emplace(m_options);
    }
    m_admin = connect("postgres", compile_application);
    take_turn();
}

/// Either a migration has seen to it that nobody gets in, or another command has made the server anew.
void private_server::start_again()
{
    m_admin.reset();
    if (!m_server->make_anew_if_alone()) {
        m_server.reset();
    }
}

void private_server::take_turn()
{
    constexpr auto between_tries = std::chrono::milliseconds{200};
    for (bool has_told = false;; has_told = true) {
        if (m_admin->execute("SELECT pg_catalog.pg_try_advisory_lock(8099568217739192423)").at(0).at(0) == "t") {
            return;
        }
        if (!has_told) {
            spdlog::info("waiting for another compile or rehearsal that uses the same throwaway server");
        }
        interrupt::sleep_for(between_tries);
    }
}

void private_server::clean()
{
    if (spoilt_by()) {
        m_admin.reset();
        m_server->make_anew();
        begin();
    }
}

void private_server::leave() noexcept
{
    try {
        if (m_admin) {
            remove_what_can_be_dropped();
        }
    } catch (std::exception const&) {
        // Said when it is in somebody's way.
    }
}

std::optional<std::string> private_server::spoilt_by()
{
    try {
        remove_what_can_be_dropped();
        auto const left = m_admin->execute(all_that_is_left);
        return left.empty() ? std::nullopt : left.front().front();
    } catch (database::sql_error const& problem) { // a session of ours obeys ALTER ROLE ALL SET, too
        return "what cannot be removed (" + std::string{problem.what()} + ")";
    }
}

/// Whoever has the turn is alone: databases and roles that are there now are of one that is done, or was killed.
void private_server::remove_what_can_be_dropped()
{
    auto const connect_with = [&](std::string const& database) {
        return connect(database, compile_application);
    };
    for (auto const& row : m_admin->execute("SELECT datname FROM pg_catalog.pg_database WHERE datname NOT IN "
                                            "('postgres', 'template0', 'template1')")) {
        drop_database(*m_admin, connect_with, row.front().value()); // a statement of a killed one may still run there
    }
    for (auto const& row : m_admin->execute(
             "SELECT spcname FROM pg_catalog.pg_tablespace WHERE spcname NOT IN ('pg_default', 'pg_global')")) {
        m_admin->execute("DROP TABLESPACE " + database::quoted_name(row.front().value()));
    }
    for (auto const& row : m_admin->execute(
             "SELECT rolname FROM pg_catalog.pg_roles WHERE rolname !~ '^pg_' AND rolname <> SESSION_USER")) {
        m_admin->execute("DROP ROLE " + database::quoted_name(row.front().value()));
    }
}

} // namespace pgratchet::compile
