// SPDX-License-Identifier: Apache-2.0
#include "restore/swap.hpp"

#include "errors.hpp"
#include "interrupt/interrupt.hpp"

#include <optional>
#include <thread>

namespace pgratchet::restore {

namespace {

using database::quoted_name;
using namespace std::chrono_literals;

constexpr auto between_tries = 50ms;

/// RENAME itself ends autovacuum workers.
std::string sessions_of(std::string const& oid)
{
    return "SELECT pid FROM pg_catalog.pg_stat_activity WHERE datid = " + oid +
           " AND backend_type IS DISTINCT FROM 'autovacuum worker'";
}

/// Ends all sessions of a database, on a thread of its own, as long as a backend has the lock on it.
class ending_sessions {
public:
    ending_sessions(database::session& by, std::string const& locked, int locker)
        : m_session{by}, m_has_lock{"SELECT FROM pg_catalog.pg_locks WHERE locktype = 'object' AND classid = "
                                    "'pg_catalog.pg_database'::regclass AND objid = " +
                                    locked + " AND mode = 'AccessExclusiveLock' AND granted AND pid = " +
                                    std::to_string(locker)},
          m_sessions{sessions_of(locked)}, m_thread{[this](std::stop_token const& stop) {
              run(stop);
          }}
    {
    }

    /// Why a session could not be ended, if so.
    [[nodiscard]] std::string stop()
    {
        m_thread.request_stop();
        m_thread.join();
        return m_problem;
    }

private:
    void run(std::stop_token const& stop)
    {
        try {
            while (!stop.stop_requested()) {
                if (!m_session.execute(m_has_lock).empty()) {
                    end_all();
                }
                std::this_thread::sleep_for(between_tries);
            }
        } catch (std::exception const& problem) {
            m_problem = problem.what();
        }
    }

    void end_all()
    {
        for (auto const& row : m_session.execute(m_sessions)) {
            try {
                m_session.execute("SELECT pg_catalog.pg_terminate_backend(" + row.at(0).value() + ")");
            } catch (database::sql_error const& problem) {
                m_problem = problem.what(); // that of another role; the others are to go all the same
            }
        }
    }

    database::session& m_session;
    std::string m_has_lock;
    std::string m_sessions;
    std::string m_problem; ///< written by the thread, read when it has ended
    std::jthread m_thread; // last: it uses all the others
};

std::string statements(original const& old, new_database const& fresh, std::string const& keep_as)
{
    auto const name = quoted_name(old.name);
    auto const kept = quoted_name(keep_as);
    auto text = "BEGIN;SET LOCAL lock_timeout = '10s';ALTER DATABASE " + name + " RENAME TO " + kept +
                ";ALTER DATABASE " + kept + " ALLOW_CONNECTIONS false;ALTER DATABASE " + quoted_name(fresh.name()) +
                " RENAME TO " + name + ";ALTER DATABASE " + name + " ALLOW_CONNECTIONS true CONNECTION LIMIT " +
                old.connection_limit;
    if (old.is_template) {
        text += " IS_TEMPLATE true";
    }
    return text + ";COMMIT";
}

/// Somebody may look into every database that he finds, to monitor it.
void close_new(database::session& admin, database::session& helper, new_database const& fresh)
{
    admin.execute("ALTER DATABASE " + quoted_name(fresh.name()) + " ALLOW_CONNECTIONS false");
    for (auto const& row : helper.execute(sessions_of(fresh.oid()))) {
        helper.execute("SELECT pg_catalog.pg_terminate_backend(" + row.at(0).value() + ")");
    }
}

/// After a connection that was lost on the way: whether the new database has the name now. The backend that was to
/// swap is ended first, as it may be at work still. Nothing if nobody answers.
std::optional<bool> was_swapped(database::connector const& connect, original const& old, new_database const& fresh,
                                int backend)
{
    auto const pid = std::to_string(backend);
    constexpr int attempts = 60;
    for (int i = 0; i < attempts; ++i) {
        try {
            auto const session = connect(fresh.maintenance_database());
            // A standby may not have heard of it yet.
            bool const is_primary = session->execute("SELECT pg_catalog.pg_is_in_recovery()").at(0).at(0) == "f";
            if (is_primary && session
                                  ->execute("SELECT pg_catalog.pg_terminate_backend(pid) FROM "
                                            "pg_catalog.pg_stat_activity WHERE pid = " +
                                            pid + " AND application_name = 'pgratchet restore'")
                                  .empty()) {
                auto const found =
                    session->execute("SELECT datname FROM pg_catalog.pg_database WHERE oid = " + fresh.oid());
                return !found.empty() && found[0][0] == old.name;
            }
        } catch (database::connection_lost const&) {
            // it may be starting again
        } catch (database::sql_error const&) {
            // it may not be allowed to end what is still at work; it ends by itself
        }
        std::this_thread::sleep_for(500ms);
    }
    return std::nullopt;
}

} // namespace

void swap(database::session& admin, database::session& helper, database::connector const& connect, original const& old,
          new_database& fresh, std::string const& keep_as)
{
    close_new(admin, helper, fresh);
    interrupt::held_off const until_it_is_decided;
    auto const backend = admin.backend_pid(); // it is not known any more when the connection is lost
    ending_sessions others{helper, old.oid, backend};
    try {
        admin.execute(statements(old, fresh, keep_as));
    } catch (database::sql_error const& problem) {
        auto const unended = others.stop();
        admin.execute("ROLLBACK");
        throw backup_failed{"the restored database could not take the place of " + old.name + ": " + problem.what() +
                                (unended.empty() ? "" : " (" + unended + ")"),
                            problem.sqlstate() == "55006" ? std::optional<std::string>{"a session did not end in five "
                                                                                       "seconds: end it and restore "
                                                                                       "again"}
                                                          : std::nullopt};
    } catch (database::connection_lost const& problem) {
        auto const swapped = was_swapped(connect, old, fresh, backend);
        if (!swapped) {
            fresh.release();
            throw commit_in_doubt{"the connection was lost while the databases were swapped, and no server answers: "
                                  "whether " +
                                      old.name + " is the restored one cannot be told: " + problem.what(),
                                  "look for " + fresh.name() + " and " + keep_as +
                                      " in pg_database: with the second one there it is done, with the first one "
                                      "nothing was changed"};
        }
        if (!*swapped) {
            throw backup_failed{"the connection was lost while the databases were swapped: " +
                                std::string{problem.what()}};
        }
    }
    fresh.release();
}

} // namespace pgratchet::restore
