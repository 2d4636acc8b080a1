// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "report/diagnostic.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pgratchet::report {

/// Forms in which programs read diagnostics.
enum class format { gcc, json, sarif, github };

/// The format of that name; nothing if there is none.
[[nodiscard]] std::optional<format> format_named(std::string_view name);

/// What is known of a rule by its name, for the formats that have a place for it.
struct rule {
    std::string name;
    std::string summary;
    std::string help_uri; ///< empty if there is no page on the web
    severity level = severity::warning;
};

/// A whole run of a command.
struct run_of_command {
    std::string version;                 ///< pgratchet's
    std::string folder;                  ///< the working folder, absolute: relative file names start there
    std::vector<rule> rules;             ///< those that can be switched off; others are added as they occur
    std::vector<diagnostic> diagnostics; ///< in the order in which they were found
    int exit_code = 0;
};

/// {"diagnostics": [{"severity", "file", "line", "column", "message", "name", "option", "details", "hint"}, ...],
/// "errors", "warnings", "notes", "exit_code"}: what is not known is null. With a line end.
[[nodiscard]] std::string to_json(run_of_command const&);

/// A document after "Static Analysis Results Interchange Format (SARIF) Version 2.1.0" (OASIS), with a line end.
/// Columns count Unicode code points, as everywhere here.
[[nodiscard]] std::string to_sarif(run_of_command const&);

/// One line, without its end, that GitHub Actions shows as an annotation (GitHub documentation, "Workflow commands",
/// "Setting an error message").
[[nodiscard]] std::string to_github(diagnostic const&);

} // namespace pgratchet::report
