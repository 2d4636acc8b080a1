// SPDX-License-Identifier: Apache-2.0
#include "apply/own_probes.hpp"

#include "execute/probe_answer.hpp"

#include <optional>

namespace pgratchet::apply {

namespace {

/// What is wrong with the answer of a probe; nothing if it is true.
std::optional<std::string> objection_to(workplace& at, plan::probe const& one, report::location const& where)
{
    bool const is_inside = at.session.status() == database::transaction_status::in_transaction;
    std::string const begin =
        is_inside ? "SAVEPOINT pgratchet_probe;SET LOCAL transaction_read_only = on;" : "BEGIN READ ONLY;";
    std::string const end =
        is_inside ? "ROLLBACK TO SAVEPOINT pgratchet_probe;RELEASE SAVEPOINT pgratchet_probe" : "ROLLBACK";
    std::optional<std::string> found;
    at.session.execute(
        begin + execute::as_probes_are_asked(at.compiled.search_path) +
        "SET LOCAL statement_timeout = 0;SET LOCAL lock_timeout = " + std::to_string(at.how.lock_timeout.count()));
    try {
        auto const answer = execute::probe_answer(at.session.execute(one.sql));
        if (answer != true) {
            found = answer ? "false" : "no answer";
        }
    } catch (database::sql_error const& problem) {
        if (is_lock_trouble(problem)) {
            throw lock_timed_out{{report::severity::error,
                                  where,
                                  "probe " + one.file + " waited for a lock: " + problem.fields().message,
                                  problem.sqlstate(),
                                  {},
                                  std::nullopt}};
        }
        found = "an error: " + problem.fields().message;
    }
    at.session.execute(end);
    return found;
}

} // namespace

void demand_own_probes(workplace& at, std::size_t k, report::location const& where)
{
    std::vector<std::string> found;
    for (auto const& one : at.compiled.probes) {
        if (plan::index_of(at.compiled, one.version) != k) {
            continue;
        }
        if (auto const objection = objection_to(at, one, where)) {
            found.push_back("probe " + one.file + ": " + *objection);
        }
    }
    if (!found.empty()) {
        throw report::diagnosed{exit_code::sql_failed,
                                {report::severity::error, where, "the migration has run, and its probe does not say so",
                                 "probe-fails", std::move(found),
                                 "a probe is to be true wherever its migration has run, whatever rows are there and "
                                 "whoever asks: else that looks undone, and is run again if nothing else tells"}};
    }
}

} // namespace pgratchet::apply
