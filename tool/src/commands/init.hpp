// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "errors.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace pgratchet::commands {

/// Writes a project with a first migration into a folder, which is made if it is not there. The project is called as
/// the folder unless `name` says otherwise. Throws configuration_error, having written nothing, if one of the files
/// exists, and usage_error for a name that is none.
[[nodiscard]] exit_code init(std::filesystem::path const& folder, std::optional<std::string> const& name);

} // namespace pgratchet::commands
