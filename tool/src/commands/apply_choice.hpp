// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "commands/apply.hpp"
#include "plan/plan.hpp"

#include <cstddef>
#include <optional>
#include <set>

namespace pgratchet::commands {

/// What the operator chose, in terms of the plan: versions are counted from 1, 0 is the empty database.
struct apply_choice {
    std::size_t target = 0;                ///< bring the environment up to here
    std::optional<std::size_t> assumed;    ///< the version that --assume names
    std::set<catalog::object_id> accepted; ///< the objects whose drift may pass
};

/// Throws usage_error where the plan has no such version or object.
[[nodiscard]] apply_choice resolve(apply_options const&, plan::plan const&);

} // namespace pgratchet::commands
