// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "errors.hpp"
#include "lint/policy.hpp"
#include "plan/plan.hpp"
#include "report/formats.hpp"

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
    lint::choice warnings;
    bool warn_frozen = false; ///< warn of frozen migrations, too
    report::format format = report::format::gcc;
};

/// Replays the migrations on the shadow and writes the plan, unless there is an error. Diagnostics go to stderr as a
/// compiler's, and to stdout in another format if one is chosen. Throws usage_error for an unknown warning.
[[nodiscard]] exit_code compile(compile_options const&);

} // namespace pgratchet::commands
