// SPDX-License-Identifier: Apache-2.0
// Types of new columns that are regretted later.
#include "lint/deeds.hpp"
#include "lint/rules/rules.hpp"
#include "lint/server_type.hpp"
#include "lint/tree_text.hpp"

#include <algorithm>
#include <array>

namespace pgratchet::lint::rules {

namespace {

/// One finding for each column of a table that the file adds, or gives another type, if the new type is such a one.
template <class Predicate>
std::vector<finding> columns_of(migration_facts const& migration, Predicate is_such, std::string const& why,
                                std::string const& fix)
{
    std::vector<finding> found;
    for (auto const& change : migration.changes) {
        if (change.id.kind != "column" || !change.after || !is_table(migration, change.after->root) ||
            is_child(migration, change.after->root)) {
            continue;
        }
        auto const type = attribute(&*change.after, "type");
        bool const is_new = attribute(migration.was(change.id), "type") != type;
        if (is_new && is_such(server_type::read(type))) {
            found.push_back({place_of(migration, change.id), change.id.identity + " is " + type + ": " + why, {}, fix});
        }
    }
    return found;
}

} // namespace

std::vector<finding> char_column(migration_facts const& migration)
{
    return columns_of(
        migration, [](server_type const& type) { return type.name == "character"; },
        "values are filled up with spaces, which take room and are lost again in comparisons",
        "use text, with a CHECK on the length if it matters");
}

std::vector<finding> varchar_limit(migration_facts const& migration)
{
    return columns_of(
        migration, [](server_type const& type) { return type.name == "character varying" && !type.numbers.empty(); },
        "a limit that is part of the type is hard to lower later", "use text, with a CHECK on the length");
}

std::vector<finding> timestamp_without_zone(migration_facts const& migration)
{
    return columns_of(
        migration, [](server_type const& type) { return type.name == "timestamp without time zone"; },
        "it does not say which moment is meant, and moves with each client's time zone",
        "use timestamptz, which is a moment");
}

std::vector<finding> json_column(migration_facts const& migration)
{
    return columns_of(
        migration, [](server_type const& type) { return type.name == "json"; },
        "it has no equality, so DISTINCT, GROUP BY and UNION fail, and is parsed again by each query", "use jsonb");
}

std::vector<finding> money_column(migration_facts const& migration)
{
    return columns_of(
        migration, [](server_type const& type) { return type.name == "money"; },
        "its digits and its currency are those of lc_monetary, a setting of the session",
        "use numeric, with the currency in a column of its own");
}

std::vector<finding> serial_column(migration_facts const& migration)
{
    constexpr std::array names{"serial", "serial2", "serial4", "serial8", "smallserial", "bigserial"};
    std::vector<finding> found;
    for (auto const& one : migration.statements) {
        if (one.node() != "CreateStmt" && one.node() != "AlterTableStmt") {
            continue;
        }
        for (auto const* const column : nodes_of(one.tree(), "ColumnDef")) {
            auto const& type = field(*column, "typeName");
            auto const name = last_name(list(type, "names"));
            if (std::find(names.begin(), names.end(), name) != names.end()) {
                found.push_back({one.where(type),
                                 name + " makes a sequence beside the table, with an owner and privileges of its own",
                                 {},
                                 "write bigint GENERATED ALWAYS AS IDENTITY"});
            }
        }
    }
    return found;
}

} // namespace pgratchet::lint::rules
