// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "catalog/query.hpp"
#include "database/session.hpp"

#include <string>
#include <vector>

namespace pgratchet::execute {

/// Runs one SELECT under the settings of catalog::pinned_settings() and leaves no trace of them: in a transaction of
/// its own, or behind a savepoint if one is open. A query with parameters is for few objects: the server then uses
/// indexes only, and keeps its plan as a prepared statement called pgratchet_....
[[nodiscard]] database::rows select_pinned(database::session&, catalog::query const&);

/// Reads the objects in scope. Within an open transaction it sees what that transaction did.
[[nodiscard]] std::vector<catalog::located_object> read_catalog(database::session&, catalog::scope const&);

/// Reads a whole database. Reading a definition can meet an ALTER that is going on in another session: that is
/// tried again for some seconds. Throws lock_unavailable, naming who holds the lock, when it does not end.
[[nodiscard]] catalog::snapshot read_snapshot(database::session&);

} // namespace pgratchet::execute
