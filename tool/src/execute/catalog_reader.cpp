// SPDX-License-Identifier: Apache-2.0
#include "execute/catalog_reader.hpp"

#include "catalog/settings.hpp"
#include "errors.hpp"
#include "execute/session_state.hpp"
#include "interrupt/interrupt.hpp"

#include <chrono>

namespace pgratchet::execute {

namespace {

using database::session;
using database::sql_error;
using database::transaction_status;

/// character_not_in_repertoire
constexpr auto not_in_encoding = "22021";

/// Errors that mean "the catalog changed while it was read": lock not available, undefined table, and the internal
/// errors (cache lookup failed) that deparsing gives for an object just dropped.
bool is_passing(sql_error const& problem)
{
    return problem.sqlstate() == database::lock_not_available || problem.sqlstate() == "42P01" ||
           problem.sqlstate() == "XX000";
}

std::string who_holds_locks(session& on)
{
    auto const found = on.execute(
        std::string{"SELECT a.pid::text, coalesce(a.application_name, ''), coalesce(a.usename, ''), "} + session_state +
        " FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid "
        "WHERE l.granted AND l.mode = 'AccessExclusiveLock' AND l.locktype = 'relation' AND l.pid <> pg_backend_pid() "
        "AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()) LIMIT "
        "1");
    if (found.empty()) {
        return "another session";
    }
    auto const& row = found.front();
    return "process " + row[0].value() + " (" + row[2].value() + (row[1]->empty() ? "" : ", " + *row[1]) + ")" +
           (row[3] ? ", " + *row[3] : "");
}

constexpr auto savepoint = "SAVEPOINT pgratchet_read";
constexpr auto back_to_savepoint = "ROLLBACK TO SAVEPOINT pgratchet_read";
constexpr auto forget_savepoint = "RELEASE SAVEPOINT pgratchet_read";

/// The settings and the SELECT itself, as two statements.
void send_pinned(database::pipeline& to, catalog::query const& query)
{
    if (query.values.empty()) {
        to.send(catalog::pinned_settings());
        to.send(query.text);
    } else {
        to.send_prepared(catalog::pinned_for_few_objects());
        to.send_prepared(query.text, query.values);
    }
}

/// Runs it between a beginning and an end that leaves nothing behind.
database::rows run_apart(session& on, catalog::query const& query)
{
    bool const nested = on.status() == transaction_status::in_transaction;
    std::vector<std::string> const end =
        nested ? std::vector<std::string>{back_to_savepoint, forget_savepoint} : std::vector<std::string>{"COMMIT"};
    try {
        database::pipeline all{on};
        all.send(nested ? savepoint : "BEGIN");
        send_pinned(all, query);
        for (auto const& one : end) {
            all.send(one);
        }
        all.end_group();
        all.receive();
        all.receive();
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

catalog::query query_for(session const& on, catalog::scope const& wanted)
{
    return catalog::snapshot_query(wanted, on.server_version(), catalog::literal(on.role()));
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
    return database::with_prepared([&] { return run_apart(on, query); });
}

std::vector<catalog::located_object> read_catalog(session& on, catalog::scope const& wanted)
{
    auto const select = query_for(on, wanted);
    if (select.text.empty()) {
        return {};
    }
    try {
        return decoded(select_pinned(on, select));
    } catch (sql_error const& problem) {
        if (problem.sqlstate() != not_in_encoding) {
            throw;
        }
        throw configuration_error{"the catalog of this database, whose encoding is SQL_ASCII or does not hold what it "
                                  "says, has a text that is no UTF-8 in it: " +
                                      problem.fields().message,
                                  "find the name, comment, default or body with these bytes, and say it anew in UTF-8: "
                                  "pg_dump --schema-only shows it"};
    }
}

read_ahead::read_ahead(catalog::scope const& wanted, session const& of) : m_query{query_for(of, wanted)} {}

void read_ahead::send(database::pipeline& to) const
{
    to.send(savepoint);
    if (!m_query.text.empty()) {
        send_pinned(to, m_query);
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
        return std::nullopt; // another cause than a lost plan shows again when it is read again
    }
}

void read_ahead::give_up(session& on)
{
    on.execute(std::string{back_to_savepoint} + ";" + forget_savepoint);
}

catalog::snapshot read_snapshot(session& on, std::function<void(std::string const&)> const& waits)
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
            if (attempt == 1 && waits && problem.sqlstate() == database::lock_not_available) {
                waits(who_holds_locks(on));
            }
            interrupt::sleep_for(100ms);
        }
    }
}

} // namespace pgratchet::execute
