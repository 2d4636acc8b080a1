// SPDX-License-Identifier: Apache-2.0
#include "compile/shadow.hpp"

#include "database/other_database.hpp"
#include "errors.hpp"
#include "interrupt/interrupt.hpp"

#include <chrono>
#include <random>
#include <spdlog/spdlog.h>
#include <unistd.h>

namespace pgratchet::compile {

namespace {

constexpr auto insufficient_privilege = "42501";
constexpr auto name_prefix = "pgratchet_shadow_";

} // namespace

shadow::shadow(options chosen)
    : m_options{std::move(chosen)}, m_database{name_prefix + std::to_string(::getpid()) + "_" +
                                               std::to_string(std::random_device{}())}
{
    if (!m_options.conninfo) {
        m_options.server.disposable = true;
        m_server.emplace(m_options.server);
    }
    m_admin = admin_session();
    if (m_server) {
        // One compile at a time on a private cluster: databases and roles that are there now were left by a killed one.
        take_turn();
        for (auto const& row : m_admin->execute(
                 "SELECT datname FROM pg_catalog.pg_database WHERE datname LIKE 'pgratchet\\_shadow\\_%'")) {
            drop(row.front().value()); // a statement of the killed one may still run there
        }
        drop_all_roles();
    } else {
        warn_of_leftovers();
    }
    try {
        create_roles();
        create_database();
    } catch (database::sql_error const& problem) {
        remove();
        if (problem.sqlstate() != insufficient_privilege) {
            throw;
        }
        throw configuration_error{"a throwaway database cannot be made on the server for it: " +
                                      std::string{problem.what()},
                                  "the role there needs CREATEDB, and CREATEROLE if roles are declared that the server "
                                  "lacks"};
    } catch (...) {
        remove();
        throw;
    }
}

shadow::~shadow()
{
    remove();
}

std::unique_ptr<database::session> shadow::admin_session() const
{
    return std::make_unique<database::session>(m_server ? m_server->conninfo("postgres") : *m_options.conninfo,
                                               "pgratchet compile");
}

void shadow::take_turn()
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

/// On a named server they may belong to somebody's compile on another machine: one that begins, even if nobody is in.
void shadow::warn_of_leftovers()
{
    for (auto const& row :
         m_admin->execute("SELECT datname FROM pg_catalog.pg_database d WHERE datname LIKE 'pgratchet\\_shadow\\_%' "
                          "AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity a WHERE a.datid = d.oid)")) {
        spdlog::warn("warning: a compile or a rehearsal that was killed left the database {}", row.front().value());
        spdlog::warn("hint: DROP DATABASE {};", database::quoted_name(row.front().value()));
    }
}

void shadow::drop_all()
{
    drop_database();
    for (auto const& role : m_roles_made) {
        m_admin->execute("DROP ROLE IF EXISTS " + database::quoted_name(role));
    }
}

void shadow::remove() noexcept
{
    interrupt::held_off const until_it_is_gone;
    try {
        try {
            drop_all();
        } catch (database::connection_lost const&) { // it was idle for long, perhaps
            m_admin = admin_session();
            drop_all();
        }
    } catch (std::exception const& problem) {
        if (m_options.conninfo) { // on a private server the next compile removes it
            spdlog::warn("warning: the throwaway database could not be dropped: {}", problem.what());
            spdlog::warn("hint: when the server answers again: DROP DATABASE IF EXISTS {} WITH (FORCE)",
                         database::quoted_name(m_database));
        }
    }
}

void shadow::start_over()
{
    drop_database();
    if (m_server) {
        drop_all_roles();
        create_roles();
    }
    create_database();
}

void shadow::drop_all_roles()
{
    for (auto const& row : m_admin->execute(
             "SELECT rolname FROM pg_catalog.pg_roles WHERE rolname !~ '^pg_' AND rolname <> SESSION_USER")) {
        m_admin->execute("DROP ROLE " + database::quoted_name(row.front().value()));
    }
}

void shadow::create_database()
{
    m_admin->execute("CREATE DATABASE " + database::quoted_name(m_database) + " TEMPLATE template0 " +
                     m_options.creation);
    if (!m_options.quiet) {
        have_server_tell();
        // Nothing here is to outlive a crash, so no COMMIT has to wait for a disk.
        m_admin->execute("ALTER DATABASE " + database::quoted_name(m_database) + " SET synchronous_commit = off");
    }
    m_session = connect("pgratchet compile");
    if (m_session->execute("SELECT pg_catalog.current_database()").at(0).at(0) != m_database) {
        m_session.reset();
        throw configuration_error{
            "the connection string of the shadow's server leads to one database whatever is asked for",
            "leave dbname out of it"};
    }
}

std::unique_ptr<database::session> shadow::connect(std::string const& application_name) const
{
    return std::make_unique<database::session>(m_server ? m_server->conninfo(m_database)
                                                        : database::with_database(*m_options.conninfo, m_database),
                                               application_name);
}

/// For the whole database: a migration's RESET ALL must not undo it.
void shadow::have_server_tell()
{
    constexpr int first_untranslated = 140000; // older servers translate what they say at DEBUG1
    auto const alter = "ALTER DATABASE " + database::quoted_name(m_database) + " SET ";
    m_admin->execute(alter + "client_min_messages = debug1");
    if (m_admin->server_version() < first_untranslated) {
        try {
            m_admin->execute(alter + "lc_messages = 'C'");
        } catch (database::sql_error const&) {
            // For superusers only. In another language nobody understands what is scanned.
        }
    }
}

void shadow::drop_database()
{
    m_session.reset();
    drop(m_database);
}

void shadow::drop(std::string const& database)
{
    m_admin->execute("DROP DATABASE IF EXISTS " + database::quoted_name(database) + " WITH (FORCE)");
}

void shadow::create_roles()
{
    for (auto const& role : m_options.roles) {
        auto const known = m_admin->execute("SELECT FROM pg_catalog.pg_roles WHERE rolname = " + m_admin->quote(role));
        if (known.empty()) {
            m_admin->execute("CREATE ROLE " + database::quoted_name(role));
            if (m_options.conninfo) {
                m_roles_made.push_back(role);
            }
        }
    }
}

} // namespace pgratchet::compile
