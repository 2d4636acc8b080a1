// SPDX-License-Identifier: Apache-2.0
#include "catalog/object.hpp"

namespace pgratchet::catalog {

namespace {

/// Where a character stands outside of quotes, from a place on; the end of the text if it does not.
std::size_t unquoted(std::string_view text, char wanted, std::size_t from)
{
    bool is_quoted = false;
    while (from < text.size() && (is_quoted || text[from] != wanted)) {
        is_quoted = is_quoted != (text[from] == '"');
        ++from;
    }
    return from;
}

} // namespace

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

std::string own_name(object const& one)
{
    std::string_view const identity = one.id.identity;
    auto const on_root = " on " + one.root;
    if (one.root != one.id.identity && identity.starts_with(one.root + ".")) {
        return std::string{identity.substr(one.root.size() + 1)};
    }
    if (identity.ends_with(on_root)) {
        return std::string{identity.substr(0, identity.size() - on_root.size())};
    }
    auto const dot = unquoted(identity, '.', 0);
    return std::string{dot == identity.size() ? identity : identity.substr(dot + 1)};
}

std::vector<std::string> identities_in(std::string_view list)
{
    std::vector<std::string> all;
    for (std::size_t from = 0; from < list.size();) {
        auto const end = unquoted(list, ',', from);
        all.emplace_back(list.substr(from, end - from));
        from = std::min(list.size(), end + 1);
        from += from < list.size() && list[from] == ' ' ? 1 : 0;
    }
    return all;
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
