// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

namespace pgratchet::script {

/// The whole parse tree of one statement, as libpg_query gives it: {"TruncateStmt": {...}}. Null if libpg_query does
/// not know the statement, or if it is beyond `most_bytes_in_whole_tree`. Never throws for what the text holds.
/// "location" in it counts bytes from 0 at the statement's first byte.
[[nodiscard]] nlohmann::json tree_of(std::string_view statement);

/// A tree takes some hundred times the memory of its text.
inline constexpr std::size_t most_bytes_in_whole_tree = 1U << 20U;

} // namespace pgratchet::script
