// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "errors.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace pgratchet::commands {

struct history_options {
    std::filesystem::path plan; ///< names the project; it need not be compiled
    std::string environment;
    std::optional<std::filesystem::path> receipts;
    bool json = false;
};

/// Shows the receipts of an environment, oldest first, on stdout. Opens no connection. A damaged line is named by its
/// number on stderr and passed over.
[[nodiscard]] exit_code history(history_options const&);

} // namespace pgratchet::commands
