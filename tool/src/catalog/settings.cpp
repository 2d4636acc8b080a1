// SPDX-License-Identifier: Apache-2.0
#include "catalog/settings.hpp"

namespace pgratchet::catalog {

namespace {

std::string literal(std::string const& text)
{
    std::string quoted = "'";
    for (char const c : text) {
        quoted += c;
        if (c == '\'') {
            quoted += c;
        }
    }
    return quoted + "'";
}

} // namespace

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
