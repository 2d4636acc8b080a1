// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pgratchet::report {

enum class severity { error, warning, note };

/// A place in a file. Lines and columns start at 1 and columns count characters, not bytes;
/// 0 means "not known" and is left out when printed.
struct location {
    std::string file;
    std::size_t line = 0;
    std::size_t column = 0;

    friend bool operator==(location const&, location const&) = default;
};

/// "file:line:column", as far as they are known.
[[nodiscard]] std::string in_words(location const&);

/// One message of the compiler about one place.
struct diagnostic {
    severity level = severity::error;
    location where;
    std::string message;
    std::string name;                 ///< a rule ("second-transaction") or an SQLSTATE ("42703"); printed in brackets
    std::vector<std::string> details; ///< printed below, indented, one to a line
    std::optional<std::string> hint;
    /// For a warning that can be switched off: "-Wtable-rewrite", or "-Werror=table-rewrite" where it was made an
    /// error.
    std::string option{};

    friend bool operator==(diagnostic const&, diagnostic const&) = default;
};

/// Escape sequences that switch colours on a terminal; all empty where there is none.
struct palette {
    std::string_view place, error, warning, note, off;

    [[nodiscard]] std::string_view of(severity level) const
    {
        return level == severity::error ? error : level == severity::warning ? warning : note;
    }
};

/// "error", "warning" or "note".
[[nodiscard]] char const* in_words(severity);

/// What stands in brackets behind a message: a rule, an SQLSTATE, a warning's option; a warning of the server has both
/// of the latter. Empty if there is none.
[[nodiscard]] std::string label_of(diagnostic const&);

/// `file:line:column: error: message [name]` (or `[-Wname]`), then the details and `hint: ...`, each indented by two
/// blanks; no line end behind the last line. This is the form that GCC uses, so Ninja, Make and an editor's problem
/// matcher understand it.
[[nodiscard]] std::string to_gcc(diagnostic const&, palette const& = {});

} // namespace pgratchet::report
