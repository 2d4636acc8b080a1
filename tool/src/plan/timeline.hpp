// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plan/plan.hpp"

#include <map>
#include <vector>

namespace pgratchet::plan {

/// An object's definition from one version on, until the next segment.
struct segment {
    std::size_t from = 0;                   ///< version, counted from 1; 0 is the empty database
    catalog::object const* value = nullptr; ///< nothing: the object is absent
    bool if_not_exists = false;             ///< the change that begins it tolerates an equal object
};

/// For each identity that some version of the plan knows, its history; the first segment is from version 0.
/// Points into the plan.
using timelines = std::map<catalog::object_id, std::vector<segment>>;

/// Default privileges are left out: they belong to effects only.
[[nodiscard]] timelines timelines_of(plan const&);

/// The same with default privileges.
[[nodiscard]] timelines histories_of(plan const&);

/// The snapshot that the plan expects at version k, of the objects it knows.
[[nodiscard]] catalog::snapshot snapshot_at(plan const&, std::size_t k);

/// The segment in force at version k.
[[nodiscard]] segment const& at(std::vector<segment> const&, std::size_t k);

} // namespace pgratchet::plan
