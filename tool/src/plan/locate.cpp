// SPDX-License-Identifier: Apache-2.0
#include "plan/locate.hpp"

#include "plan/accepted.hpp"
#include "plan/left_out.hpp"
#include "plan/probed.hpp"
#include "plan/tally.hpp"
#include "plan/unfinished.hpp"

#include <algorithm>
#include <utility>

namespace pgratchet::plan {

namespace {

void report_others(plan const& of, timelines const& known, catalog::snapshot const& live, tolerance const& settled,
                   state& found)
{
    for (auto const& [id, line] : known) {
        auto const* there = catalog::find(live, id);
        auto const& now = at(line, found.version);
        auto const i = static_cast<std::size_t>(&now - line.data());
        bool const may_be_ahead = there != nullptr && i + 1 < line.size() && line[i + 1].if_not_exists;
        if (may_be_ahead && !catalog::one_way(id) && !agrees(of, settled, id, now, there) &&
            is_anticipated(line, i, agrees(of, settled, id, line[i + 1], there))) {
            found.anticipated.push_back(id);
        }
    }
    for (auto const& [id, value] : live) {
        if (known.contains(id) || catalog::belongs_to_effect_only(id) || id == catalog::object_id{"schema", "public"}) {
            continue;
        }
        // What hangs on an unmanaged table goes without saying.
        bool const hangs_on_unmanaged =
            value.root != id.identity && !catalog::holds_relation_or_type(known, value.root);
        bool const is_to_go = std::ranges::any_of(
            found.missing, [&this_one = id](disagreement const& one) { return one.id == this_one; });
        if (!hangs_on_unmanaged && !is_to_go) {
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

/// A migration that is under way, and nothing else differs.
struct part {
    std::size_t statements_done = 0;
    bool is_cut_off = false; ///< as a run of a file without a transaction leaves it
};

/// Whether that is the migration after version k.
std::optional<part> part_of_next(plan const& of, timelines const& known, tally const& counts, std::size_t k,
                                 catalog::snapshot const& live, tolerance const& settled)
{
    bool const is_part = counts.is_part_of_next(k);
    if (k >= of.migrations.size() || of.migrations[k].mode != script::transaction_mode::none) {
        return is_part ? std::optional{part{}} : std::nullopt;
    }
    // Half way a statement may have taken away what a later one brings back: as S(k+1) has it, and yet missing.
    auto const found = unfinished(of, known, k, live, settled);
    bool const is_half_way =
        found.exact && (found.done > 0 || found.half_done) && found.differing == counts.differing[k];
    return is_part || is_half_way ? std::optional{part{found.done, found.exact}} : std::nullopt;
}

/// The version, from `lowest` on, that the fewest deeds lie between, and of several the one with the fewest
/// differences. Where that does not tell either, they are chosen among as if they fitted; the lowest of what is left.
std::size_t nearest_version(plan const& of, timelines const& known, tally const& counts, catalog::snapshot const& live,
                            probe_answers const& answers, tolerance const& settled, std::size_t lowest)
{
    auto const first = counts.deeds.begin() + static_cast<std::ptrdiff_t>(lowest);
    auto const last = counts.deeds.begin() + static_cast<std::ptrdiff_t>(of.migrations.size() + 1);
    auto const fewest = *std::min_element(first, last);
    std::vector<std::size_t> nearest;
    std::ptrdiff_t differences = 0;
    for (auto k = lowest; k <= of.migrations.size(); ++k) {
        if (counts.deeds[k] != fewest) {
            continue;
        }
        auto const all = disagreements_at(of, known, k, live, settled);
        auto const count = std::count_if(all.begin(), all.end(), [&](disagreement const& one) {
            return !went_along(one.id, known.at(one.id), live);
        });
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

/// At the nearest version, or at the nearest of those above it.
std::optional<gap> gap_in(plan const& of, timelines const& known, tally const& counts, catalog::snapshot const& live,
                          probe_answers const& answers, tolerance const& settled, state const& found)
{
    if (auto const k = left_out(of, known, found.drift, found.version)) {
        return gap{*k, found.version};
    }
    if (found.version == of.migrations.size()) {
        return std::nullopt;
    }
    auto const above = nearest_version(of, known, counts, live, answers, settled, found.version + 1);
    auto const k = left_out(of, known, disagreements_at(of, known, above, live, settled), above);
    return k ? std::optional{gap{*k, above}} : std::nullopt;
}

/// Nothing fits, or a probe denies it: a part of one migration, or drift.
void explain(plan const& of, timelines const& known, tally const& counts, catalog::snapshot const& live,
             probe_answers const& answers, tolerance const& settled, state& found)
{
    found.is = condition::drift;
    auto lowest = found.denied_by.value_or(0);
    bool is_cut_off = false; // that is what a run leaves; any other part somebody has to have made by hand
    for (std::size_t k = 0; k <= of.migrations.size() && !found.denied_by && !is_cut_off; ++k) {
        auto const is = part_of_next(of, known, counts, k, live, settled);
        if (auto const behind = is ? done_behind(of, k, answers) : std::nullopt) {
            lowest = *behind;
        } else if (is) {
            found.is = condition::partial;
            found.version = k;
            found.statements_done = is->statements_done;
            is_cut_off = is->is_cut_off;
        }
    }
    if (found.is == condition::drift) {
        found.version = nearest_version(of, known, counts, live, answers, settled, lowest);
    }
    found.drift = disagreements_at(of, known, found.version, live, settled);
    if (found.is == condition::drift && !found.denied_by) {
        found.left_out = gap_in(of, known, counts, live, answers, settled, found);
    }
}

/// What the migration after version k has not done yet, of which so many statements have landed.
std::vector<disagreement> missing_of(plan const& of, timelines const& known, std::size_t k, std::size_t statements_done,
                                     catalog::snapshot const& live, tolerance const& settled)
{
    auto all = disagreements_at(of, known, k + 1, live, settled);
    auto const& next = of.migrations[k];
    std::erase_if(all, [&](disagreement const& one) {
        return std::ranges::none_of(next.changes, [&](change const& each) { return each.id == one.id; });
    });
    if (statements_done < next.statements.size()) {
        for (auto& id : half_dropped(next.statements[statements_done], live)) {
            all.push_back({std::move(id), "", std::nullopt, "present"});
        }
    }
    return all;
}

/// A no-transaction migration that was cut off where only something that it makes for a while, or an index that it has
/// not quite dropped, tells of it.
void notice_unfinished(plan const& of, timelines const& known, catalog::snapshot const& live, tolerance const& settled,
                       state& found)
{
    for (auto const k : {found.version, found.version - 1}) {
        if (k >= of.migrations.size() || of.migrations[k].mode != script::transaction_mode::none) {
            continue;
        }
        auto const left = left_for_a_while(of, known, k, live);
        auto const landed = unfinished(of, known, k, live, settled);
        bool const has_begun = landed.half_done || (!left.empty() && landed.done > 0);
        if (!landed.exact || !has_begun) {
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

/// Takes one of the versions that fit, or leaves several.
void take_fitting(plan const& of, timelines const& known, catalog::snapshot const& live, probe_answers const& answers,
                  tolerance const& in_force, std::optional<std::size_t> assumed, state& found)
{
    auto chosen = choose(of, found.fitting, live, answers, in_force.proven);
    if (chosen.candidates.empty() && !in_force.accepted_drift.empty()) {
        if (auto const k = may_not_have_run(of, known, chosen.version, live, in_force, answers)) {
            chosen.candidates = {*k - 1, chosen.version};
            chosen.version = chosen.candidates.front();
        }
    }
    bool const is_clear = chosen.candidates.empty();
    auto const denied_by = is_clear ? done_behind(of, chosen.version, answers) : std::nullopt;
    bool const is_candidate =
        std::find(chosen.candidates.begin(), chosen.candidates.end(), assumed) != chosen.candidates.end();
    if (assumed && (is_candidate || (denied_by && assumed == chosen.version))) {
        found.is_assumed = true;
        chosen.version = *assumed;
        chosen.candidates.clear();
    } else {
        found.denied_by = denied_by;
    }
    found.version = chosen.version;
    found.by_probe = std::move(chosen.by_probe);
    found.candidates = std::move(chosen.candidates);
    found.lacking = found.candidates.empty() ? std::vector<std::string>{} : std::move(chosen.lacking);
    found.is = !found.candidates.empty() ? condition::ambiguous
               : found.version == 0      ? condition::empty
                                         : condition::applied;
}

/// Judges by what lies between: what fits, and what is chosen of it.
state judge(plan const& of, timelines const& known, catalog::snapshot const& live, probe_answers const& answers,
            tolerance const& in_force, std::optional<std::size_t> assumed)
{
    auto const counts = count(of, known, live, in_force);
    state found;
    found.fitting = fitting_versions(counts, of.migrations.size());
    if (!found.fitting.empty()) {
        take_fitting(of, known, live, answers, in_force, assumed, found);
    }
    if (found.fitting.empty() || found.denied_by) {
        explain(of, known, counts, live, answers, in_force, found);
    } else if (found.candidates.empty()) {
        notice_unfinished(of, known, live, in_force, found);
    }
    return found;
}

} // namespace

state locate(plan const& of, catalog::snapshot const& live, probe_answers const& answers, tolerance const& settled,
             std::optional<std::size_t> assumed)
{
    auto const known = timelines_of(of);
    auto in_force = settled;
    in_force.accepted_drift.clear();
    auto found = judge(of, known, live, answers, in_force, assumed);
    if ((found.fitting.empty() || found.denied_by) && !settled.accepted_drift.empty()) {
        // Only now: an object whose drift need not be accepted still tells versions apart.
        in_force = settled;
        found = judge(of, known, live, answers, in_force, assumed);
    }
    if (!in_force.accepted_drift.empty()) {
        auto const version = found.candidates.empty() ? found.version : found.candidates.back();
        found.accepted = accepted_at(of, known, version, live, settled);
    }
    if (found.is == condition::partial) {
        found.missing = missing_of(of, known, found.version, found.statements_done, live, in_force);
    }
    report_others(of, known, live, in_force, found);
    return found;
}

} // namespace pgratchet::plan
