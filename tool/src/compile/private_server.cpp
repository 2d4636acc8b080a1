// SPDX-License-Identifier: Apache-2.0
#include "compile/private_server.hpp"

#include "compile/throwaway_databases.hpp"
#include "interrupt/interrupt.hpp"

#include <chrono>
#include <spdlog/spdlog.h>
#include <utility>

namespace pgratchet::compile {

namespace {

constexpr std::chrono::milliseconds between_tries{200};

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
SELECT 'another setting up of the role ' || rolname FROM pg_catalog.pg_roles
 WHERE rolname = SESSION_USER AND NOT (rolsuper AND rolinherit AND rolcreaterole AND rolcreatedb AND rolcanlogin AND
                                       rolreplication AND rolbypassrls AND rolconnlimit = -1 AND rolvaliduntil IS NULL)
UNION ALL
SELECT 'members of the role ' || roleid::pg_catalog.regrole::text FROM pg_catalog.pg_auth_members
 WHERE member <> 'pg_monitor'::pg_catalog.regrole
    OR roleid::pg_catalog.regrole::text NOT IN ('pg_read_all_settings', 'pg_read_all_stats', 'pg_stat_scan_tables')
UNION ALL
SELECT 'a comment on the whole server''s objects' FROM pg_catalog.pg_shdescription
 WHERE description NOT IN ('unmodifiable empty database', 'default template for new databases',
                           'default administrative connection database')
UNION ALL
SELECT 'the replication slot ' || slot_name FROM pg_catalog.pg_replication_slots
UNION ALL
SELECT 'the replication origin ' || roname FROM pg_catalog.pg_replication_origin)";

constexpr auto parameter_privileges = R"(
UNION ALL
SELECT 'privileges on the parameter ' || parname FROM pg_catalog.pg_parameter_acl)";
constexpr int has_parameter_privileges = 150000;

} // namespace

private_server::private_server(database::local_server::options chosen) : m_options{std::move(chosen)}
{
    m_options.throwaway = true;
    begin();
}

std::unique_ptr<database::session> private_server::connect(std::string const& database,
                                                           std::string const& application_name) const
{
    return std::make_unique<database::session>(m_server->conninfo(database), application_name);
}

void private_server::begin()
{
    constexpr int enough = 3;
    for (int clusters = 0;;) {
        try {
            connect_and_wait();
            auto const reason = spoilt_by();
            if (!reason || clusters == enough) {
                return;
            }
            spdlog::info("the throwaway server is made anew: a migration has left {} there", *reason);
            m_server->make_anew(); // while it is our turn: whoever waits finds the new one
            ++clusters;
        } catch (database::connection_lost const&) {
            if (clusters == enough) {
                throw;
            }
            clusters += come_again() ? 1 : 0;
        } catch (database::sql_error const&) {
            if (clusters == enough) {
                throw;
            }
            clusters += come_again() ? 1 : 0;
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

/// True if the server was made anew, as a migration had seen to it that nobody gets in. If others use it, it is theirs
/// for now, or one of them has made it anew.
bool private_server::come_again()
{
    m_admin.reset();
    if (m_server && m_server->make_anew_if_alone()) {
        return true;
    }
    tell_that_it_waits();
    m_server.reset();
    interrupt::sleep_for(between_tries);
    return false;
}

void private_server::tell_that_it_waits()
{
    if (!std::exchange(m_has_told, true)) {
        spdlog::info("waiting for another compile or rehearsal that uses the same throwaway server");
    }
}

void private_server::take_turn()
{
    while (m_admin->execute("SELECT pg_catalog.pg_try_advisory_lock(8099568217739192423)").at(0).at(0) != "t") {
        tell_that_it_waits();
        interrupt::sleep_for(between_tries);
    }
}

void private_server::clean()
{
    if (spoilt_by()) {
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
        auto const left =
            m_admin->execute(std::string{all_that_is_left} +
                             (m_admin->server_version() >= has_parameter_privileges ? parameter_privileges : ""));
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
