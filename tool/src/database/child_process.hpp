// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace pgratchet::database {

/// A program to run, without a shell.
struct command {
    std::vector<std::string> arguments;             ///< the program first; looked up in PATH unless it holds a slash
    std::map<std::string, std::string> environment; ///< set on top of our own; the way secrets travel
    std::vector<std::string> unset;                 ///< variables taken out
    std::optional<std::string> run_as;              ///< user name to become (only root may ask)
    std::optional<std::filesystem::path> working_directory;
};

struct outcome {
    int exit_status = 0; ///< 128 + signal when killed
    std::string output;  ///< stdout and stderr together
};

/// Runs a program to its end. Throws configuration_error if it cannot be started.
[[nodiscard]] outcome run(command const&);

} // namespace pgratchet::database
