// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "errors.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace pgratchet::commands {

struct freeze_options {
    std::filesystem::path migrations;
    std::optional<std::string> baseline; ///< up to it, files may be missing or may have never been there
    bool accept_layout = false;          ///< freeze anew those whose comments or layout alone changed
};

/// Adds the migrations that are not frozen yet to the folder's list, `SHA256SUMS`. What is frozen is never changed: if
/// such a file was edited or is missing, or anything is wrong with the files, that is reported and nothing is written.
[[nodiscard]] exit_code freeze(freeze_options const&);

} // namespace pgratchet::commands
