// SPDX-License-Identifier: Apache-2.0
#include "catalog/privileges.hpp"

#include <algorithm>

namespace pgratchet::catalog {

std::string_view built_in_privileges(std::string_view kind)
{
    if (kind == "function" || kind == "procedure" || kind == "aggregate") {
        return "PUBLIC=EXECUTE";
    }
    return kind == "type" || kind == "language" ? "PUBLIC=USAGE" : "";
}

std::optional<std::string> other_owner(object const& of)
{
    auto owner = attribute_of(&of, "owner");
    return owner == deployer ? std::nullopt : owner;
}

bool is_owners(std::string_view privilege, object const& of)
{
    // The owner of a column is its table's, and that of default privileges stands in their identity.
    bool const has_owner = of.id.kind != "column" && !belongs_to_effect_only(of.id);
    return has_owner && privilege.starts_with(other_owner(of).value_or(deployer) + "=");
}

std::string effective_privileges(object const& of)
{
    auto const place = of.attributes.find("privileges");
    if (place == of.attributes.end()) {
        return std::string{built_in_privileges(of.id.kind)};
    }
    std::string all;
    for (std::string_view rest = place->second; !rest.empty();) {
        auto const end = std::min(rest.find("; "), rest.size());
        auto const one = rest.substr(0, end);
        all += is_owners(one, of) ? "" : (all.empty() ? "" : "; ") + std::string{one};
        rest.remove_prefix(std::min(end + 2, rest.size()));
    }
    return all;
}

} // namespace pgratchet::catalog
