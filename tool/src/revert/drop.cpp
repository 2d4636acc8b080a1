// SPDX-License-Identifier: Apache-2.0
#include "revert/ddl.hpp"

namespace pgratchet::revert {

namespace {

/// The relation or type that a part hangs on; null if it is unknown.
catalog::object const* root_of(catalog::object const& part, catalog::snapshot const& all)
{
    for (auto const* const kind : {"table", "foreign table", "view", "materialized view", "type"}) {
        if (auto const* const root = catalog::find(all, {kind, part.root})) {
            return root;
        }
    }
    return nullptr;
}

} // namespace

std::string drop(catalog::object const& of, catalog::snapshot const& all, sql_names const& names)
{
    auto const& kind = of.id.kind;
    if (kind == "default privileges") {
        return {};
    }
    if (kind == "column") {
        auto const* const root = root_of(of, all);
        bool const is_table = root != nullptr && (root->id.kind == "table" || root->id.kind == "foreign table");
        return is_table ? "ALTER TABLE " + names.qualified(of.root) + " DROP COLUMN " + names.column(of) : "";
    }
    if (kind == "table constraint" || kind == "domain constraint") {
        auto const [name, root] = name_and_root(of.id.identity);
        return (kind == "table constraint" ? "ALTER TABLE " : "ALTER DOMAIN ") + names.qualified(root) +
               " DROP CONSTRAINT " + names.name(name);
    }
    return "DROP " + kind_in_sql(of) + " " + names.of(of.id);
}

} // namespace pgratchet::revert
