// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/describe.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace pgratchet::cli {

/// The manual page of one command, in the macros of man(7).
[[nodiscard]] std::string manual_page(description const&);

/// pgratchet(1), with the list of commands.
[[nodiscard]] std::string main_manual_page();

/// Completion scripts for all commands and their options.
[[nodiscard]] std::string bash_completion(std::vector<description> const&);
[[nodiscard]] std::string zsh_completion(std::vector<description> const&);
[[nodiscard]] std::string fish_completion(std::vector<description> const&);

/// `pgratchet --documentation DIR`, which the build runs: writes man1/*.1, bash/pgratchet, zsh/_pgratchet and
/// fish/pgratchet.fish into a folder. Throws configuration_error.
void write_documentation(std::filesystem::path const&);

} // namespace pgratchet::cli
