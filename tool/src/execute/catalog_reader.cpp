// SPDX-License-Identifier: Apache-2.0
#include "execute/catalog_reader.hpp"

#include "errors.hpp"
#include "interrupt/interrupt.hpp"

#include <chrono>
#include <functional>

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

constexpr auto savepoint = "SAVEPOINT pgratchet_read";
constexpr auto back_to_savepoint = "ROLLBACK TO SAVEPOINT pgratchet_read";
constexpr auto forget_savepoint = "RELEASE SAVEPOINT pgratchet_read";

std::string name_of(catalog::query const& query)
{
    return "pgratchet_" + std::to_string(std::hash<std::string>{}(query.text));
}

std::string preparing(catalog::query const& query)
{
    return "PREPARE " + name_of(query) + " AS " + query.text;
}

std::string executing(catalog::query const& query)
{
    auto sql = "EXECUTE " + name_of(query) + "(";
    for (auto const& value : query.values) {
        sql += (&value == &query.values.front() ? "" : ", ") + value;
    }
    return sql + ")";
}

/// Runs statements between a beginning and an end that leaves nothing behind. Gives the answer to the last.
database::rows run_apart(session& on, std::vector<std::string> const& statements)
{
    bool const nested = on.status() == transaction_status::in_transaction;
    std::vector<std::string> const end =
        nested ? std::vector<std::string>{back_to_savepoint, forget_savepoint} : std::vector<std::string>{"COMMIT"};
    try {
        database::pipeline all{on};
        all.send(nested ? savepoint : "BEGIN");
        for (auto const* part : {&statements, &end}) {
            for (auto const& one : *part) {
                all.send(one);
            }
        }
        all.end_group();
        for (std::size_t i = 0; i < statements.size(); ++i) {
            all.receive();
        }
        auto found = all.receive();
        for (std::size_t i = 0; i < end.size(); ++i) {
            all.receive();
        }
        return found;
    } catch (sql_error const&) {
        if (nested) {
            read_ahead::give_up(on);
        } else {
            on.execute("ROLLBACK");
        }
        throw;
    }
}

std::vector<catalog::located_object> decoded(database::rows const& answer)
{
    std::vector<catalog::located_object> found;
    found.reserve(answer.size());
    for (auto const& row : answer) {
        found.push_back(catalog::decode(row));
    }
    return found;
}

} // namespace

database::rows select_pinned(session& on, catalog::query const& query)
{
    if (query.values.empty()) {
        return run_apart(on, {catalog::pinned_settings(), query.text});
    }
    try {
        return run_apart(on, {catalog::pinned_for_few_objects(), executing(query)});
    } catch (sql_error const& problem) {
        if (problem.sqlstate() != "26000") { // invalid_sql_statement_name: not prepared, or deallocated by a migration
            throw;
        }
    }
    return run_apart(on, {catalog::pinned_for_few_objects(), preparing(query), executing(query)});
}

std::vector<catalog::located_object> read_catalog(session& on, catalog::scope const& wanted)
{
    auto const select = catalog::snapshot_query(wanted, on.server_version());
    return select.text.empty() ? std::vector<catalog::located_object>{} : decoded(select_pinned(on, select));
}

read_ahead::read_ahead(catalog::scope const& wanted, int server_version)
    : m_query{catalog::snapshot_query(wanted, server_version)}
{
}

void read_ahead::send(database::pipeline& to) const
{
    to.send(savepoint);
    if (!m_query.text.empty()) {
        to.send(catalog::pinned_for_few_objects());
        to.send(m_query.values.empty() ? m_query.text : executing(m_query));
    }
}

std::optional<std::vector<catalog::located_object>> read_ahead::receive(database::pipeline& from) const
{
    try {
        from.receive();
        if (m_query.text.empty()) {
            return std::vector<catalog::located_object>{};
        }
        from.receive();
        return decoded(from.receive());
    } catch (sql_error const&) {
        return std::nullopt; // another cause than the missing name shows again when it is read again
    }
}

void read_ahead::give_up(session& on)
{
    on.execute(std::string{back_to_savepoint} + ";" + forget_savepoint);
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
            interrupt::sleep_for(100ms);
        }
    }
}

} // namespace pgratchet::execute
