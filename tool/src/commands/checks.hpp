// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "commands/located.hpp"
#include "plan/plan.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pgratchet::commands {

/// The outcome of one check of the live schema.
struct check {
    std::string name; ///< "migration.004", "probe.003_imphash", "schema.version", "schema.drift", "schema.privileges"
    bool passed = false;
    std::vector<std::string> lines; ///< what was expected and what is there
    bool is_moot = false;           ///< passed, since there is nothing to check
};

/// What a probe answered, and if it could not, why. Or the file that took its migration back, and it was not asked.
struct probe_result {
    std::optional<bool> answer;
    std::string why;
    std::optional<std::string> taken_back_by;
};

/// Cuts a long list off, and says how many lines are left out.
void shorten(std::vector<std::string>& lines);

/// All checks of an environment that its located state and the probes decide. `probes` are in the plan's order.
[[nodiscard]] std::vector<check> run_checks(std::string const& environment, plan::plan const&, located const&,
                                            std::vector<probe_result> const& probes);

} // namespace pgratchet::commands
