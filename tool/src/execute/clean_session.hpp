// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "database/session.hpp"

#include <string>

namespace pgratchet::execute {

/// Gives a session the state in which `psql -f` would start a file: no cursor, role, setting, prepared statement (but
/// our own, called pgratchet_...), temporary table or sequence cache survives. Then pins the settings that a migration
/// relies on. To be called outside a transaction.
///
/// Never DISCARD ALL, which would release the deployer lock. DISCARD PLANS is not needed: a cached plan is made again
/// where the search_path is another.
void clean_session(database::session&, std::string const& search_path);

/// Statements that give the inside of a transaction back to the deployer, whatever role a migration has taken.
[[nodiscard]] std::string own_identity();

} // namespace pgratchet::execute
