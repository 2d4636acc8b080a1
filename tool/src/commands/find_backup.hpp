// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace pgratchet::commands {

/// The backup that an operator names by its path, or by the name that it has in the folder for backups. Throws
/// usage_error if none is named, with `how_to_say` ("--from FILE"), or the folder has none of that name; the hint lists
/// the newest of the environment.
[[nodiscard]] std::filesystem::path find_backup(std::string const& named, std::string const& how_to_say,
                                                std::filesystem::path const& folder, std::string const& environment);

} // namespace pgratchet::commands
