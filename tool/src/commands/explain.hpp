// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "errors.hpp"

#include <filesystem>
#include <string>

namespace pgratchet::commands {

struct explain_options {
    std::filesystem::path plan;
    std::string version; ///< "004"
    bool json = false;
};

/// Prints what a migration's statements did on the shadow to relations that were there before it: locks, rewrites,
/// scans. Reads the plan alone. Throws usage_error if the plan has no such migration.
[[nodiscard]] exit_code explain(explain_options const&);

} // namespace pgratchet::commands
