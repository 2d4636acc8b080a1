// SPDX-License-Identifier: Apache-2.0
// A migration without a transaction: statement by statement, so that a cut-off run can go on.
#include "apply/deployer_lock.hpp"
#include "apply/invalid_index.hpp"
#include "apply/premade.hpp"
#include "apply/run.hpp"
#include "execute/clean_session.hpp"
#include "interrupt/interrupt.hpp"

#include <algorithm>
#include <cctype>

namespace pgratchet::apply {

namespace {

/// CONCURRENTLY and VACUUM wait for transactions that are open without standing in anybody's way: no timeout for that.
bool waits_harmlessly(script::script const& file, script::statement const& one)
{
    std::string text{file.text_of(one)};
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::toupper(c); });
    bool const is_full = text.find("FULL") != std::string::npos;
    return (one.command.starts_with("VACUUM") && !is_full) || text.find("CONCURRENTLY") != std::string::npos;
}

timing run_now(workplace& at, std::size_t k, script::script const& file, std::size_t i)
{
    return run_statement(at, k, file, file.body[i], i + 1,
                         [&] { at.session.execute(text_to_run(file, file.body[i], at.known)); });
}

void run_one(workplace& at, std::size_t k, script::script const& file, std::size_t i, std::vector<timing>& times)
{
    auto const& entry = at.compiled.migrations[k - 1];
    auto const& statement = file.body[i];
    for (auto const& one : entry.statements.at(i)) {
        if (one.id.kind == "index" && one.after && statement.node == "IndexStmt") {
            clear_invalid_index(at.session, one.id.identity, one.after->root, at.how.lock_timeout, at.say);
        }
    }
    auto const timeout = waits_harmlessly(file, statement) ? 0 : at.how.lock_timeout.count();
    at.session.execute("SET lock_timeout = " + std::to_string(timeout));
    times.push_back(run_now(at, k, file, i));
    if (at.session.execute("SELECT " + deployer_lock::is_held()).at(0).at(0) != "t") {
        throw report::diagnosed{exit_code::sql_failed,
                                {report::severity::error,
                                 statement.where,
                                 "the deployer lock is gone after this statement",
                                 "deployer-lock",
                                 {},
                                 std::nullopt}};
    }
    if (auto found = prove(at.session, at.compiled, entry.statements[i], at.settled, at.known); !found.empty()) {
        throw report::diagnosed{exit_code::sql_failed,
                                {report::severity::error, statement.where,
                                 "the statement does not do here what it did when it was compiled", "effect-differs",
                                 std::move(found), std::nullopt}};
    }
}

/// What is left when statement i (counted from 0) did not come to its end.
report::diagnostic with_what_is_left(workplace const& at, std::size_t k, script::script const& file, std::size_t i,
                                     report::diagnostic what, std::string const& became)
{
    auto const& version = at.compiled.migrations[k - 1].version;
    what.details.push_back(
        version + " has no transaction: statement " + std::to_string(i + 1) + " of " +
        std::to_string(file.body.size()) + " " + became + ", those before it stay; " +
        (i == 0 ? plan::stays(at.environment, at.compiled, k - 1)
                : at.environment + " is between " + plan::version_name(at.compiled, k - 1) + " and " + version));
    return what;
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
            run_now(at, k, file, i);
        }
    }
    for (std::size_t i = statements_done; i < file.body.size(); ++i) {
        try {
            run_one(at, k, file, i, times);
        } catch (report::diagnosed const& failed) {
            auto const became = failed.code() == exit_code::sql_failed ? "failed" : "was cut off";
            throw report::diagnosed{failed.code(), with_what_is_left(at, k, file, i, failed.what_and_where(), became)};
        } catch (database::connection_lost const& problem) {
            throw report::diagnosed{exit_code::configuration,
                                    with_what_is_left(at, k, file, i,
                                                      diagnose(at, k, file, file.body[i], problem.fields()),
                                                      "was cut off")};
        } catch (database::sql_error const& problem) { // of what goes with the statement
            throw report::diagnosed{exit_code::sql_failed,
                                    with_what_is_left(at, k, file, i,
                                                      diagnose(at, k, file, file.body[i], problem.fields()),
                                                      "failed or could not be proven")};
        } catch (lock_unavailable const& problem) {
            report::diagnostic what{report::severity::error, file.body[i].where, problem.what(), "", {},
                                    problem.hint()};
            throw report::diagnosed{problem.code(),
                                    with_what_is_left(at, k, file, i, std::move(what), "was not begun")};
        } catch (interrupt::interrupted const& asked) {
            report::diagnostic what{report::severity::error, file.body[i].where, asked.what(), "", {}, std::nullopt};
            throw report::diagnosed{asked.code(), with_what_is_left(at, k, file, i, std::move(what), "was cut off")};
        }
    }
    return times;
}

} // namespace pgratchet::apply
