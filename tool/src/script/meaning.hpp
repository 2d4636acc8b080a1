// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "script/script.hpp"

#include <string>

namespace pgratchet::script {

/// A sum of what a migration means, as "pg15:" and a SHA-256: of its statements' parse trees without the places in the
/// text, of its BEGIN with its options, and of whether it has a transaction at all. Comments (allowances among them),
/// blanks, line breaks, the case of key words and a byte order mark do not change it; what stands in quotes does, and
/// so a comment within a function's body. A statement without a tree counts as it is written. The prefix names the
/// parser: sums of different ones cannot be compared.
[[nodiscard]] std::string meaning_of(script const&);

} // namespace pgratchet::script
