// SPDX-License-Identifier: Apache-2.0
#include "catalog/privileges.hpp"

namespace pgratchet::catalog {

std::string_view built_in_privileges(std::string_view kind)
{
    if (kind == "function" || kind == "procedure" || kind == "aggregate") {
        return "PUBLIC=EXECUTE";
    }
    return kind == "type" || kind == "language" ? "PUBLIC=USAGE" : "";
}

std::string effective_privileges(object const& of)
{
    auto const place = of.attributes.find("privileges");
    return place == of.attributes.end() ? std::string{built_in_privileges(of.id.kind)} : place->second;
}

} // namespace pgratchet::catalog
