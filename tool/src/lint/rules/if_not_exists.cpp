// SPDX-License-Identifier: Apache-2.0
// IF NOT EXISTS over something that exists and is another thing than the file says.
#include "lint/deeds.hpp"
#include "lint/definition.hpp"
#include "lint/rules/rules.hpp"
#include "lint/server_type.hpp"
#include "lint/tree_text.hpp"
#include "script/tree.hpp"

#include <algorithm>
#include <array>

namespace pgratchet::lint::rules {

namespace {

/// The relation of that name right before a statement; null if there is none, or if it cannot be told which is meant.
catalog::object const* relation_before(migration_facts const& migration, std::size_t statement,
                                       std::string const& schema, std::string const& name)
{
    constexpr std::array kinds{"table",    "view",  "materialized view", "foreign table",
                               "sequence", "index", "invalid index"};
    std::vector<catalog::object const*> all;
    auto const consider = [&](catalog::object_id const& id) {
        auto const parts = parts_of(id.identity);
        bool const is_it = std::find(kinds.begin(), kinds.end(), id.kind) != kinds.end() && parts.back() == name &&
                           (schema.empty() || parts.front() == schema);
        auto const* const there = is_it ? object_before(migration, statement, id) : nullptr;
        if (there != nullptr && std::find(all.begin(), all.end(), there) == all.end()) {
            all.push_back(there);
        }
    };
    for (auto const& [id, what] : migration.before) {
        consider(id);
    }
    for (auto const& one : migration.changes) {
        consider(one.id);
    }
    return all.size() == 1 ? all.front() : nullptr;
}

/// A column's type as the file says it, in the server's words; a serial is what it stands for.
type_in_tree declared_type(nlohmann::json const& column)
{
    auto type = type_of(field(column, "typeName"));
    type.name = type.name == "serial" || type.name == "serial4"      ? "integer"
                : type.name == "bigserial" || type.name == "serial8" ? "bigint"
                : type.name == "smallserial"                         ? "smallint"
                                                                     : type.name;
    return type;
}

bool same_type(nlohmann::json const& column, std::string const& actual)
{
    auto const said = declared_type(column);
    auto const is = server_type::read(actual);
    if (said.is_array != is.is_array || (said.name != is.name && said.name != parts_of(is.name).back())) {
        return false;
    }
    bool const comparable = said.name != "interval" && !said.numbers.empty();
    return !comparable ||
           (said.numbers.front() == is.number(0) && (said.numbers.size() < 2 || said.numbers[1] == is.number(1)));
}

std::string column_identity(migration_facts const& migration, std::size_t statement, catalog::object const& table,
                            std::string const& name)
{
    auto const fits = [&](catalog::object_id const& id) {
        return id.kind == "column" && id.identity.starts_with(table.id.identity + ".") &&
               bare_name(id.identity) == name && object_before(migration, statement, id) != nullptr;
    };
    for (auto const& [id, what] : migration.before) {
        if (fits(id)) {
            return id.identity;
        }
    }
    auto const place = std::find_if(migration.changes.begin(), migration.changes.end(),
                                    [&](plan::change const& one) { return fits(one.id); });
    return place == migration.changes.end() ? "" : place->id.identity;
}

/// What a column of the file differs in from the one that is there.
std::vector<std::string> column_differs(migration_facts const& migration, std::size_t statement,
                                        catalog::object const& table, nlohmann::json const& column)
{
    auto const name = text_field(column, "colname");
    auto const identity = column_identity(migration, statement, table, name);
    if (identity.empty()) {
        return {"the column " + name + " is not there"};
    }
    auto const type = attribute(object_before(migration, statement, {"column", identity}), "type");
    return same_type(column, type) ? std::vector<std::string>{}
                                   : std::vector<std::string>{"the column " + name + " is " + type};
}

std::vector<std::string> table_differs(migration_facts const& migration, std::size_t statement,
                                       nlohmann::json const& tree, catalog::object const& there)
{
    if (there.id.kind != "table") {
        return {"it is a " + there.id.kind};
    }
    std::vector<std::string> details;
    for (auto const& element : list(tree, "tableElts")) {
        if (auto const& column = field(element, "ColumnDef"); column.is_object()) {
            auto const some = column_differs(migration, statement, there, column);
            details.insert(details.end(), some.begin(), some.end());
        }
    }
    return details;
}

std::vector<std::string> index_differs(nlohmann::json const& tree, catalog::object const& there)
{
    if (there.id.kind != "index" && there.id.kind != "invalid index") {
        return {"it is a " + there.id.kind};
    }
    auto const definition = attribute(&there, "definition");
    auto const said = index_in_words::read(tree);
    auto const is = index_in_words::read(field(script::tree_of(definition), "IndexStmt"));
    bool const same = said.table == is.table && said.method == is.method && said.unique == is.unique &&
                      said.columns == is.columns && said.partial == is.partial;
    return same ? std::vector<std::string>{} : std::vector<std::string>{"it is: " + definition};
}

finding differing(report::location where, std::string const& what, std::vector<std::string> details)
{
    return {std::move(where),
            "IF NOT EXISTS passes over " + what + ", which is there already and is not what this says",
            std::move(details), "change what is there by ALTER, or give the new one a name of its own"};
}

/// ADD COLUMN IF NOT EXISTS.
void look_at_columns(migration_facts const& migration, std::size_t i, std::vector<finding>& found)
{
    auto const& one = migration.statements[i];
    auto const& range = field(one.tree(), "relation");
    auto const* const table =
        relation_before(migration, i, text_field(range, "schemaname"), text_field(range, "relname"));
    for (auto const& item : list(one.tree(), "cmds")) {
        auto const& command = field(item, "AlterTableCmd");
        auto const& column = field(field(command, "def"), "ColumnDef");
        if (table == nullptr || text_field(command, "subtype") != "AT_AddColumn" ||
            !true_field(command, "missing_ok") ||
            column_identity(migration, i, *table, text_field(column, "colname")).empty()) {
            continue;
        }
        if (auto details = column_differs(migration, i, *table, column); !details.empty()) {
            found.push_back(
                differing(one.where(column), "the column " + text_field(column, "colname"), std::move(details)));
        }
    }
}

} // namespace

std::vector<finding> if_not_exists_differs(migration_facts const& migration)
{
    std::vector<finding> found;
    for (std::size_t i = 0; i < migration.statements.size(); ++i) {
        auto const& one = migration.statements[i];
        if (!one.statement().if_not_exists) {
            continue;
        }
        if (one.node() == "AlterTableStmt") {
            look_at_columns(migration, i, found);
            continue;
        }
        bool const is_index = one.node() == "IndexStmt";
        if (!one.changes.empty() || (!is_index && one.node() != "CreateStmt")) {
            continue;
        }
        auto const& range = field(one.tree(), "relation");
        auto const name = is_index ? text_field(one.tree(), "idxname") : text_field(range, "relname");
        auto const* const there = relation_before(migration, i, text_field(range, "schemaname"), name);
        if (there == nullptr) {
            continue;
        }
        auto details = is_index ? index_differs(one.tree(), *there) : table_differs(migration, i, one.tree(), *there);
        if (!details.empty()) {
            found.push_back(differing(one.where(), there->id.identity, std::move(details)));
        }
    }
    return found;
}

std::vector<finding> invalid_index(migration_facts const& migration)
{
    std::vector<finding> found;
    for (auto const& one : migration.statements) {
        if (one.node() == "IndexStmt" && true_field(one.tree(), "concurrent") &&
            true_field(one.tree(), "if_not_exists")) {
            found.push_back({one.where(),
                             "a run that was cut off leaves the index invalid, and IF NOT EXISTS then passes over it",
                             {},
                             "leave IF NOT EXISTS out: pgratchet drops an invalid one and builds it again"});
        }
    }
    return found;
}

} // namespace pgratchet::lint::rules
