// SPDX-License-Identifier: Apache-2.0
// A migration without a transaction: statement by statement, so that a cut-off run can go on.
#include "apply/deployer_lock.hpp"
#include "apply/finalize_detach.hpp"
#include "apply/invalid_index.hpp"
#include "apply/own_probes.hpp"
#include "apply/premade.hpp"
#include "apply/run.hpp"
#include "catalog/compare.hpp"
#include "execute/clean_session.hpp"
#include "interrupt/interrupt.hpp"
#include "plan/effect.hpp"
#include "plan/renamed.hpp"
#include "script/spelling.hpp"
#include "script/traits.hpp"

#include <algorithm>
#include <optional>

namespace pgratchet::apply {

namespace {

/// CONCURRENTLY and VACUUM wait for transactions that are open without standing in anybody's way: no timeout for that.
bool waits_harmlessly(script::script const& file, script::statement const& one)
{
    auto const text = file.text_of(one);
    return (one.command.starts_with("VACUUM") && !script::says(text, "FULL")) || script::says(text, "CONCURRENTLY");
}

/// The file may have set one of its own, which stays.
bool has_our_lock_timeout(workplace const& at)
{
    return at.session.execute("SELECT setting FROM pg_catalog.pg_settings WHERE name = 'lock_timeout'").at(0).at(0) ==
           std::to_string(at.how.lock_timeout.count());
}

void set_lock_timeout(workplace const& at, std::chrono::milliseconds timeout)
{
    at.session.execute("SET lock_timeout = " + std::to_string(timeout.count()));
}

/// DROP INDEX and DETACH PARTITION with CONCURRENTLY commit what they have begun before they are through.
bool commits_half_way(script::script const& file, script::statement const& one)
{
    return (one.node == "DropStmt" || one.node == "AlterTableStmt") && waits_harmlessly(file, one);
}

/// So may a procedure.
bool may_commit_half_way(script::script const& file, script::statement const& one)
{
    return one.node == "DoStmt" || one.node == "CallStmt" || commits_half_way(file, one);
}

timing run_now(workplace& at, std::size_t k, script::script const& file, std::size_t i, std::string const& text)
{
    return run_statement(at, k, file, file.body[i], i + 1, [&] { at.session.execute(text); });
}

/// The index, or the enum with its label, that the statement would make, if it is there: by hand, or by a run before.
std::optional<catalog::object_id> is_done_already(workplace const& at, script::statement const& statement,
                                                  plan::effect const& does)
{
    if ((statement.node != "IndexStmt" && statement.node != "AlterEnumStmt") || does.empty()) {
        return std::nullopt;
    }
    bool const all_there = std::all_of(does.begin(), does.end(), [&](plan::change const& one) {
        auto const* there = catalog::find(at.known.live, one.id);
        return one.after && there != nullptr && catalog::same(*one.after, *there, at.settled.proven);
    });
    return all_there ? std::optional{does.front().id} : std::nullopt;
}

/// What became of a statement.
enum class outcome { not_begun, failed, cut_off, unknown, done };

/// What the statement gives another name.
std::vector<plan::renaming> renamings_of(workplace const& at, script::statement const& statement,
                                         plan::effect const& does)
{
    auto const before = [&](catalog::object_id const& id) {
        return catalog::find(at.known.expected, id);
    };
    return script::gives_another_name(statement) ? plan::renamings_in(does, before) : std::vector<plan::renaming>{};
}

/// `became` is known but while the statement is on its way.
void run_one(workplace& at, std::size_t k, script::script const& file, std::size_t i, std::vector<timing>& times,
             std::optional<outcome>& became)
{
    auto const& entry = at.compiled.migrations[k - 1];
    auto const& statement = file.body[i];
    for (auto const& one : entry.statements.at(i)) {
        if (one.id.kind == "index" && one.after && statement.node == "IndexStmt") {
            clear_invalid_index(at.session, one.id.identity, one.after->root, at.how.lock_timeout, at.say);
        }
    }
    auto const finalize = commits_half_way(file, statement)
                              ? finalize_detach(at.session, entry.statements.at(i), statement.where, at.say)
                              : std::nullopt;
    bool const has_time = waits_harmlessly(file, statement) && has_our_lock_timeout(at);
    if (has_time) {
        set_lock_timeout(at, std::chrono::milliseconds::zero());
    }
    became.reset();
    times.push_back(run_now(at, k, file, i, finalize.value_or(text_to_run(at, k, file, i))));
    became = outcome::done;
    if (has_time) {
        set_lock_timeout(at, at.how.lock_timeout);
    }
    if (at.session.execute("SELECT " + deployer_lock::is_held()).at(0).at(0) != "t") {
        throw report::diagnosed{exit_code::sql_failed,
                                {report::severity::error,
                                 statement.where,
                                 "the deployer lock is gone after this statement",
                                 "deployer-lock",
                                 {},
                                 std::nullopt}};
    }
    auto const& does = entry.statements[i];
    auto const renamed = renamings_of(at, statement, does);
    if (auto found = prove(at.session, at.compiled, does, renamed, at.settled, at.known); !found.empty()) {
        throw report::diagnosed{exit_code::sql_failed,
                                {report::severity::error, statement.where,
                                 "the statement does not do here what it did when it was compiled", "effect-differs",
                                 std::move(found), std::nullopt}};
    }
}

char const* in_words(outcome became)
{
    switch (became) {
    case outcome::not_begun:
        return "was not begun";
    case outcome::failed:
        return "failed";
    case outcome::cut_off:
        return "was cut off";
    case outcome::unknown:
        return "may have been done or not";
    case outcome::done:
        break;
    }
    return "was done and stays";
}

/// What is left when the run ended at statement i (counted from 0).
report::diagnostic with_what_is_left(workplace const& at, std::size_t k, script::script const& file, std::size_t i,
                                     report::diagnostic what, outcome became)
{
    auto const& version = at.compiled.migrations[k - 1].version;
    auto const before = plan::version_name(at.compiled, k - 1);
    auto const count = file.body.size();
    bool const is_there = became == outcome::done;
    bool const may_have_begun =
        (became == outcome::failed || became == outcome::cut_off) && may_commit_half_way(file, file.body[i]);
    std::string where = at.environment + " is between " + before + " and " + version;
    if (is_there && i + 1 == count) {
        where = at.environment + " is past " + before;
    } else if (i == 0 && (became == outcome::unknown || may_have_begun)) {
        where = at.environment + " was at " + before;
    } else if (i == 0 && !is_there) {
        where = plan::stays(at.environment, at.compiled, k - 1);
    }
    std::string const before_it = i == 0 ? "" : is_there ? ", as do those before it" : ", those before it stay";
    what.details.push_back(version + " has no transaction: statement " + std::to_string(i + 1) + " of " +
                           std::to_string(count) + " " + in_words(became) +
                           (may_have_begun ? ", and what it had begun may stay" : "") + before_it + "; " + where);
    if (!what.hint && at.how.another_run_follows) {
        what.hint = is_there || became == outcome::unknown ? "ask for the status: the schema tells what is there"
                                                           : "the next run goes on with this statement";
    }
    return what;
}

/// Does something for statement i, and says what is left if that fails. `became` is what the statement came to, or
/// nothing while it is on its way.
template <class Work>
void with_word_of(workplace& at, std::size_t k, script::script const& file, std::size_t i,
                  std::optional<outcome> const& became, Work work)
{
    auto const ended = [&](exit_code code, report::diagnostic what, outcome on_the_way) {
        return report::diagnosed{code, with_what_is_left(at, k, file, i, std::move(what), became.value_or(on_the_way))};
    };
    try {
        work();
    } catch (report::diagnosed const& failed) {
        auto const code = failed.code();
        throw ended(code, failed.what_and_where(),
                    code == exit_code::configuration ? outcome::unknown // the connection is lost
                    : code == exit_code::sql_failed  ? outcome::failed
                                                     : outcome::cut_off);
    } catch (database::connection_lost const& problem) {
        throw ended(exit_code::configuration, diagnose(at, k, file, file.body[i], problem.fields()), outcome::unknown);
    } catch (database::sql_error const& problem) { // of what goes with the statement
        throw ended(exit_code::sql_failed, diagnose(at, k, file, file.body[i], problem.fields()), outcome::failed);
    } catch (lock_unavailable const& problem) {
        throw ended(problem.code(),
                    {report::severity::error, file.body[i].where, problem.what(), "", {}, problem.hint()},
                    outcome::failed);
    } catch (interrupt::interrupted const& asked) {
        throw ended(asked.code(), {report::severity::error, file.body[i].where, asked.what(), "", {}, std::nullopt},
                    outcome::cut_off);
    }
}

} // namespace

std::vector<timing> run_statements(workplace& at, std::size_t k, script::script const& file,
                                   std::size_t statements_done)
{
    std::vector<timing> times;
    execute::clean_session(at.session, at.compiled.search_path, session_settings(at));
    at.is_clean = false; // when it is done
    for (std::size_t i = 0; i < statements_done; ++i) {
        if (file.body[i].node == "VariableSetStmt") { // what follows was compiled under it
            run_now(at, k, file, i, std::string{file.text_of(file.body[i])});
        }
    }
    for (std::size_t i = statements_done; i < file.body.size(); ++i) {
        auto const& does = at.compiled.migrations[k - 1].statements.at(i);
        if (auto const there = is_done_already(at, file.body[i], does)) {
            say_left_out(at, file.body[i], *there);
            plan::play(does, at.known.expected);
            continue;
        }
        std::optional became{outcome::not_begun};
        with_word_of(at, k, file, i, became, [&] { run_one(at, k, file, i, times, became); });
    }
    with_word_of(at, k, file, file.body.size() - 1, outcome::done, [&] {
        execute::clean_session(at.session, at.compiled.search_path, session_settings(at));
        demand_own_probes(at, k, file.body.back().where);
    });
    return times;
}

} // namespace pgratchet::apply
