// SPDX-License-Identifier: Apache-2.0
#include "commands/located.hpp"

#include "apply/redefine.hpp"
#include "execute/catalog_reader.hpp"
#include "execute/probe_answer.hpp"
#include "plan/probed.hpp"
#include "plan/seen_by.hpp"

#include <map>
#include <set>
#include <spdlog/spdlog.h>

namespace pgratchet::commands {

namespace {

/// Lets the server compare the texts that stand between the catalog and the nearest version. True if it proved some
/// equal.
bool prove_more(database::session& on, plan::plan const& compiled, located& at)
{
    auto const expected = plan::snapshot_at(compiled, at.found.version);
    std::map<catalog::object_id, std::vector<catalog::attribute_difference>> by_object;
    for (auto const& one : at.found.drift) {
        if (!one.attribute.empty() && one.expected && one.actual) {
            by_object[one.id].push_back({one.attribute, one.expected, one.actual});
        }
    }
    auto const before = at.settled.proven.size();
    for (auto const& [id, differences] : by_object) {
        if (auto const place = expected.find(id); place != expected.end()) {
            at.settled.proven.merge(apply::redefine(on, place->second, differences));
        }
    }
    return at.settled.proven.size() > before;
}

/// An object that is not there: undefined table, column, function, schema, type. Then the probe's migration has not
/// landed. Any other error (a lock, a privilege) says nothing.
bool speaks_of_what_is_missing(database::sql_error const& problem)
{
    auto const& code = problem.sqlstate();
    return code == "42P01" || code == "42703" || code == "42883" || code == "3F000" || code == "42704";
}

/// What stands in a schema that the role may not use is passed over, as if it were not there.
bool sees_whole_path(database::session& on, std::string const& search_path)
{
    return on
        .execute("SELECT FROM pg_catalog.pg_namespace n JOIN pg_catalog.regexp_split_to_table(" +
                 on.quote(search_path) +
                 R"(, '\s*,\s*') s(name) ON n.nspname = pg_catalog.btrim(s.name, '" ') )"
                 "WHERE NOT pg_catalog.has_schema_privilege(n.oid, 'USAGE')")
        .empty();
}

std::optional<bool> ask_with(std::string const& settings, database::session& on, plan::plan const& compiled,
                             plan::probe const& probe, std::string* why)
{
    std::optional<bool> answer;
    bool is_missing = false;
    try {
        answer =
            execute::probe_answer(on.execute("BEGIN READ ONLY;" + execute::as_probes_are_asked(compiled.search_path) +
                                             settings + probe.sql))
                .value_or(false); // NULL, or no row: not true, as it was for compile
    } catch (database::sql_error const& problem) {
        is_missing = speaks_of_what_is_missing(problem);
        if (why != nullptr) {
            *why = problem.fields().message;
        }
    }
    on.execute("ROLLBACK");
    if (is_missing && sees_whole_path(on, compiled.search_path)) {
        answer = false;
    }
    return answer;
}

} // namespace

std::optional<bool> ask(database::session& on, plan::plan const& compiled, plan::probe const& probe, std::string* why)
{
    return ask_with("", on, compiled, probe, why);
}

plan::plan seen_by(database::session& on, plan::plan compiled)
{
    return plan::seen_by(on.role(), std::move(compiled));
}

located locate_environment(database::session& on, plan::plan const& compiled, plan::tolerance settled,
                           std::optional<std::size_t> assumed)
{
    auto const waits = [](std::string const& holder) {
        spdlog::info("waiting for the catalog, which is locked by {}", holder);
    };
    located at{execute::read_snapshot(on, waits), std::move(settled), {}};
    plan::probe_answers answers;
    std::optional<std::size_t> settled_by_hand; // the last word, once the probes have been asked
    auto const again = [&] {
        at.found = plan::locate(compiled, at.live, answers, at.settled, settled_by_hand);
    };
    again();
    constexpr int rounds = 5; // each round may bring another version nearest
    for (int round = 0; round < rounds && at.found.is == plan::condition::drift && prove_more(on, compiled, at);
         ++round) {
        again();
    }
    if (at.found.is == plan::condition::partial && prove_more(on, compiled, at)) {
        again();
    }
    bool const is_open = at.found.is == plan::condition::ambiguous || at.found.is == plan::condition::drift ||
                         plan::may_be_done_behind(compiled, at.found.version) || !at.found.accepted.empty();
    if (is_open && !compiled.probes.empty()) {
        for (auto const& probe : compiled.probes) {
            if (auto const answer = ask(on, compiled, probe)) {
                answers[probe.name] = *answer;
            }
        }
        again();
    }
    if ((at.found.is == plan::condition::ambiguous || at.found.denied_by) && assumed) {
        settled_by_hand = assumed;
        again();
    }
    return at;
}

std::vector<std::size_t> not_run_by_probe(database::session& on, plan::plan const& compiled, plan::state const& found)
{
    constexpr auto not_for_long = "SET LOCAL statement_timeout = '2s';"; // it may go through all rows of a large table
    std::set<std::size_t> all;
    if (found.is == plan::condition::applied) {
        for (auto const* probe : plan::speaking_of_applied(compiled, found.version)) {
            std::string error; // what it speaks of may be gone since
            if (!ask_with(not_for_long, on, compiled, *probe, &error).value_or(true) && error.empty()) {
                all.insert(plan::index_of(compiled, probe->version).value());
            }
        }
    }
    return {all.begin(), all.end()};
}

std::string described(plan::disagreement const& one)
{
    if (one.attribute.empty()) {
        auto const name = one.id.kind + " " + one.id.identity;
        return one.expected ? name + ": expected, and is missing" : name + ": is there, and is not expected";
    }
    return catalog::in_words(one.id, {one.attribute, one.expected, one.actual});
}

} // namespace pgratchet::commands
