// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plan/plan.hpp"

#include <vector>

namespace pgratchet::plan {

/// Two versions between which the schema alone cannot tell: some database fits both.
struct look_alike {
    std::size_t low = 0;
    std::size_t high = 0;

    friend bool operator==(look_alike const&, look_alike const&) = default;
};

/// All pairs of versions that some database fits both of and none between, `low` below `high`, ordered by `high`.
/// Objects that are one-way or ignored, made with IF NOT EXISTS in between, validated, or defined by the moment do not
/// always tell versions apart.
[[nodiscard]] std::vector<look_alike> look_alikes(plan const&);

/// Those of look_alikes() that need a hand-written probe of the higher version and have none.
[[nodiscard]] std::vector<look_alike> without_an_answer(plan const&);

/// Those that need one and have it.
[[nodiscard]] std::vector<look_alike> answered_by_probes(plan const&);

} // namespace pgratchet::plan
