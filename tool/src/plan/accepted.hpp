// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plan/choose.hpp"
#include "plan/disagreement.hpp"

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace pgratchet::plan {

/// The objects that words name: an identity, which objects of several kinds can have, or one behind its kind, as a list
/// of drift prints them.
[[nodiscard]] std::set<catalog::object_id> named_by(std::string_view words, timelines const&);

/// What lets the drift of these objects pass, as the receipt of a backup names them.
[[nodiscard]] tolerance accepting(std::vector<std::string> const& objects, plan const&);

/// The drift from version k that --accept-drift lets pass.
[[nodiscard]] std::vector<disagreement> accepted_at(plan const&, timelines const&, std::size_t k,
                                                    catalog::snapshot const& live, tolerance const&);

/// The first file up to version k, which is what fits, that may not have run for all that: it works on data or does
/// what does not show, what was accepted as drift is as it was before the file, and no probe of it says that it is
/// done. Of a file in a transaction a table that it makes says so, too, where no probe contradicts.
[[nodiscard]] std::optional<std::size_t> may_not_have_run(plan const&, timelines const&, std::size_t k,
                                                          catalog::snapshot const& live, tolerance const&,
                                                          probe_answers const&);

} // namespace pgratchet::plan
