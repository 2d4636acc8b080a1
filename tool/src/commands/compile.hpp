// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "errors.hpp"
#include "plan/plan.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace pgratchet::commands {

struct compile_options {
    std::filesystem::path migrations;
    std::optional<std::filesystem::path> probes;
    std::filesystem::path plan;
    std::optional<std::filesystem::path> data_dir; ///< of the shadow's private server
    std::optional<std::filesystem::path> bindir;
    std::optional<std::string> shadow_url_variable; ///< or the variable that names a server
    std::optional<std::string> baseline;
    std::optional<std::filesystem::path> baseline_schema;
    std::vector<std::string> roles;
    std::optional<std::string> runtime_role; ///< one of the roles
    std::vector<std::string> runtime_privileges;
    std::vector<plan::ignore_rule> ignored;
    std::vector<std::string> job_managed_partitions;
    std::string search_path = "public";
};

/// Replays the migrations on the shadow and writes the plan. Diagnostics go to stderr as a compiler's.
[[nodiscard]] exit_code compile(compile_options const&);

} // namespace pgratchet::commands
