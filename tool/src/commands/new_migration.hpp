// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "errors.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace pgratchet::commands {

struct new_options {
    std::filesystem::path migrations;
    std::string description;
    std::optional<std::string> baseline; ///< after which the files start
    bool no_transaction = false;
};

/// The path of a migration that is to be written next: its number, and the description as part of the name. Throws
/// configuration_error if the folder's names are not in order, or the numbers are used up; usage_error for a
/// description that leaves nothing for a name.
[[nodiscard]] std::filesystem::path next_file(std::filesystem::path const& migrations, std::string const& description,
                                              std::optional<std::string> const& baseline);

/// Writes that file, with BEGIN and COMMIT, and prints its path to stdout. A file that is there is never written over.
[[nodiscard]] exit_code new_migration(new_options const&);

} // namespace pgratchet::commands
