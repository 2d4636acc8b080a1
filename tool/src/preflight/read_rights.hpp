// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "database/session.hpp"
#include "preflight/demands.hpp"
#include "preflight/rights.hpp"

namespace pgratchet::preflight {

/// Asks the server in at most four queries, whatever is demanded.
[[nodiscard]] rights read_rights(database::session&, demands const&);

} // namespace pgratchet::preflight
