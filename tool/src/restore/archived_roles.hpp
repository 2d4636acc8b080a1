// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "backup/archive.hpp"
#include "backup/programs.hpp"

#include <set>
#include <string>

namespace pgratchet::restore {

/// The roles that an archive names (roles.hpp), by the script that pg_restore makes of its schema. Throws backup_failed
/// if it cannot be read.
[[nodiscard]] std::set<std::string> archived_roles(backup::found_backup const&, backup::restore_program const&);

} // namespace pgratchet::restore
