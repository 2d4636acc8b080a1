// SPDX-License-Identifier: Apache-2.0
#include "restore/archived_roles.hpp"

#include "database/child_process.hpp"
#include "errors.hpp"
#include "restore/roles.hpp"

namespace pgratchet::restore {

std::set<std::string> archived_roles(backup::found_backup const& from, backup::restore_program const& program)
{
    auto const script =
        database::run({{program.pg_restore.string(), "--schema-only", "--file=-", from.archive.string()},
                       {{"LC_ALL", "C"}},
                       {},
                       {},
                       {}});
    if (script.exit_status != 0) {
        throw backup_failed{"pg_restore cannot read " + from.archive.string() + ": " +
                            script.output.substr(0, script.output.find_last_not_of(" \n") + 1)};
    }
    return roles_named(script.output);
}

} // namespace pgratchet::restore
