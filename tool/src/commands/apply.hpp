// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "apply/run.hpp"
#include "commands/backup.hpp"
#include "commands/environment.hpp"
#include "errors.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <set>
#include <string>

namespace pgratchet::commands {

struct apply_options {
    std::filesystem::path plan;
    connection_options connection;
    std::optional<std::string> to; ///< a version; the newest if absent
    apply::settings how;
    std::chrono::milliseconds patience{300000}; ///< for another deployer
    std::optional<std::string> assume;
    std::set<std::string> accepted_drift;
    std::optional<std::filesystem::path> receipts;
    std::optional<backup_choice> backup; ///< before the first migration, if any is pending; never if absent
    bool no_preflight = false;           ///< leave it to the server whether the role's rights suffice
};

/// Brings an environment up to a version.
[[nodiscard]] exit_code apply(apply_options const&);

} // namespace pgratchet::commands
