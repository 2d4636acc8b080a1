// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "compile/shadow.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace pgratchet::commands {

/// Where a shadow is to be: on the server that a variable names, or else on a private one in `data_dir`. Throws
/// configuration_error if the variable is not set.
[[nodiscard]] compile::shadow::options shadow_for(std::optional<std::filesystem::path> const& data_dir,
                                                  std::optional<std::filesystem::path> const& bindir,
                                                  std::optional<std::string> const& url_variable);

/// Opens it, with errors that say what was looked for.
[[nodiscard]] std::unique_ptr<compile::shadow> open_shadow(compile::shadow::options,
                                                           std::optional<std::string> const& url_variable);

} // namespace pgratchet::commands
