// SPDX-License-Identifier: Apache-2.0
#include "catalog/object.hpp"

namespace pgratchet::catalog {

object const* find(snapshot const& in, object_id const& id)
{
    auto const place = in.find(id);
    return place == in.end() ? nullptr : &place->second;
}

std::optional<std::string> attribute_of(object const* one, std::string const& name)
{
    if (one == nullptr) {
        return std::nullopt;
    }
    auto const place = one->attributes.find(name);
    return place == one->attributes.end() ? std::nullopt : std::optional{place->second};
}

part_of_snapshot of_kind(snapshot const& in, std::string const& kind)
{
    auto const after = kind + '\0'; // nothing is between the two
    return {in.lower_bound({kind, ""}), in.lower_bound({after, ""})};
}

bool holds_data(object const* one, snapshot const& among)
{
    if (one == nullptr || one->attributes.contains("generated")) {
        return false;
    }
    bool const is_column = one->id.kind == "column" && among.contains({"table", one->root});
    return is_column || one->id.kind == "table" || one->id.kind == "sequence";
}

bool compared_for_drift(std::string_view attribute)
{
    return attribute != "owner" && attribute != "privileges" && attribute != "comment";
}

bool one_way(object_id const& id)
{
    return id.kind == "schema" || id.kind == "extension";
}

bool belongs_to_effect_only(object_id const& id)
{
    return id.kind == "default privileges";
}

} // namespace pgratchet::catalog
