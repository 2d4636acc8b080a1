// SPDX-License-Identifier: Apache-2.0
#include "lint/definition.hpp"

#include "lint/deeds.hpp"
#include "lint/tree_text.hpp"
#include "script/tree.hpp"

#include <algorithm>

namespace pgratchet::lint {

namespace {

/// All objects of a table as the migration leaves them.
template <class Function>
void each_object_of(migration_facts const& migration, std::string const& table, Function look)
{
    for (auto const& [id, what] : migration.before) {
        if (what.root == table && object_after(migration, id) == &what) {
            look(what);
        }
    }
    for (auto const& change : migration.changes) {
        if (change.after && change.after->root == table) {
            look(*change.after);
        }
    }
}

/// The column of `column IS NOT NULL`; empty if a condition says anything else.
std::string demanded_column(nlohmann::json const& condition)
{
    auto const& test = field(condition, "NullTest");
    bool const fits = text_field(test, "nulltesttype") == "IS_NOT_NULL";
    return fits ? last_name(list(field(field(test, "arg"), "ColumnRef"), "fields")) : "";
}

} // namespace

std::vector<std::string> key_columns(std::string_view definition, std::string_view kind)
{
    std::vector<std::string> columns;
    auto const open = std::string{kind} + " (";
    if (!definition.starts_with(open)) {
        return columns;
    }
    bool quoted = false;
    columns.emplace_back();
    for (auto const c : definition.substr(open.size())) {
        quoted = quoted != (c == '"');
        if (!quoted && c == ')') {
            break;
        }
        if (!quoted && c == ',') {
            columns.emplace_back();
        } else if (c != ' ' || quoted) {
            columns.back() += c;
        }
    }
    for (auto& one : columns) {
        one = parts_of(one).back();
    }
    return columns;
}

index_in_words index_in_words::read(nlohmann::json const& tree)
{
    index_in_words index;
    index.table = text_field(field(tree, "relation"), "relname");
    index.method = text_field(tree, "accessMethod");
    index.unique = true_field(tree, "unique");
    for (auto const& part : list(tree, "indexParams")) {
        index.columns.push_back(text_field(field(part, "IndexElem"), "name"));
    }
    auto const& where = field(tree, "whereClause");
    index.partial = !where.is_null();
    if (auto column = demanded_column(where); !column.empty()) {
        index.not_null.push_back(std::move(column));
    }
    auto const& both = field(where, "BoolExpr");
    if (text_field(both, "boolop") == "AND_EXPR") {
        for (auto const& one : list(both, "args")) {
            index.not_null.push_back(demanded_column(one));
        }
    }
    return index;
}

std::vector<index_in_words> indexes_of(migration_facts const& migration, std::string const& table)
{
    std::vector<index_in_words> all;
    each_object_of(migration, table, [&](catalog::object const& one) {
        auto const definition = attribute(&one, "definition");
        if (one.id.kind == "index") {
            all.push_back(index_in_words::read(field(script::tree_of(definition), "IndexStmt")));
        } else if (one.id.kind == "table constraint") {
            for (auto const* const kind : {"PRIMARY KEY", "UNIQUE"}) {
                if (auto columns = key_columns(definition, kind); !columns.empty()) {
                    all.push_back({bare_name(table), "btree", true, std::move(columns), false, {}});
                }
            }
        }
    });
    return all;
}

} // namespace pgratchet::lint
