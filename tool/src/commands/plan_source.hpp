// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bundle/trust.hpp"
#include "plan/plan.hpp"
#include "script/migration_set.hpp"
#include "script/script.hpp"

#include <filesystem>
#include <string>

namespace pgratchet::commands {

/// A compiled plan and the files that it was compiled from.
struct plan_source {
    plan::plan compiled;
    std::string project;                         ///< the plan file's name without its endings: "shop" of shop.plan.json
    std::filesystem::path migrations;            ///< the folder
    std::optional<std::filesystem::path> probes; ///< the folder
    std::filesystem::path folder;                ///< of the plan file
    std::string sha256;                          ///< of the plan file
    std::optional<bundle::examined> in_bundle;   ///< the bundle that the plan is part of

    /// The path of migration k's file.
    [[nodiscard]] std::filesystem::path file_of(std::size_t k) const;

    /// Reads and takes apart migration k (counted from 1), exactly the bytes that were compiled. Throws state_refused
    /// otherwise.
    [[nodiscard]] script::script script_of(std::size_t k) const;
};

/// Reads a plan and makes sure that it is of the files as they are now: compared by SHA-256, not by time stamps.
/// If the plan is part of a bundle, or trusted keys are configured, the bundle is examined before anything else.
/// Throws configuration_error (no plan, damaged), state_refused (stale, naming each file; a bundle that is not whole
/// or not trusted).
[[nodiscard]] plan_source load_plan(std::filesystem::path const& file);

/// The name that a plan file gives its project.
[[nodiscard]] std::string project_of(std::filesystem::path const& plan);

/// The files of a folder that are probes, `NNN_name.sql`, in order.
[[nodiscard]] std::vector<script::migration_name> probe_names(std::filesystem::path const& folder);

} // namespace pgratchet::commands
