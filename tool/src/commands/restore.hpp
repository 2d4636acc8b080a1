// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "commands/environment.hpp"
#include "errors.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

namespace pgratchet::commands {

struct restore_options {
    std::filesystem::path plan;
    connection_options connection;
    std::filesystem::path from;                 ///< the archive, or its receipt
    bool from_another_database = false;         ///< the backup need not be of this environment, database and server
    int jobs = 1;                               ///< connections of pg_restore
    std::optional<std::string> keep_as;         ///< the old database's new name
    std::chrono::milliseconds patience{300000}; ///< for another deployer
    std::optional<std::filesystem::path> receipts;
    bool check_space = true;
};

/// Puts an environment back into the state that a backup's receipt names, and prints the name under which the database
/// as it was is kept. A restore that fails has changed nothing. Throws state_refused, backup_failed, commit_in_doubt.
[[nodiscard]] exit_code restore(restore_options const&);

} // namespace pgratchet::commands
