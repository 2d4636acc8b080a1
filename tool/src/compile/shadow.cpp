// SPDX-License-Identifier: Apache-2.0
#include "compile/shadow.hpp"

#include "compile/throwaway_databases.hpp"
#include "database/other_database.hpp"
#include "errors.hpp"
#include "interrupt/interrupt.hpp"

#include <spdlog/spdlog.h>

namespace pgratchet::compile {

namespace {

constexpr auto insufficient_privilege = "42501";

} // namespace

shadow::shadow(options chosen) : m_options{std::move(chosen)}, m_database{new_throwaway_name()}
{
    if (m_options.conninfo) {
        m_admin = std::make_unique<database::session>(*m_options.conninfo, compile_application);
        warn_of_leftovers();
    } else {
        m_private.emplace(m_options.server);
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

database::session& shadow::admin()
{
    return m_private ? m_private->admin() : *m_admin;
}

std::unique_ptr<database::session> shadow::connect_to(std::string const& database,
                                                      std::string const& application_name) const
{
    return m_private ? m_private->connect(database, application_name)
                     : std::make_unique<database::session>(database::with_database(*m_options.conninfo, database),
                                                           application_name);
}

std::unique_ptr<database::session> shadow::connect(std::string const& application_name) const
{
    return connect_to(m_database, application_name);
}

void shadow::start_over()
{
    if (m_private) {
        m_session.reset();
        m_private->clean();
        create_roles();
    } else {
        drop_own_database();
    }
    create_database();
}

/// On a named server they may belong to somebody's compile on another machine: one that begins, even if nobody is in.
void shadow::warn_of_leftovers()
{
    for (auto const& row :
         admin().execute("SELECT datname FROM pg_catalog.pg_database d WHERE datname LIKE 'pgratchet\\_shadow\\_%' "
                         "AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity a WHERE a.datid = d.oid)")) {
        spdlog::warn("warning: a compile or a rehearsal that was killed left the database {}", row.front().value());
        spdlog::warn("hint: DROP DATABASE {};", database::quoted_name(row.front().value()));
    }
}

void shadow::drop_all()
{
    drop_own_database();
    for (auto const& role : m_roles_made) {
        admin().execute("DROP ROLE IF EXISTS " + database::quoted_name(role));
    }
}

void shadow::drop_own_database()
{
    m_session.reset();
    drop_database(
        *m_admin, [&](std::string const& database) { return connect_to(database, compile_application); }, m_database);
}

void shadow::remove() noexcept
{
    interrupt::held_off const until_it_is_gone;
    m_session.reset();
    if (m_private) {
        m_private->leave();
        return;
    }
    try {
        try {
            drop_all();
        } catch (database::connection_lost const&) { // it was idle for long, perhaps
            m_admin = std::make_unique<database::session>(*m_options.conninfo, compile_application);
            drop_all();
        }
    } catch (std::exception const& problem) {
        spdlog::warn("warning: the throwaway database could not be dropped: {}", problem.what());
        spdlog::warn("hint: when the server answers again: DROP DATABASE IF EXISTS {} WITH (FORCE)",
                     database::quoted_name(m_database));
    }
}

void shadow::create_database()
{
    admin().execute("CREATE DATABASE " + database::quoted_name(m_database) + " TEMPLATE template0 " +
                    m_options.creation);
    if (!m_options.quiet) {
        have_server_tell();
        // Nothing here is to outlive a crash, so no COMMIT has to wait for a disk.
        admin().execute("ALTER DATABASE " + database::quoted_name(m_database) + " SET synchronous_commit = off");
    }
    m_session = connect(compile_application);
    if (m_session->execute("SELECT pg_catalog.current_database()").at(0).at(0) != m_database) {
        m_session.reset();
        throw configuration_error{
            "the connection string of the shadow's server leads to one database whatever is asked for",
            "leave dbname out of it"};
    }
}

/// For the whole database: a migration's RESET ALL must not undo it.
void shadow::have_server_tell()
{
    constexpr int first_untranslated = 140000; // older servers translate what they say at DEBUG1
    auto const alter = "ALTER DATABASE " + database::quoted_name(m_database) + " SET ";
    admin().execute(alter + "client_min_messages = debug1");
    if (admin().server_version() < first_untranslated) {
        try {
            admin().execute(alter + "lc_messages = 'C'");
        } catch (database::sql_error const&) {
            // For superusers only. In another language nobody understands what is scanned.
        }
    }
}

void shadow::create_roles()
{
    for (auto const& role : m_options.roles) {
        auto const known = admin().execute("SELECT FROM pg_catalog.pg_roles WHERE rolname = " + admin().quote(role));
        if (known.empty()) {
            admin().execute("CREATE ROLE " + database::quoted_name(role));
            if (m_options.conninfo) {
                m_roles_made.push_back(role);
            }
        }
    }
}

} // namespace pgratchet::compile
