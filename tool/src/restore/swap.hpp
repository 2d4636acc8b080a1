// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "database/session.hpp"
#include "restore/new_database.hpp"
#include "restore/original.hpp"

#include <string>

namespace pgratchet::restore {

/// Lets the new database take the name of the old one, in one transaction: the old one is renamed to `keep_as` and
/// closed to connections, and the new one gets its name, connection limit and mark as a template.
///
/// ALTER DATABASE ... RENAME takes the database's lock, which lets nobody in any more, and then waits up to five
/// seconds for the sessions to go. They are ended meanwhile, from `helper`. So there is no moment at which the database
/// is closed and the swap not decided: whatever happens to us, it is there under its name with its connections
/// allowed, the old one or the new one.
///
/// Our session with the old one is ended too: it keeps the deployer lock until nobody else can get in. The new one is
/// closed from the start, and opened in the transaction. Throws backup_failed if nothing was swapped, commit_in_doubt
/// if that cannot be told.
void swap(database::session& admin, database::session& helper, database::connector const&, original const&,
          new_database&, std::string const& keep_as);

} // namespace pgratchet::restore
