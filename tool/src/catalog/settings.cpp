// SPDX-License-Identifier: Apache-2.0
#include "catalog/settings.hpp"

namespace pgratchet::catalog {

std::string literal(std::string_view text)
{
    std::string out;
    bool has_backslash = false;
    for (char const c : text) {
        out += c == '\'' ? "''" : c == '\\' ? "\\\\" : std::string(1, c);
        has_backslash = has_backslash || c == '\\';
    }
    return (has_backslash ? "E'" : "'") + out + "'";
}

std::string set_all(settings const& all, lasting how_long)
{
    std::string statement = "SELECT ";
    for (auto const& [name, value] : all) {
        statement += &name == &all.front().first ? "" : ", ";
        statement += "pg_catalog.set_config(" + literal(name) + ", " + literal(value) +
                     (how_long == lasting::transaction ? ", true)" : ", false)");
    }
    return statement;
}

} // namespace pgratchet::catalog
