// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "catalog/compare.hpp"
#include "database/session.hpp"

#include <vector>

namespace pgratchet::apply {

/// The last resort of comparison: has the live server define both texts, in temporary objects that are rolled back, and
/// compares what it makes of them. Gives those pairs that come out equal. What cannot be defined (no right to
/// make temporary objects, a text this server does not take) is not proven. Costs some milliseconds a pair.
[[nodiscard]] catalog::proven_equal redefine(database::session&, catalog::object const& expected,
                                             std::vector<catalog::attribute_difference> const&);

} // namespace pgratchet::apply
