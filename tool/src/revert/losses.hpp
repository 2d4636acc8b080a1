// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plan/comparison.hpp"
#include "plan/plan.hpp"
#include "script/script.hpp"

#include <set>
#include <string>
#include <vector>

namespace pgratchet::revert {

/// Something that taking a migration back loses, or does not bring back. Somebody has to say that it may be so.
struct loss {
    std::string about; ///< kind and identity, or "work NNN:LINE"
    std::string text;
    std::string by_hand; ///< what is to be written among the statements, for which none was found
};

/// What is lost where rows are: `differed` is what differs between the schema now and the one that is wanted, `left`
/// what still does afterwards, `tables` those of before and after (views have columns, too), `reverted` the
/// migration that is taken back and `file` its script. `has_old_names`: what the file gave other names has its old ones
/// again, and with them the data that stands under them.
[[nodiscard]] std::vector<loss> losses(std::vector<plan::object_change> const& differed,
                                       std::vector<plan::object_change> const& left,
                                       std::set<std::string> const& tables, script::script const& file,
                                       plan::migration const& reverted, bool has_old_names);

} // namespace pgratchet::revert
