// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "errors.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace pgratchet::commands {

struct revert_options {
    std::string version;
    std::filesystem::path plan;
    std::filesystem::path migrations;
    std::optional<std::filesystem::path>
        data_dir; ///< of the shadow's private server; "shadow" beside the plan if not given
    std::optional<std::filesystem::path> bindir;
    std::optional<std::string> shadow_url_variable; ///< or the variable that names a server
};

/// Writes the next migration, NNN_revert_MMM_description.sql, which takes migration MMM back: found by trying, on a
/// shadow that has all migrations, what brings each object that MMM changes to what it was. Prints its path to
/// stdout. Throws state_refused if MMM leaves no trace in the schema, or later files build on it.
[[nodiscard]] exit_code revert(revert_options const&);

} // namespace pgratchet::commands
