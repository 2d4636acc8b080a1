// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace pgratchet::catalog {

/// The child of an object under a key, or null.
inline nlohmann::json* child(nlohmann::json& node, char const* key)
{
    if (!node.is_object()) {
        return nullptr;
    }
    auto const found = node.find(key);
    return found == node.end() ? nullptr : &*found;
}

/// The text of a String node, if it is one.
inline std::optional<std::string> string_of(nlohmann::json& node)
{
    auto* const string = child(node, "String");
    auto* const text = string == nullptr ? nullptr : child(*string, "sval");
    return text != nullptr && text->is_string() ? std::optional{text->get<std::string>()} : std::nullopt;
}

} // namespace pgratchet::catalog
