// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bundle/presets.hpp"
#include "plan/plan.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pgratchet::bundle {

/// What the runbook tells besides the plan.
struct runbook_facts {
    std::string name;
    std::string version;
    std::string pgratchet;
    std::optional<std::string> source_revision;
    std::string plan_path; ///< within the bundle
    std::string plan_sha256;
    std::vector<environment_preset> environments;
    std::string target_prefix; ///< of CMake's targets: empty, or "crm_"
    bool has_backup = false;   ///< the executor has the command backup
    bool has_restore = false;  ///< likewise
};

/// The operator's page, as Markdown: what is in the bundle, what each migration does to the schema and which locks it
/// takes, how to check, back up, apply, verify and restore.
[[nodiscard]] std::string runbook(runbook_facts const&, plan::plan const&);

} // namespace pgratchet::bundle
