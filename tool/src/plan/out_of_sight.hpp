// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plan/plan.hpp"

#include <cstddef>

/// What files do that the compared schema does not show, where two versions look alike.
namespace pgratchet::plan {

/// True if taking the higher of two versions for the lower one skips no work: every file between is schema-only and has
/// an effect to know it by, and what it does besides is gone at the higher one; or the pair lies at or below the
/// baseline. An owner, privilege or comment is no such knowledge of what was done besides: an environment may have had
/// it before.
[[nodiscard]] bool may_take_higher(plan const&, std::size_t low, std::size_t high);

/// True if the files between two versions, run on a database that may be at the higher one, would lose what it holds:
/// rows of a table or column, or the state of a sequence, that are dropped and made again.
[[nodiscard]] bool loses_data_again(plan const&, std::size_t low, std::size_t high);

} // namespace pgratchet::plan
