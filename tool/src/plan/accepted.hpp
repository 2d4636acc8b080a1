// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plan/choose.hpp"
#include "plan/disagreement.hpp"

#include <optional>

namespace pgratchet::plan {

/// The drift from version k that --accept-drift lets pass.
[[nodiscard]] std::vector<disagreement> accepted_at(plan const&, timelines const&, std::size_t k,
                                                    catalog::snapshot const& live, tolerance const&);

/// The first file up to version k, which is what fits, that may not have run for all that: it works on data, what was
/// accepted as drift is as it was before the file, and no probe of it says that it is done.
[[nodiscard]] std::optional<std::size_t> may_not_have_run(plan const&, timelines const&, std::size_t k,
                                                          catalog::snapshot const& live, tolerance const&,
                                                          probe_answers const&);

} // namespace pgratchet::plan
