// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plan/plan.hpp"
#include "script/frozen.hpp"

#include <filesystem>

namespace pgratchet::commands {

/// Where a folder of migrations keeps the list of those that are frozen.
[[nodiscard]] std::filesystem::path frozen_list_of(std::filesystem::path const& migrations);

/// Reads that list; an empty one if there is none. Throws configuration_error if it cannot be read.
[[nodiscard]] script::frozen_list read_frozen_list(std::filesystem::path const& migrations);

/// Throws state_refused, naming them, if some migrations of a plan are not frozen, or not as they are. A schema dump
/// in place of the first ones is none.
void demand_frozen(plan::plan const&, std::filesystem::path const& migrations);

} // namespace pgratchet::commands
