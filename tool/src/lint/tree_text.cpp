// SPDX-License-Identifier: Apache-2.0
#include "lint/tree_text.hpp"

#include "script/type_name.hpp"

#include <algorithm>

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

std::vector<json const*> nodes_of(json const& tree, std::string_view kind)
{
    std::vector<json const*> found;
    std::vector<json const*> waiting{&tree}; // no recursion: a tree can be deep
    while (!waiting.empty()) {
        json const* const node = waiting.back();
        waiting.pop_back();
        if (node->is_object() && node->contains(std::string{kind})) {
            found.push_back(&(*node)[std::string{kind}]);
        }
        auto const first_child = waiting.size();
        if (node->is_structured()) {
            for (auto const& child : *node) {
                waiting.push_back(&child);
            }
        }
        std::reverse(waiting.begin() + static_cast<std::ptrdiff_t>(first_child), waiting.end());
    }
    return found;
}

std::string last_name(json const& strings)
{
    return strings.is_array() && !strings.empty() ? text_field(field(strings.back(), "String"), "sval") : "";
}

std::string constant_text(json const& node)
{
    auto const& constant = field(node, "A_Const");
    if (auto text = text_field(field(constant, "sval"), "sval"); !text.empty()) {
        return text;
    }
    auto const& whole = field(constant, "ival"); // {} stands for 0
    if (!whole.is_object()) {
        return "";
    }
    auto const& number = field(whole, "ival");
    return number.is_number_integer() ? std::to_string(number.get<long>()) : "0";
}

type_in_tree type_of(json const& type_name)
{
    type_in_tree type{
        script::long_type_name(last_name(list(type_name, "names"))), {}, !list(type_name, "arrayBounds").empty()};
    for (auto const& one : list(type_name, "typmods")) {
        auto const& whole = field(field(one, "A_Const"), "ival");
        if (whole.is_object()) {
            auto const& number = field(whole, "ival"); // nothing stands for 0
            type.numbers.push_back(number.is_number_integer() ? number.get<long>() : 0);
        }
    }
    return type;
}

} // namespace pgratchet::lint
