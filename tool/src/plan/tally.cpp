// SPDX-License-Identifier: Apache-2.0
#include "plan/tally.hpp"

#include <algorithm>

namespace pgratchet::plan {

namespace {

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

/// Turns the steps of a difference array into what they sum up to.
void add_up(std::vector<std::ptrdiff_t>& steps)
{
    for (std::size_t k = 1; k < steps.size(); ++k) {
        steps[k] += steps[k - 1];
    }
}

} // namespace

bool went_along(catalog::object_id const& id, std::vector<segment> const& line, catalog::snapshot const& live)
{
    auto const made = std::find_if(line.begin(), line.end(), [](segment const& one) { return one.value != nullptr; });
    return made != line.end() && made->value->root != id.identity &&
           !catalog::holds_relation_or_type(live, made->value->root);
}

tally count(plan const& of, timelines const& known, catalog::snapshot const& live, tolerance const& settled)
{
    auto const last = of.migrations.size();
    std::vector<std::ptrdiff_t> const none(last + 2);
    tally counts{none, none, none};
    for (auto const& [id, line] : known) {
        auto const agree = agreements(of, settled, id, line, catalog::find(live, id));
        bool const is_deed = !went_along(id, line, live);
        for (std::size_t i = 0; i < line.size(); ++i) {
            bool const next_agrees = i + 1 < line.size() && agree[i + 1];
            if (agree[i] || is_anticipated(line, i, next_agrees)) {
                continue;
            }
            auto const end = i + 1 < line.size() ? line[i + 1].from : last + 1;
            ++counts.differing[line[i].from];
            --counts.differing[end];
            counts.deeds[line[i].from] += is_deed ? 1 : 0;
            counts.deeds[end] -= is_deed ? 1 : 0;
            if (next_agrees) {
                ++counts.ahead[end - 1];
            }
        }
    }
    add_up(counts.differing);
    add_up(counts.deeds);
    return counts;
}

} // namespace pgratchet::plan
