// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "backup/archive.hpp"
#include "backup/programs.hpp"
#include "database/session.hpp"

#include <functional>
#include <string>

namespace pgratchet::restore {

struct load_options {
    int jobs = 1;                 ///< connections that restore at a time
    bool with_tablespaces = true; ///< objects go where they were; else all go where the database is
};

/// Runs pg_restore of an archive into the database that `into` is connected with. `watch` is called about five times a
/// second, and may throw: pg_restore is then ended. Throws backup_failed with what it said unless it went through
/// without an error; the one about transaction_timeout is none (complaints.hpp).
void load(database::session const& into, std::string const& name, backup::found_backup const&,
          backup::restore_program const&, load_options const&, std::function<void()> const& watch);

} // namespace pgratchet::restore
