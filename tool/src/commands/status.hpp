// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "commands/environment.hpp"
#include "errors.hpp"

#include <filesystem>

namespace pgratchet::commands {

struct status_options {
    std::filesystem::path plan;
    connection_options connection;
    bool json = false;
};

/// Says where an environment stands, on stdout. Reads only.
[[nodiscard]] exit_code status(status_options const&);

} // namespace pgratchet::commands
