// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "catalog/object.hpp"

#include <set>
#include <vector>

namespace pgratchet::revert {

/// In the order in which objects of their kinds are made, or the other way round, in which they are dropped.
[[nodiscard]] std::vector<catalog::object_id> in_order(std::set<catalog::object_id> const&, bool is_making);

/// Whether an object hangs on a table that inherits from another, or is a partition of one.
[[nodiscard]] bool belongs_to_child(catalog::snapshot const& in, catalog::object_id const&);

} // namespace pgratchet::revert
