// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "catalog/object.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace pgratchet::revert {

/// In the order in which objects of their kinds are made, or the other way round, in which they are dropped.
[[nodiscard]] std::vector<catalog::object_id> in_order(std::set<catalog::object_id> const&, bool is_making);

/// Puts the columns among them, which in_order() leaves together, into their order within each table, by the lists of
/// its columns (as of blueprints).
void order_columns(std::vector<catalog::object_id>&, std::map<std::string, std::vector<std::string>> const& of_tables);

/// Whether an object hangs on a table that inherits from another, or is a partition of one.
[[nodiscard]] bool belongs_to_child(catalog::snapshot const& in, catalog::object_id const&);

} // namespace pgratchet::revert
