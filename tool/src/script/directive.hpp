// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pgratchet::script {

/// What a line `-- pgratchet: NAME` can ask for.
enum class directive {
    no_transaction,
    allow,      ///< `-- pgratchet: allow WARNING: REASON`
    unanswered, ///< `-- pgratchet: unanswered KIND IDENTITY: TEXT`: a question that `revert` wrote down
    accepted,   ///< `-- pgratchet: accepted KIND IDENTITY: REASON`: its answer
};

/// What a comment says to pgratchet: a directive, or something that was meant as one and is none.
struct directive_comment {
    std::optional<directive> what;
    std::string about;   ///< of an allowance: the warning's name as written, whether or not there is such a warning; of
                         ///< an answer: kind and identity of the object
    std::string reason;  ///< of both; of a question its text
    std::string rule;    ///< if `what` is empty: "unknown-directive", "misspelt-directive", "incomplete-allow",
                         ///< "incomplete-answer"
    std::string message; ///< what is wrong with it
    std::string hint;
};

/// Reads a comment with its marks (`-- ...` or `/* ... */`); nothing if it is prose.
[[nodiscard]] std::optional<directive_comment> read_directive(std::string_view comment);

} // namespace pgratchet::script
