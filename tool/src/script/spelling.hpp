// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pgratchet::script {

/// How many letters must be changed, added or taken out to make one of the other. Takes time a.size() * b.size().
[[nodiscard]] std::size_t spelling_distance(std::string_view a, std::string_view b);

/// True if one of the words of an SQL text is the given upper-case keyword: outside of comments, strings and quoted
/// names.
[[nodiscard]] bool says(std::string_view sql, std::string_view keyword);

/// The text with the letters A to Z in lower case.
[[nodiscard]] std::string in_lower_case(std::string_view text);

} // namespace pgratchet::script
