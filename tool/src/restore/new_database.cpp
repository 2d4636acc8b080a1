// SPDX-License-Identifier: Apache-2.0
#include "restore/new_database.hpp"

#include "errors.hpp"
#include "interrupt/interrupt.hpp"

#include <spdlog/spdlog.h>

namespace pgratchet::restore {

namespace {

/// Of several hosts in a connection string another one may answer.
bool is_same_server(database::session& admin, original const& old)
{
    return admin.execute(std::string{"SELECT "} + start_of_server).at(0).at(0) == old.server_start &&
           !admin
                .execute("SELECT FROM pg_catalog.pg_database WHERE oid = " + old.oid +
                         " AND datname = " + admin.quote(old.name))
                .empty();
}

} // namespace

std::unique_ptr<database::session> maintenance_session(database::session& with_original, original const& old,
                                                       database::connector const& connect)
{
    std::string why = "there is no other one";
    for (auto const& row :
         with_original.execute("SELECT datname FROM pg_catalog.pg_database WHERE datallowconn AND datname <> "
                               "pg_catalog.current_database() AND pg_catalog.has_database_privilege(oid, 'CONNECT') "
                               "ORDER BY datname <> 'postgres', datname <> 'template1', datname LIMIT 10")) {
        try {
            auto session = connect(row.at(0).value());
            if (is_same_server(*session, old)) {
                return session;
            }
            why = "the connection string leads to another server each time";
        } catch (database::connection_lost const& problem) {
            why = problem.what();
        }
    }
    throw state_refused{"a database is renamed from another database of its server, and none lets " + old.role +
                            " in: " + why + "; nothing was changed",
                        "let it connect to the database postgres there (pg_hba.conf, GRANT CONNECT); or an "
                        "administrator restores the archive by hand with pg_restore"};
}

new_database::new_database(database::session& admin, database::connector const& connect, original const& like,
                           std::string name)
    : m_admin{admin}, m_connect{connect},
      m_maintenance{admin.execute("SELECT pg_catalog.current_database()").at(0).at(0).value()}, m_name{std::move(name)}
{
    try {
        m_admin.execute(create_statement(like, m_name, m_admin));
        m_oid = m_admin.execute("SELECT oid FROM pg_catalog.pg_database WHERE datname = " + m_admin.quote(m_name))
                    .at(0)
                    .at(0)
                    .value();
    } catch (database::sql_error const&) {
        throw; // of CREATE DATABASE: there is none, or somebody else's
    } catch (...) {
        drop(); // cut off, and made all the same, perhaps
        throw;
    }
}

new_database::~new_database()
{
    if (m_is_ours) {
        drop();
    }
}

void new_database::drop()
{
    interrupt::held_off const until_it_is_gone;
    // It waits for every process of the server to close the files, and one that hangs would hold us for ever.
    auto const patience = "SET statement_timeout = '5min'";
    auto const statement = "DROP DATABASE IF EXISTS " + database::quoted_name(m_name) + " WITH (FORCE)";
    try {
        try {
            m_admin.execute(patience);
            m_admin.execute(statement);
        } catch (database::connection_lost const&) {
            auto const again = m_connect(m_maintenance);
            again->execute(patience);
            again->execute(statement);
        }
    } catch (std::exception const& problem) {
        spdlog::warn("warning: the half-made database could not be dropped: {}", problem.what());
        spdlog::warn("hint: when the server answers again: {}", statement);
    }
}

} // namespace pgratchet::restore
