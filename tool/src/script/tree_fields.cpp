// SPDX-License-Identifier: Apache-2.0
#include "script/tree_fields.hpp"

#include <algorithm>

namespace pgratchet::script {

using json = nlohmann::json;

json const* find(json const& object, char const* key)
{
    if (!object.is_object()) {
        return nullptr;
    }
    auto const found = object.find(key);
    return found == object.end() ? nullptr : &*found;
}

bool is_true(json const& object, char const* key)
{
    json const* const value = find(object, key);
    return value != nullptr && value->is_boolean() && value->get<bool>();
}

std::string text_at(json const& object, char const* key)
{
    json const* const value = find(object, key);
    return value != nullptr && value->is_string() ? value->get<std::string>() : std::string{};
}

bool has_option(json const* list, std::string_view name)
{
    return list != nullptr && list->is_array() && std::any_of(list->begin(), list->end(), [name](json const& item) {
               json const* const element = find(item, "DefElem");
               return element != nullptr && text_at(*element, "defname") == name;
           });
}

} // namespace pgratchet::script
