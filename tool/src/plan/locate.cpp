// SPDX-License-Identifier: Apache-2.0
#include "plan/locate.hpp"

#include "plan/accepted.hpp"
#include "plan/unfinished.hpp"

#include <algorithm>
#include <utility>

namespace pgratchet::plan {

namespace {

/// For each version the number of objects that are not as it has them, and of those the ones that are already as the
/// next version has them. A difference array is filled segment by segment, so the cost does not depend on how long a
/// segment is.
struct tally {
    std::vector<std::ptrdiff_t> differing;
    std::vector<std::ptrdiff_t> ahead;

    [[nodiscard]] bool fits(std::size_t k) const { return differing[k] == 0; }
    [[nodiscard]] bool is_part_of_next(std::size_t k) const { return differing[k] > 0 && differing[k] == ahead[k]; }
};

std::vector<bool> agreements(plan const& of, tolerance const& settled, catalog::object_id const& id,
                             std::vector<segment> const& line, catalog::object const* live)
{
    std::vector<bool> agree;
    agree.reserve(line.size());
    for (auto const& one : line) {
        agree.push_back(agrees(of, settled, id, one, live));
    }
    return agree;
}

tally count(plan const& of, timelines const& known, catalog::snapshot const& live, tolerance const& settled)
{
    auto const last = of.migrations.size();
    tally counts{std::vector<std::ptrdiff_t>(last + 2), std::vector<std::ptrdiff_t>(last + 2)};
    for (auto const& [id, line] : known) {
        auto const agree = agreements(of, settled, id, line, catalog::find(live, id));
        for (std::size_t i = 0; i < line.size(); ++i) {
            bool const next_agrees = i + 1 < line.size() && agree[i + 1];
            if (agree[i] || is_anticipated(line, i, next_agrees)) {
                continue;
            }
            auto const end = i + 1 < line.size() ? line[i + 1].from : last + 1;
            ++counts.differing[line[i].from];
            --counts.differing[end];
            if (next_agrees) {
                ++counts.ahead[end - 1];
            }
        }
    }
    for (std::size_t k = 1; k < counts.differing.size(); ++k) {
        counts.differing[k] += counts.differing[k - 1];
    }
    return counts;
}

void report_others(plan const& of, timelines const& known, catalog::snapshot const& live, tolerance const& settled,
                   state& found)
{
    for (auto const& [id, line] : known) {
        auto const* there = catalog::find(live, id);
        auto const& now = at(line, found.version);
        if (there != nullptr && now.value == nullptr && !catalog::one_way(id) && !tolerated(of, settled, id, "*")) {
            auto const i = static_cast<std::size_t>(&now - line.data());
            if (is_anticipated(line, i, i + 1 < line.size() && agrees(of, settled, id, line[i + 1], there))) {
                found.anticipated.push_back(id);
            }
        }
    }
    for (auto const& [id, value] : live) {
        auto const is_known = [&](catalog::object_id const& one) {
            return known.contains(one);
        };
        if (is_known(id) || catalog::belongs_to_effect_only(id) || id == catalog::object_id{"schema", "public"}) {
            continue;
        }
        // What hangs on an unmanaged table goes without saying.
        bool const hangs_on_unmanaged = value.root != id.identity && !is_known({"table", value.root}) &&
                                        !is_known({"view", value.root}) &&
                                        !is_known({"materialized view", value.root}) &&
                                        !is_known({"foreign table", value.root}) && !is_known({"type", value.root});
        if (!hangs_on_unmanaged) {
            found.unmanaged.push_back(id);
        }
    }
}

} // namespace

std::string_view name_of(condition is)
{
    switch (is) {
    case condition::empty:
        return "empty";
    case condition::applied:
        return "applied";
    case condition::partial:
        return "partial";
    case condition::drift:
        return "drift";
    case condition::ambiguous:
        return "ambiguous";
    }
    return "drift";
}

namespace {

std::vector<std::size_t> fitting_versions(tally const& counts, std::size_t last)
{
    std::vector<std::size_t> fitting;
    for (std::size_t k = 0; k <= last; ++k) {
        if (counts.fits(k)) {
            fitting.push_back(k);
        }
    }
    return fitting;
}

/// Whether the migration after version k is under way, and nothing else differs; then with how many statements done.
std::optional<std::size_t> part_of_next(plan const& of, timelines const& known, tally const& counts, std::size_t k,
                                        catalog::snapshot const& live, tolerance const& settled)
{
    bool const is_part = counts.is_part_of_next(k);
    if (k >= of.migrations.size() || of.migrations[k].mode != script::transaction_mode::none) {
        return is_part ? std::optional<std::size_t>{0} : std::nullopt;
    }
    // Half way a statement may have taken away what a later one brings back: as S(k+1) has it, and yet missing.
    auto const found = unfinished(of, known, k, live, settled);
    bool const is_half_way = found.exact && found.done > 0 && found.differing == counts.differing[k];
    return is_part || is_half_way ? std::optional{found.done} : std::nullopt;
}

/// The version with the fewest objects that are not as it has them, and of several the one with the fewest differences
/// in those. Where that does not tell either, they are chosen among as if they fitted; the lowest of what is left.
std::size_t nearest_version(plan const& of, timelines const& known, tally const& counts, catalog::snapshot const& live,
                            probe_answers const& answers, tolerance const& settled)
{
    auto const last = counts.differing.begin() + static_cast<std::ptrdiff_t>(of.migrations.size() + 1);
    auto const fewest = *std::min_element(counts.differing.begin(), last);
    std::vector<std::size_t> nearest;
    std::size_t differences = 0;
    for (std::size_t k = 0; k <= of.migrations.size(); ++k) {
        if (counts.differing[k] != fewest) {
            continue;
        }
        auto const count = disagreements_at(of, known, k, live, settled).size();
        if (nearest.empty() || count < differences) {
            nearest.clear();
            differences = count;
        }
        if (count == differences) {
            nearest.push_back(k);
        }
    }
    return choose(of, nearest, live, answers, settled.proven).version;
}

/// Nothing fits: a part of one migration, or drift.
void explain(plan const& of, timelines const& known, tally const& counts, catalog::snapshot const& live,
             probe_answers const& answers, tolerance const& settled, state& found)
{
    found.is = condition::drift;
    for (std::size_t k = 0; k <= of.migrations.size(); ++k) {
        if (auto const done = part_of_next(of, known, counts, k, live, settled)) {
            found.is = condition::partial;
            found.version = k;
            found.statements_done = *done;
        }
    }
    if (found.is == condition::drift) {
        found.version = nearest_version(of, known, counts, live, answers, settled);
    }
    found.drift = disagreements_at(of, known, found.version, live, settled);
}

/// What a migration that is partly there has not done yet.
std::vector<disagreement> missing_of(plan const& of, timelines const& known, std::size_t k,
                                     catalog::snapshot const& live, tolerance const& settled)
{
    auto all = disagreements_at(of, known, k, live, settled);
    auto const& changes = of.migrations[k - 1].changes;
    std::erase_if(all, [&](disagreement const& one) {
        return std::none_of(changes.begin(), changes.end(), [&](change const& each) { return each.id == one.id; });
    });
    return all;
}

/// A no-transaction migration that was cut off where only something that it makes for a while tells of it.
void notice_unfinished(plan const& of, timelines const& known, catalog::snapshot const& live, tolerance const& settled,
                       state& found)
{
    for (auto const k : {found.version, found.version - 1}) {
        if (k >= of.migrations.size() || of.migrations[k].mode != script::transaction_mode::none) {
            continue;
        }
        auto const left = left_for_a_while(of, known, k, live);
        auto const landed = left.empty() ? progress_made{} : unfinished(of, known, k, live, settled);
        if (!landed.exact || landed.done == 0) {
            continue;
        }
        found.is = condition::partial;
        found.version = k;
        found.statements_done = landed.done;
        found.drift = disagreements_at(of, known, k, live, settled);
        for (auto const& id : left) {
            found.drift.push_back({id, "", std::nullopt, "present"});
        }
        return;
    }
}

} // namespace

state locate(plan const& of, catalog::snapshot const& live, probe_answers const& answers, tolerance const& settled,
             std::optional<std::size_t> assumed)
{
    auto const known = timelines_of(of);
    auto in_force = settled;
    in_force.accepted_drift.clear();
    auto counts = count(of, known, live, in_force);
    state found;
    found.fitting = fitting_versions(counts, of.migrations.size());
    if (found.fitting.empty() && !settled.accepted_drift.empty()) {
        // Only now: an object whose drift need not be accepted still tells versions apart.
        in_force = settled;
        counts = count(of, known, live, in_force);
        found.fitting = fitting_versions(counts, of.migrations.size());
    }
    if (found.fitting.empty()) {
        explain(of, known, counts, live, answers, in_force, found);
    } else {
        auto chosen = choose(of, found.fitting, live, answers, settled.proven);
        if (chosen.candidates.empty() && !in_force.accepted_drift.empty()) {
            if (auto const k = may_not_have_run(of, known, chosen.version, live, in_force, answers)) {
                chosen.candidates = {*k - 1, chosen.version};
                chosen.version = chosen.candidates.front();
            }
        }
        auto const is_candidate = [&](std::size_t k) {
            return std::find(chosen.candidates.begin(), chosen.candidates.end(), k) != chosen.candidates.end();
        };
        if (assumed && is_candidate(*assumed)) {
            found.is_assumed = true;
            chosen.version = *assumed;
            chosen.candidates.clear();
        }
        found.version = chosen.version;
        found.by_probe = std::move(chosen.by_probe);
        found.candidates = std::move(chosen.candidates);
        if (!found.candidates.empty()) {
            found.is = condition::ambiguous;
        } else {
            found.is = found.version == 0 ? condition::empty : condition::applied;
            notice_unfinished(of, known, live, in_force, found);
        }
    }
    if (!in_force.accepted_drift.empty()) {
        auto const version = found.candidates.empty() ? found.version : found.candidates.back();
        found.accepted = accepted_at(of, known, version, live, settled);
    }
    if (found.is == condition::partial) {
        found.missing = missing_of(of, known, found.version + 1, live, in_force);
    }
    report_others(of, known, live, in_force, found);
    return found;
}

} // namespace pgratchet::plan
