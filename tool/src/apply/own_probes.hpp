// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "apply/run.hpp"

#include <cstddef>

namespace pgratchet::apply {

/// Asks the hand-written probes of migration k (counted from 1), whose last statement has run, as they are asked later
/// on: read-only, without the settings of the file, in its transaction if that is open. Throws report::diagnosed with
/// those that are not true, at `where`; sql_error for lock trouble, connection_lost.
void demand_own_probes(workplace&, std::size_t k, report::location const& where);

} // namespace pgratchet::apply
