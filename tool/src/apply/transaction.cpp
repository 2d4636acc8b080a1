// SPDX-License-Identifier: Apache-2.0
// A migration in its transaction: run, proven, committed.
#include "apply/commit.hpp"
#include "apply/deployer_lock.hpp"
#include "apply/run.hpp"
#include "execute/clean_session.hpp"

namespace pgratchet::apply {

namespace {

std::string after_begin(workplace const& at)
{
    auto sql = "SET LOCAL lock_timeout = " + std::to_string(at.how.lock_timeout.count()) + ";";
    if (at.session.server_version() >= 140000) {
        sql +=
            "SET LOCAL client_connection_check_interval = '1s';"; // the backend of a killed executor must not work on
    }
    return sql;
}

void demand_lock(database::rows const& answer, script::script const& file)
{
    if (answer.at(0).at(0) != "t") {
        throw report::diagnosed{
            exit_code::sql_failed,
            {report::severity::error,
             {file.file, 0, 0},
             "the deployer lock is gone",
             "deployer-lock",
             {},
             "does the migration call pg_advisory_unlock_all() or DISCARD ALL? leave that to the end of a session"}};
    }
}

void prove_effect(workplace& at, std::size_t k, script::script const& file)
{
    auto const& entry = at.compiled.migrations[k - 1];
    auto found = prove(at.session, at.compiled, entry.changes, at.settled, at.known);
    if (found.empty()) {
        return;
    }
    report::diagnostic what{report::severity::error,
                            {file.file, file.commit->where.line, file.commit->where.column},
                            "the migration does not do here what it did when it was compiled",
                            "effect-differs",
                            std::move(found),
                            std::nullopt};
    what.hint = "does it depend on data, on settings or on what was made by hand? the differences are listed above";
    throw report::diagnosed{exit_code::sql_failed, std::move(what)};
}

/// Deferred constraints and triggers speak up here and not at COMMIT, under the path that they would have then. After
/// that the deployer is itself again, out of reach of a path or a timeout that the file has set.
void end_body(workplace& at, std::size_t k, script::script const& file)
{
    try {
        at.session.execute("SET CONSTRAINTS ALL IMMEDIATE;" + execute::own_identity() +
                           "SET LOCAL search_path = pg_catalog, pg_temp;SET LOCAL statement_timeout = 0");
    } catch (database::sql_error const& problem) {
        auto what = diagnose(at, k, file, *file.commit, problem.fields());
        if (is_lock_trouble(problem)) {
            throw lock_timed_out{std::move(what)};
        }
        throw report::diagnosed{exit_code::sql_failed, std::move(what)};
    }
}

void roll_back(database::session& on)
{
    try {
        on.execute("ROLLBACK");
    } catch (database::connection_lost const&) {
        // Then the server rolls back.
    }
}

std::vector<timing> play(workplace& at, std::size_t k, script::script const& file)
{
    std::vector<timing> times;
    run_statement(at, k, file, *file.begin, 0);
    if (file.set_transaction) {
        run_statement(at, k, file, *file.set_transaction, 0);
    }
    at.session.execute(after_begin(at));
    for (std::size_t i = 0; i < file.body.size(); ++i) {
        times.push_back(run_statement(at, k, file, file.body[i], i + 1));
    }
    end_body(at, k, file);
    prove_effect(at, k, file);
    return times;
}

} // namespace

std::vector<timing> run_in_transaction(workplace& at, std::size_t k, script::script const& file)
{
    auto const stays =
        at.compiled.migrations[k - 1].version + " was rolled back; " + plan::stays(at.environment, at.compiled, k - 1);
    execute::clean_session(at.session, at.compiled.search_path);
    try {
        auto times = play(at, k, file);
        if (at.how.dry_run) {
            at.session.execute("ROLLBACK");
            return times;
        }
        auto const last = at.session.execute("SELECT " + deployer_lock::is_held() +
                                             ", pg_catalog.pg_current_xact_id_if_assigned()::text");
        demand_lock(last, file);
        commit(at.session, std::string{file.text_of(*file.commit)}, last.at(0).at(1), at.reconnect);
        return times;
    } catch (lock_timed_out const&) {
        roll_back(at.session);
        throw;
    } catch (report::diagnosed const& failed) {
        roll_back(at.session);
        auto what = failed.what_and_where();
        what.details.push_back(stays);
        throw report::diagnosed{failed.code(), std::move(what)};
    } catch (database::sql_error const& problem) {
        roll_back(at.session);
        auto what = diagnose(at, k, file, *file.commit, problem.fields());
        if (is_lock_trouble(problem)) {
            throw lock_timed_out{std::move(what)};
        }
        what.details.push_back(stays);
        throw report::diagnosed{exit_code::sql_failed, std::move(what)};
    }
}

} // namespace pgratchet::apply
