// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "database/session.hpp"
#include "preflight/demands.hpp"
#include "preflight/rights.hpp"

namespace pgratchet::preflight {

/// Who the session works as, and what that role may do anywhere. One query.
[[nodiscard]] rights read_deployer(database::session&);

/// Adds what it may do with what is demanded, in at most three queries whatever that is.
void read_rights(database::session&, demands const&, rights&);

} // namespace pgratchet::preflight
