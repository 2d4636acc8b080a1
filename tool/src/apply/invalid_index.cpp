// SPDX-License-Identifier: Apache-2.0
#include "apply/invalid_index.hpp"

#include "catalog/query.hpp"
#include "errors.hpp"
#include "interrupt/interrupt.hpp"

namespace pgratchet::apply {

namespace {

/// Whether there is such an index on this very table; one of another has nothing to do with us.
bool is_invalid(database::session& on, std::string const& index, std::string const& table)
{
    auto const found =
        on.execute("SELECT FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid "
                   // one of a partitioned table is invalid until each partition has its own
                   "WHERE c.relkind = 'i' AND i.indexrelid = pg_catalog.to_regclass(" +
                   on.quote(catalog::quoted(index)) + ") AND i.indrelid = pg_catalog.to_regclass(" +
                   on.quote(catalog::quoted(table)) + ") AND NOT indisvalid");
    return !found.empty();
}

/// LOCK TABLE does not take one (PostgreSQL manual, "LOCK").
bool is_materialized_view(database::session& on, std::string const& table)
{
    return !on.execute("SELECT FROM pg_catalog.pg_class WHERE relkind = 'm' AND oid = pg_catalog.to_regclass(" +
                       on.quote(catalog::quoted(table)) + ")")
                .empty();
}

/// Whether another session holds the lock that CREATE INDEX CONCURRENTLY holds, or a stronger one.
bool is_locked_by_a_builder(database::session& on, std::string const& table)
{
    return !on.execute("SELECT FROM pg_catalog.pg_locks WHERE locktype = 'relation' AND database = (SELECT oid FROM "
                       "pg_catalog.pg_database WHERE datname = pg_catalog.current_database()) AND granted AND pid <> "
                       "pg_catalog.pg_backend_pid() AND mode IN ('ShareUpdateExclusiveLock', 'ShareLock', "
                       "'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock') AND relation = "
                       "pg_catalog.to_regclass(" +
                       on.quote(catalog::quoted(table)) + ")")
                .empty();
}

} // namespace

void clear_invalid_index(database::session& on, std::string const& index, std::string const& table,
                         std::chrono::milliseconds lock_timeout,
                         std::function<void(report::diagnostic const&)> const& say)
{
    if (!is_invalid(on, index, table)) {
        return;
    }
    auto const being_built = lock_unavailable{"index " + index + " is invalid, and somebody is building it right now",
                                              "run it again when that is done"};
    auto const builder =
        on.execute("SELECT FROM pg_catalog.pg_stat_progress_create_index WHERE index_relid = pg_catalog.to_regclass(" +
                   on.quote(catalog::quoted(index)) + ")");
    if (!builder.empty()) {
        throw being_built;
    }
    bool const is_lockable = !is_materialized_view(on, table);
    auto const deadline = std::chrono::steady_clock::now() + lock_timeout;
    while (!is_lockable && is_locked_by_a_builder(on, table)) {
        if (std::chrono::steady_clock::now() >= deadline) {
            throw being_built;
        }
        interrupt::sleep_for(std::chrono::milliseconds{50});
    }
    bool is_ours = !is_lockable; // nobody can be building it
    try {
        // Conflicts with the lock that CREATE INDEX CONCURRENTLY holds, and with no reader or writer.
        on.execute(
            "BEGIN;SET LOCAL lock_timeout = " + std::to_string(lock_timeout.count()) +
            (is_lockable ? ";LOCK TABLE ONLY " + catalog::quoted(table) + " IN SHARE UPDATE EXCLUSIVE MODE" : ""));
        is_ours = true;
        if (is_invalid(on, index, table)) {
            on.execute("DROP INDEX " + catalog::quoted(index));
            say({report::severity::note,
                 {},
                 "dropped the invalid index " + index + " that a cut-off run left behind",
                 "",
                 {},
                 std::nullopt});
        }
        on.execute("COMMIT");
    } catch (database::sql_error const& problem) {
        on.execute("ROLLBACK");
        if (problem.sqlstate() != database::lock_not_available) {
            throw;
        }
        if (!is_ours) {
            throw being_built;
        }
        throw lock_unavailable{"index " + index + " is invalid, and could not be dropped: somebody uses " + table,
                               "end the long transaction that holds the lock, or raise --lock-timeout"};
    }
}

} // namespace pgratchet::apply
