// SPDX-License-Identifier: Apache-2.0
#include "execute/catalog_reader.hpp"

#include "errors.hpp"

#include <chrono>
#include <functional>
#include <thread>

namespace pgratchet::execute {

namespace {

using database::session;
using database::sql_error;
using database::transaction_status;

/// Errors that mean "the catalog changed while it was read": lock not available, undefined table, and the internal
/// errors (cache lookup failed) that deparsing gives for an object just dropped.
bool is_passing(sql_error const& problem)
{
    return problem.sqlstate() == "55P03" || problem.sqlstate() == "42P01" || problem.sqlstate() == "XX000";
}

std::string who_holds_locks(session& on)
{
    auto const found = on.execute(
        "SELECT a.pid::text, coalesce(a.application_name, ''), coalesce(a.usename, ''), left(a.query, 80) "
        "FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid "
        "WHERE l.granted AND l.mode = 'AccessExclusiveLock' AND l.locktype = 'relation' AND l.pid <> pg_backend_pid() "
        "AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()) LIMIT "
        "1");
    if (found.empty()) {
        return "another session";
    }
    auto const& row = found.front();
    return "process " + row[0].value() + " (" + row[2].value() + (row[1]->empty() ? "" : ", " + *row[1]) +
           "): " + row[3].value_or("");
}

/// A generic plan over indexes: planning would cost more than running, and what is read is known to be little.
constexpr auto few_objects =
    "SET LOCAL enable_seqscan = off;SET LOCAL enable_hashjoin = off;SET LOCAL enable_mergejoin = off;"
    "SET LOCAL jit = off;SET LOCAL plan_cache_mode = force_generic_plan;";

std::string argument_list(std::vector<std::string> const& values)
{
    std::string list = "(";
    for (auto const& value : values) {
        list += (list.size() > 1 ? ", " : "") + value;
    }
    return list + ")";
}

} // namespace

database::rows select_pinned(session& on, catalog::query const& query)
{
    bool const nested = on.status() == transaction_status::in_transaction;
    std::string const begin = (nested ? "SAVEPOINT pgratchet_read;" : "BEGIN;") + catalog::pinned_settings();
    std::string const end = nested ? "ROLLBACK TO SAVEPOINT pgratchet_read;RELEASE SAVEPOINT pgratchet_read" : "COMMIT";
    auto const run = [&](std::string const& sql) {
        try {
            auto found = on.execute(begin + sql);
            on.execute(end);
            return found;
        } catch (sql_error const&) {
            on.execute(nested ? end : "ROLLBACK");
            throw;
        }
    };
    if (query.values.empty()) {
        return run(query.text);
    }
    auto const name = "pgratchet_" + std::to_string(std::hash<std::string>{}(query.text));
    auto const execute = few_objects + ("EXECUTE " + name) + argument_list(query.values);
    try {
        return run(execute);
    } catch (sql_error const& problem) {
        if (problem.sqlstate() != "26000") { // invalid_sql_statement_name: not prepared, or deallocated by a migration
            throw;
        }
    }
    return run("PREPARE " + name + " AS " + query.text + ";" + execute);
}

std::vector<catalog::located_object> read_catalog(session& on, catalog::scope const& wanted)
{
    auto const select = catalog::snapshot_query(wanted, on.server_version());
    std::vector<catalog::located_object> found;
    if (select.text.empty()) {
        return found;
    }
    for (auto const& row : select_pinned(on, select)) {
        found.push_back(catalog::decode(row));
    }
    return found;
}

catalog::snapshot read_snapshot(session& on)
{
    using namespace std::chrono_literals;
    constexpr int tries = 10;
    for (int attempt = 1;; ++attempt) {
        try {
            catalog::snapshot all;
            for (auto& one : read_catalog(on, {})) {
                auto id = one.value.id;
                all.insert_or_assign(std::move(id), std::move(one.value));
            }
            return all;
        } catch (sql_error const& problem) {
            if (!is_passing(problem)) {
                throw;
            }
            if (attempt == tries) {
                throw lock_unavailable{"the catalog cannot be read: it is locked by " + who_holds_locks(on),
                                       "run it again when that session has ended its transaction"};
            }
            std::this_thread::sleep_for(100ms);
        }
    }
}

} // namespace pgratchet::execute
