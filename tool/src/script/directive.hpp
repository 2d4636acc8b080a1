// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pgratchet::script {

/// What a line `-- pgratchet: NAME` can ask for.
enum class directive { no_transaction };

/// What a comment says to pgratchet: a directive, or something that was meant as one and is none.
struct directive_comment {
    std::optional<directive> what;
    std::string rule;    ///< if `what` is empty: "unknown-directive" or "misspelt-directive"
    std::string message; ///< what is wrong with it
    std::string hint;
};

/// Reads a comment with its marks (`-- ...` or `/* ... */`); nothing if it is prose.
[[nodiscard]] std::optional<directive_comment> read_directive(std::string_view comment);

} // namespace pgratchet::script
