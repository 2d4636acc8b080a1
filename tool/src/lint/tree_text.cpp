// SPDX-License-Identifier: Apache-2.0
#include "lint/tree_text.hpp"

namespace pgratchet::lint {

using nlohmann::json;

json const& field(json const& node, std::string_view name)
{
    static json const null;
    if (!node.is_object()) {
        return null;
    }
    auto const place = node.find(std::string{name});
    return place == node.end() ? null : *place;
}

json const& list(json const& node, std::string_view name)
{
    static json const empty = json::array();
    json const& found = field(node, name);
    return found.is_array() ? found : empty;
}

std::string text_field(json const& node, std::string_view name)
{
    json const& found = field(node, name);
    return found.is_string() ? found.get<std::string>() : "";
}

bool true_field(json const& node, std::string_view name)
{
    json const& found = field(node, name);
    return found.is_boolean() && found.get<bool>();
}

std::string relation_name(json const& range_var)
{
    auto const schema = text_field(range_var, "schemaname");
    return (schema.empty() ? "" : schema + ".") + text_field(range_var, "relname");
}

} // namespace pgratchet::lint
