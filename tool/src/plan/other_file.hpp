// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plan/locate.hpp"

#include <optional>
#include <string>

namespace pgratchet::plan {

/// The migration that all of a drift is about: each object that is not as expected is one that it makes or changes
/// (the newest such migration; counted from 1). Then another file of that number may have been applied, or what it
/// made was changed since. Nothing if there is no drift, or if it lies in what several migrations made.
[[nodiscard]] std::optional<std::size_t> drift_is_about(plan const&, state const&);

/// That in words, or that one has been left out; empty without such a migration.
[[nodiscard]] std::string drift_in_words(plan const&, state const&, std::string const& environment);

} // namespace pgratchet::plan
