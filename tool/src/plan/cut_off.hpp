// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plan/plan.hpp"

#include <cstddef>
#include <vector>

/// Where a run of a file without a transaction can be cut off, its statements being committed one by one.
namespace pgratchet::plan {

/// Whether an effect shows in what is compared, and not only in an owner, privileges or a comment, or in what a rule
/// ignores. `before` is the catalog before it.
[[nodiscard]] bool shows(plan const&, effect const& done, catalog::snapshot const& before);

/// A state in the middle of a file that passes for another version, though work between the two does not show: a
/// database that is left so would have that work done twice, or never.
struct mistaken_cut_off {
    std::size_t version = 0;         ///< of the file, counted from 1
    std::size_t statements_done = 0; ///< of it, at least one and not all
    std::size_t looks_like = 0;      ///< the other version

    friend bool operator==(mistaken_cut_off const&, mistaken_cut_off const&) = default;
};

/// All of them, above the baseline.
[[nodiscard]] std::vector<mistaken_cut_off> mistaken_cut_offs(plan const&);

} // namespace pgratchet::plan
