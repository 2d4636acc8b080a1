// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "commands/backup.hpp"
#include "commands/environment.hpp"
#include "errors.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace pgratchet::commands {

struct rehearse_options {
    std::filesystem::path plan;
    std::string environment;
    std::optional<connection_options> connection;   ///< with the environment: where it is now, and for a backup
    std::optional<std::filesystem::path> from;      ///< an archive; the newest of the environment if absent
    bool new_backup = false;                        ///< make one, even if there is one
    backup_choice backups;                          ///< where they are, and how one is made
    std::optional<std::filesystem::path> data_dir;  ///< of a private server
    std::optional<std::filesystem::path> bindir;    ///< of its programs, and of pg_restore
    std::optional<std::string> shadow_url_variable; ///< or the variable that names a server
    int jobs = 1;                                   ///< how many tables are restored at a time
    std::optional<std::filesystem::path> receipts;
};

/// Restores a backup of an environment into a throwaway database on another server, applies there what is pending, and
/// prints each statement's time, locks and rewrites. The environment itself is not touched. Throws report::diagnosed
/// with the place of the error where a migration fails, backup_failed if the backup cannot be restored.
[[nodiscard]] exit_code rehearse(rehearse_options const&);

} // namespace pgratchet::commands
