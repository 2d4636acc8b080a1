// SPDX-License-Identifier: Apache-2.0
#include "commands/checks.hpp"

#include "commands/state_in_words.hpp"

#include <utility>

namespace pgratchet::commands {

namespace {

using plan::condition;

constexpr std::size_t most_lines = 20;

/// For each version, what of the objects that it defined last is not as it defined them.
std::vector<std::vector<std::string>> objections_by_version(plan::plan const& compiled, located const& at)
{
    std::vector<std::vector<std::string>> found(compiled.migrations.size() + 1);
    auto const known = plan::timelines_of(compiled);
    for (auto const& one : plan::disagreements_at(compiled, known, at.found.version, at.live, at.settled)) {
        found[plan::at(known.at(one.id), at.found.version).from].push_back(described(one));
    }
    return found;
}

/// What a pending migration has yet to bring.
std::vector<std::string> expected_of(plan::plan const& compiled, plan::state const& found, std::size_t k)
{
    std::vector<std::string> lines;
    if (found.is == condition::partial && k == found.version + 1) {
        for (auto const& one : found.missing) {
            lines.push_back("missing: " + missing_in_words(one));
        }
        return lines;
    }
    for (auto const& each : compiled.migrations[k - 1].changes) {
        lines.push_back("expected: " + each.id.kind + " " + each.id.identity + (each.after ? "" : " gone"));
    }
    return lines;
}

check migration_check(std::string const& where, plan::plan const& compiled, located const& at, std::size_t k,
                      std::vector<std::string> objections)
{
    auto const& one = compiled.migrations[k - 1];
    check result{"migration." + one.version, false, {}};
    if (k > at.found.version) {
        auto lines = expected_of(compiled, at.found, k);
        shorten(lines);
        result.lines = std::move(lines);
        result.lines.insert(result.lines.begin(),
                            one.file + " is pending: " + where_it_stands(where, compiled, at.found));
    } else if (!objections.empty()) {
        result.lines = std::move(objections);
        shorten(result.lines);
    } else {
        result.passed = true;
        result.lines.push_back(one.file + " is applied and its objects are as it made them");
    }
    return result;
}

check probe_check(std::string const& where, plan::plan const& compiled, plan::probe const& one,
                  probe_result const& answered, std::size_t version)
{
    if (answered.taken_back_by) {
        return {
            "probe." + one.name, true, {one.file + " is not asked: taken back by " + *answered.taken_back_by}, true};
    }
    check result{"probe." + one.name, answered.answer.value_or(false) && answered.why.empty(), {}};
    bool const is_pending = plan::index_of(compiled, one.version).value_or(0) > version;
    auto const said = answered.why.empty() ? (result.passed ? "true" : "false") : "an error: " + answered.why;
    result.lines.push_back(one.file + " answers " + said +
                           (is_pending ? ": migration " + one.version + " is pending in " + where : ""));
    if (!result.passed) {
        result.lines.push_back("expected true from: " + one.sql);
    }
    return result;
}

/// A check of the whole database: the state in words, and what to do about it.
check state_check(std::string name, bool passed, std::string const& where, plan::plan const& compiled,
                  plan::state const& found)
{
    check result{std::move(name), passed, {in_words(where, compiled, found)}};
    if (auto const hint = what_to_do(compiled, found)) {
        result.lines.push_back("hint: " + *hint);
    }
    return result;
}

check version_check(std::string const& where, plan::plan const& compiled, plan::state const& found)
{
    bool const newest = found.is == condition::applied && found.version == compiled.migrations.size();
    return state_check("schema.version", newest, where, compiled, found);
}

check drift_check(std::string const& where, plan::plan const& compiled, plan::state const& found)
{
    bool const clean = found.is == condition::empty || found.is == condition::applied;
    return state_check("schema.drift", clean, where, compiled, found);
}

} // namespace

void shorten(std::vector<std::string>& lines)
{
    if (lines.size() > most_lines) {
        auto const more = lines.size() - most_lines;
        lines.resize(most_lines);
        lines.push_back("and " + std::to_string(more) + " more");
    }
}

std::vector<check> run_checks(std::string const& where, plan::plan const& compiled, located const& at,
                              std::vector<probe_result> const& probes)
{
    std::vector<check> all{version_check(where, compiled, at.found), drift_check(where, compiled, at.found)};
    auto objections = objections_by_version(compiled, at);
    for (std::size_t k = 1; k <= compiled.migrations.size(); ++k) {
        all.push_back(migration_check(where, compiled, at, k, std::move(objections[k])));
    }
    for (std::size_t i = 0; i < probes.size(); ++i) {
        all.push_back(probe_check(where, compiled, compiled.probes[i], probes[i], at.found.version));
    }
    return all;
}

} // namespace pgratchet::commands
