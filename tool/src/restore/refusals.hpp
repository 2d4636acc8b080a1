// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "backup/receipt.hpp"
#include "database/session.hpp"
#include "restore/original.hpp"

#include <string>

namespace pgratchet::restore {

/// Throws state_refused unless the backup is of this environment, database and server. The database's OID is not
/// asked: a restore gives it another one. A system identifier counts where both are known.
void demand_own_backup(backup::receipt const&, original const&, std::string const& environment);

/// Throws state_refused if something hangs on the database that another one under its name would not have: logical
/// replication slots, subscriptions, prepared transactions.
void demand_replaceable(database::session&, original const&);

/// Throws state_refused if the role may not make a database like this one, rename this one, or end its sessions, with
/// what an administrator can do about it.
void demand_rights(database::session&, original const&);

/// Throws state_refused if there is less room on the server's disk than the new database will take: as much as the old
/// one, or as the archive if that is larger. Gives false if the disk cannot be asked.
[[nodiscard]] bool demand_space(original const&, backup::receipt const&);

} // namespace pgratchet::restore
