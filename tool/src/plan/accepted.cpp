// SPDX-License-Identifier: Apache-2.0
#include "plan/accepted.hpp"

#include <algorithm>
#include <utility>

namespace pgratchet::plan {

namespace {

tolerance without_acceptance(tolerance settled)
{
    settled.accepted_drift.clear();
    return settled;
}

} // namespace

std::vector<disagreement> accepted_at(plan const& of, timelines const& known, std::size_t k,
                                      catalog::snapshot const& live, tolerance const& settled)
{
    auto all = disagreements_at(of, known, k, live, without_acceptance(settled));
    std::erase_if(all, [&](disagreement const& one) { return !settled.accepted_drift.contains(one.id.identity); });
    return all;
}

bool may_not_have_run(plan const& of, timelines const& known, std::size_t k, catalog::snapshot const& live,
                      tolerance const& settled, probe_answers const& answers)
{
    if (k == 0 || of.migrations[k - 1].schema_only) {
        return false;
    }
    auto const& file = of.migrations[k - 1];
    bool const is_done = std::any_of(of.probes.begin(), of.probes.end(), [&](probe const& one) {
        auto const answer = answers.find(one.name);
        return one.version == file.version && answer != answers.end() && answer->second;
    });
    auto const strict = without_acceptance(settled);
    return !is_done && std::any_of(file.changes.begin(), file.changes.end(), [&](change const& one) {
        auto const line = known.find(one.id);
        if (line == known.end() || !settled.accepted_drift.contains(one.id.identity)) {
            return false;
        }
        auto const* live_one = catalog::find(live, one.id);
        return !agrees(of, strict, one.id, at(line->second, k), live_one) &&
               agrees(of, strict, one.id, at(line->second, k - 1), live_one);
    });
}

} // namespace pgratchet::plan
