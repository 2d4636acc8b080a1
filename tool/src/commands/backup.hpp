// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "backup/dump.hpp"
#include "commands/environment.hpp"
#include "commands/plan_source.hpp"
#include "database/session.hpp"
#include "errors.hpp"
#include "plan/locate.hpp"

#include <chrono>
#include <filesystem>
#include <optional>

namespace pgratchet::commands {

/// Where backups go and how they are made.
struct backup_choice {
    std::optional<std::filesystem::path> folder; ///< `backups` in the environment's folder of receipts if absent
    backup::archive_format format = backup::archive_format::custom;
    int jobs = 1;
    std::optional<std::string> compression;
    bool check_space = true;
};

struct backup_options {
    std::filesystem::path plan;
    connection_options connection;
    std::chrono::milliseconds patience{300000}; ///< for another deployer
    std::optional<std::filesystem::path> receipts;
    backup_choice how;
};

/// The folder for backups of an environment.
[[nodiscard]] std::filesystem::path backup_folder(std::optional<std::filesystem::path> const& chosen,
                                                  std::filesystem::path const& receipts,
                                                  std::string const& environment);

/// Makes a backup of a located environment, says so, and writes the receipt in `receipts`. The session holds the
/// deployer lock, which is looked after meanwhile: a lost one ends the backup. Throws backup_failed, or
/// configuration_error if there is no pg_dump that fits.
backup::found_backup take_backup(database::session&, plan_source const&, environment const&, plan::state const&,
                                 backup_choice const&, std::filesystem::path const& receipts);

/// Makes a backup of an environment, whatever state it is in: connects, takes the deployer lock, locates.
backup::found_backup backup_now(backup_options const&, plan_source);

/// The same, and prints its path.
[[nodiscard]] exit_code backup(backup_options const&);

} // namespace pgratchet::commands
