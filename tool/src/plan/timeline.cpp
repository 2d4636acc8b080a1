// SPDX-License-Identifier: Apache-2.0
#include "plan/timeline.hpp"

#include "plan/effect.hpp"

#include <algorithm>
#include <iterator>

namespace pgratchet::plan {

timelines histories_of(plan const& of)
{
    timelines all;
    for (auto const& [id, value] : of.initial) {
        all[id].push_back({0, &value, false});
    }
    for (std::size_t k = 1; k <= of.migrations.size(); ++k) {
        for (auto const& one : of.migrations[k - 1].changes) {
            auto& line = all[one.id];
            if (line.empty()) {
                line.push_back({0, nullptr, false});
            }
            line.push_back({k, one.after ? &*one.after : nullptr, one.if_not_exists});
        }
    }
    return all;
}

timelines timelines_of(plan const& of)
{
    auto all = histories_of(of);
    std::erase_if(all, [](auto const& one) { return catalog::belongs_to_effect_only(one.first); });
    return all;
}

catalog::snapshot snapshot_at(plan const& of, std::size_t k)
{
    auto snapshot = of.initial;
    for (std::size_t version = 1; version <= k; ++version) {
        play(of.migrations[version - 1].changes, snapshot);
    }
    return snapshot;
}

segment const& at(std::vector<segment> const& line, std::size_t k)
{
    auto const after = std::upper_bound(line.begin(), line.end(), k,
                                        [](std::size_t version, segment const& one) { return version < one.from; });
    return *std::prev(after);
}

} // namespace pgratchet::plan
