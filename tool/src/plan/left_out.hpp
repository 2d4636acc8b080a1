// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plan/disagreement.hpp"

#include <optional>
#include <vector>

namespace pgratchet::plan {

/// The newest migration up to `highest` (counted from 1) that all of a drift is about: each object that is not as
/// expected is one that it makes or changes. Nothing if the drift is none, or lies in what several migrations made.
[[nodiscard]] std::optional<std::size_t> file_behind(timelines const&, std::vector<disagreement> const& drift,
                                                     std::size_t highest);

/// The migration before `version` that looks as if it had not run although that version has: all that it did, and
/// nothing else, is as it was before. `drift` is what separates the catalog from that version.
[[nodiscard]] std::optional<std::size_t> left_out(plan const&, timelines const&, std::vector<disagreement> const& drift,
                                                  std::size_t version);

} // namespace pgratchet::plan
