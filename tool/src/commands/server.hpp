// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "errors.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace pgratchet::commands {

enum class server_action { start, stop, status, url };

struct server_options {
    server_action action = server_action::status;
    std::filesystem::path data_dir;
    std::optional<std::filesystem::path> bindir;
    std::string database = "postgres"; ///< for url
};

/// Starts a local server to stay, stops it, says whether it runs, or prints how to connect to it.
[[nodiscard]] exit_code server(server_options const&);

} // namespace pgratchet::commands
