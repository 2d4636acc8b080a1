// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "catalog/compare.hpp"
#include "plan/timeline.hpp"

#include <set>
#include <string>
#include <vector>

namespace pgratchet::plan {

/// What the environment's operator and the project have settled beforehand.
struct tolerance {
    catalog::proven_equal proven;                ///< texts that the server showed to be equal
    std::set<catalog::object_id> accepted_drift; ///< from --accept-drift
};

/// True if a rule of the plan, or --accept-drift, says that a difference in this attribute is none.
/// `attribute` is "*" when the whole object is missing or in excess.
[[nodiscard]] bool tolerated(plan const&, tolerance const&, catalog::object_id const&, std::string const& attribute);

/// Whether a live object (or its absence) is what a segment expects.
[[nodiscard]] bool agrees(plan const&, tolerance const&, catalog::object_id const&, segment const& expected,
                          catalog::object const* live);

/// Whether at segment i of a history the object is there ahead of its time: equal to what the next segment makes with
/// IF NOT EXISTS, be it the object or a label of an enum. `next_agrees`: the live object is what the next segment
/// expects.
[[nodiscard]] bool is_anticipated(std::vector<segment> const& line, std::size_t i, bool next_agrees);

/// Glob match in which * stands for any characters.
[[nodiscard]] bool matches(std::string_view pattern, std::string_view text);

} // namespace pgratchet::plan
