// SPDX-License-Identifier: Apache-2.0
#include "apply/deployer_lock.hpp"

#include "errors.hpp"
#include "execute/session_state.hpp"
#include "interrupt/interrupt.hpp"

#include <random>

namespace pgratchet::apply {

namespace {

// The bytes of "pgratche". pg_locks shows the halves as classid and objid, with objsubid 1 for a key of 64 bits.
constexpr auto key = "8099568217739192421";
constexpr auto key_in_pg_locks =
    "locktype = 'advisory' AND classid = 1885827681 AND objid = 1952671845 AND objsubid = 1 "
    "AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())";

bool yes(database::rows const& answer)
{
    return answer.at(0).at(0) == "t";
}

std::string holder(database::session& on)
{
    auto const found = on.execute(
        std::string{"SELECT a.pid::text, a.usename, coalesce(a.client_addr::text, 'local'), a.application_name, "
                    "to_char(a.backend_start, 'YYYY-MM-DD HH24:MI:SS TZ'), "} +
        execute::session_state + " FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a USING (pid) WHERE " +
        key_in_pg_locks + " AND l.granted");
    if (found.empty()) {
        return "another deployer";
    }
    auto const& row = found.front();
    return row[3].value_or("") + ", process " + row[0].value_or("") + " of " + row[1].value_or("") + " (" +
           row[2].value_or("") + ") since " + row[4].value_or("") + (row[5] ? "; " + *row[5] : "");
}

} // namespace

deployer_lock::deployer_lock(database::session& session, std::chrono::milliseconds patience,
                             std::function<void(std::string const&)> const& waiting)
    : m_session{session}
{
    using namespace std::chrono_literals;
    auto const deadline = std::chrono::steady_clock::now() + patience;
    auto const attempt = std::string{"SELECT pg_catalog.pg_try_advisory_lock("} + key + ")";
    for (bool told = false; !yes(m_session.execute(attempt)); told = true) {
        if (std::chrono::steady_clock::now() >= deadline) {
            throw lock_unavailable{"another deployer works on this database: " + holder(m_session),
                                   "run it again when that one is done"};
        }
        if (!told) {
            waiting(holder(m_session));
        }
        interrupt::sleep_for(200ms);
    }
    m_session.execute(attempt); // twice: see is_held()
}

deployer_lock::~deployer_lock()
{
    try {
        if (m_session.status() == database::transaction_status::idle) {
            auto const release = std::string{"pg_catalog.pg_advisory_unlock("} + key + ")";
            m_session.execute("SELECT " + release + ", " + release);
        }
    } catch (std::exception const&) {
        // The backend is gone, and the lock with it.
    }
}

std::string const& deployer_lock::is_held()
{
    static auto const expression =
        std::string{"(pg_catalog.pg_advisory_unlock("} + key + ") AND pg_catalog.pg_try_advisory_lock(" + key + "))";
    return expression;
}

void refuse_transaction_pooler(database::session& first, std::function<database::session()> const& second)
{
    auto const pid = first.execute("SELECT pg_catalog.pg_backend_pid()").at(0).at(0).value();
    if (pid == std::to_string(first.backend_pid())) {
        return;
    }
    // Behind a pooler. In transaction mode the second client is given the backend that holds the first one's lock, and
    // gets it again.
    auto const pooler_key = std::to_string(std::random_device{}()); // two deployers may look at the same time
    auto const take = std::string{"SELECT pg_catalog.pg_try_advisory_lock("} + pooler_key + ")";
    auto const release = std::string{"SELECT pg_catalog.pg_advisory_unlock("} + pooler_key + ")";
    bool const taken = yes(first.execute(take));
    auto other = second();
    bool const taken_twice = yes(other.execute(take));
    if (taken_twice) {
        other.execute(release);
    }
    if (taken) {
        first.execute(release);
    }
    if (taken_twice) {
        throw configuration_error{
            "the connection goes through a pooler in transaction mode, where a lock does not belong to one client",
            "give the address of the server itself, or of a pool in session mode"};
    }
}

} // namespace pgratchet::apply
