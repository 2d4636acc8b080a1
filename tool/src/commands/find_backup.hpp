// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace pgratchet::commands {

/// The backup that an operator names by its path, or by the name that it has in the folder for backups. Throws
/// usage_error if none is named, or the folder has none of that name; the hint lists
/// the newest of the project's environment.
[[nodiscard]] std::filesystem::path find_backup(std::string const& named, std::filesystem::path const& folder,
                                                std::string const& project, std::string const& environment);

} // namespace pgratchet::commands
