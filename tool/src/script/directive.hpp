// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pgratchet::script {

/// What a line `-- pgratchet: NAME` can ask for.
enum class directive {
    no_transaction,
    allow, ///< `-- pgratchet: allow WARNING: REASON`
};

/// What a comment says to pgratchet: a directive, or something that was meant as one and is none.
struct directive_comment {
    std::optional<directive> what;
    std::string warning; ///< of an allowance: the name as written, whether or not there is such a warning
    std::string reason;  ///< of an allowance
    std::string rule;    ///< if `what` is empty: "unknown-directive", "misspelt-directive", "incomplete-allow"
    std::string message; ///< what is wrong with it
    std::string hint;
};

/// Reads a comment with its marks (`-- ...` or `/* ... */`); nothing if it is prose.
[[nodiscard]] std::optional<directive_comment> read_directive(std::string_view comment);

} // namespace pgratchet::script
