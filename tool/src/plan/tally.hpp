// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plan/agreement.hpp"

#include <cstddef>
#include <vector>

namespace pgratchet::plan {

/// For each version the number of objects that are not as it has them, and of those the ones that are already as the
/// next version has them. A difference array is filled segment by segment, so the cost does not depend on how long a
/// segment is.
struct tally {
    std::vector<std::ptrdiff_t> differing;
    std::vector<std::ptrdiff_t> ahead;
    std::vector<std::ptrdiff_t> deeds; ///< of the differing ones those that did not go along with something else

    [[nodiscard]] bool fits(std::size_t k) const { return differing[k] == 0; }
    [[nodiscard]] bool is_part_of_next(std::size_t k) const { return differing[k] > 0 && differing[k] == ahead[k]; }
};

[[nodiscard]] tally count(plan const&, timelines const&, catalog::snapshot const& live, tolerance const&);

/// Whether an object that is missing hangs on something that is not there any more either: it went with it.
[[nodiscard]] bool went_along(catalog::object_id const&, std::vector<segment> const&, catalog::snapshot const& live);

} // namespace pgratchet::plan
