// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "backup/archive.hpp"
#include "commands/environment.hpp"
#include "commands/plan_source.hpp"
#include "database/session.hpp"

#include <optional>
#include <string>

namespace pgratchet::commands {

/// Throws state_refused if the plan has no such version as the backup's receipt names: nothing could be compared then.
void demand_known_version(plan_source const&, backup::found_backup const&);

/// Locates a restored database, and throws backup_failed unless it is in the state of the receipt. A backup of drift
/// or of an ambiguous state is compared by that only if the plan is the one that said so.
void demand_state_of_receipt(database::session&, plan_source const&, backup::found_backup const&);

/// "003", "empty" or "drift": for people.
[[nodiscard]] std::string state_of(backup::receipt const&);

/// Where the environment stands, in words, if it is not where the backup is. One that cannot be asked from here is
/// warned of, and that is all: nothing comes of a rehearsal there.
[[nodiscard]] std::optional<std::string> gone_on(connection_options const&, plan_source const&, backup::receipt const&);

} // namespace pgratchet::commands
