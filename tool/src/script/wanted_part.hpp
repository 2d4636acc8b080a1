// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

namespace pgratchet::script {

/// The part of a parse tree in JSON that read_parse_tree() looks at; null if the text is no JSON. Takes time linear
/// in the text and memory for the wanted part alone, and does not recurse.
[[nodiscard]] nlohmann::json read_wanted_part(std::string_view json);

} // namespace pgratchet::script
