// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "backup/archive.hpp"
#include "commands/plan_source.hpp"
#include "database/session.hpp"

#include <string>

namespace pgratchet::commands {

/// Throws state_refused if the plan has no such version as the backup's receipt names: nothing could be compared then.
void demand_known_version(plan_source const&, backup::found_backup const&);

/// Locates a restored database, and throws backup_failed unless it is in the state of the receipt. A backup of drift
/// or of an ambiguous state is compared by that only if the plan is the one that said so.
void demand_state_of_receipt(database::session&, plan_source const&, backup::found_backup const&);

/// "003", "empty" or "drift": for people.
[[nodiscard]] std::string state_of(backup::receipt const&);

} // namespace pgratchet::commands
