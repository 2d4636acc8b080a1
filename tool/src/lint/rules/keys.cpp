// SPDX-License-Identifier: Apache-2.0
// Keys and indexes of new tables.
#include "lint/deeds.hpp"
#include "lint/definition.hpp"
#include "lint/rules/rules.hpp"
#include "lint/tree_text.hpp"

#include <algorithm>

namespace pgratchet::lint::rules {

namespace {

/// The constraints of a kind that the file adds, with their columns.
struct new_key {
    catalog::object const* what;
    std::vector<std::string> columns;
};

std::vector<new_key> new_keys(migration_facts const& migration, std::string_view kind)
{
    std::vector<new_key> found;
    for (auto const& change : migration.changes) {
        if (change.id.kind == "table constraint" && change.after && migration.was(change.id) == nullptr) {
            auto columns = key_columns(attribute(&*change.after, "definition"), kind);
            if (!columns.empty() && !is_child(migration, change.after->root)) {
                found.push_back({&*change.after, std::move(columns)});
            }
        }
    }
    return found;
}

catalog::object const* column_of(migration_facts const& migration, std::string const& table, std::string const& name)
{
    auto const in = [&](auto const& id) {
        return id.kind == "column" && id.identity.starts_with(table + ".") && bare_name(id.identity) == name;
    };
    for (auto const& change : migration.changes) {
        if (in(change.id)) {
            return change.after ? &*change.after : nullptr;
        }
    }
    auto const place =
        std::find_if(migration.before.begin(), migration.before.end(), [&](auto const& one) { return in(one.first); });
    return place == migration.before.end() ? nullptr : &place->second;
}

/// True if the index finds all rows of some values of the columns, in whatever order it has them.
bool serves(index_in_words const& index, std::vector<std::string> const& columns)
{
    if ((index.method != "btree" && index.method != "hash") || index.columns.size() < columns.size()) {
        return false;
    }
    bool const leads = std::all_of(columns.begin(), columns.end(), [&](std::string const& one) {
        auto const end = index.columns.begin() + static_cast<std::ptrdiff_t>(columns.size());
        return std::find(index.columns.begin(), end, one) != end;
    });
    // `= value` implies IS NOT NULL, and no other condition.
    bool const whole =
        !index.partial ||
        (!index.not_null.empty() && std::all_of(index.not_null.begin(), index.not_null.end(), [&](auto const& one) {
            return std::find(columns.begin(), columns.end(), one) != columns.end();
        }));
    return leads && whole;
}

/// True for a table of the file that has columns and no primary key.
bool lacks_key(migration_facts const& migration, std::string const& table)
{
    bool has_columns = false;
    for (auto const& one : migration.changes) {
        if (!one.after || one.after->root != table) {
            continue;
        }
        has_columns = has_columns || one.id.kind == "column";
        if (one.id.kind == "table constraint" && attribute(&*one.after, "definition").starts_with("PRIMARY KEY")) {
            return false;
        }
    }
    return has_columns;
}

std::string listed(std::vector<std::string> const& names)
{
    std::string all;
    for (auto const& one : names) {
        all += (all.empty() ? "" : ", ") + one;
    }
    return all;
}

} // namespace

std::vector<finding> no_primary_key(migration_facts const& migration)
{
    std::vector<finding> found;
    for (auto const& change : migration.changes) {
        auto const& table = change.id.identity;
        if (change.id.kind == "table" && change.after && migration.was(change.id) == nullptr &&
            !is_child(migration, table) && lacks_key(migration, table)) {
            found.push_back({place_of(migration, change.id),
                             "the table " + table +
                                 " has no primary key: equal rows cannot be told apart, and logical replication "
                                 "refuses UPDATE and DELETE",
                             {},
                             "name the columns that make a row unique, or add a bigint GENERATED ALWAYS AS IDENTITY "
                             "PRIMARY KEY"});
        }
    }
    return found;
}

std::vector<finding> narrow_key(migration_facts const& migration)
{
    std::vector<finding> found;
    for (auto const& key : new_keys(migration, "PRIMARY KEY")) {
        auto const* const column =
            key.columns.size() == 1 ? column_of(migration, key.what->root, key.columns.front()) : nullptr;
        if (column == nullptr) {
            continue;
        }
        auto const type = attribute(column, "type");
        bool const counts =
            !attribute(column, "identity").empty() || attribute(column, "default").starts_with("nextval(");
        if (counts && (type == "integer" || type == "smallint")) {
            found.push_back({place_of(migration, column->id),
                             "the key " + column->id.identity + " counts up in " + type + " and ends at " +
                                 (type == "integer" ? "2147483647" : "32767") + ": INSERT fails from then on",
                             {},
                             "use bigint: widening it later rewrites the table and everything that refers to it"});
        }
    }
    return found;
}

std::vector<finding> foreign_key_without_index(migration_facts const& migration)
{
    std::vector<finding> found;
    for (auto const& key : new_keys(migration, "FOREIGN KEY")) {
        auto const indexes = indexes_of(migration, key.what->root);
        bool const served = std::any_of(indexes.begin(), indexes.end(),
                                        [&](index_in_words const& one) { return serves(one, key.columns); });
        if (!served) {
            auto const* const column = column_of(migration, key.what->root, key.columns.front());
            auto const constraint = place_of(migration, key.what->id);
            found.push_back({column != nullptr && !migration.existed_before(column->id)
                                 ? place_of(migration, column->id)
                                 : constraint,
                             "no index of " + key.what->root + " begins with " + listed(key.columns) +
                                 ": DELETE and UPDATE of the table that it refers to read all of it",
                             {},
                             "make an index on (" + listed(key.columns) + ")"});
        }
    }
    return found;
}

std::vector<finding> wide_index(migration_facts const& migration)
{
    constexpr std::size_t enough = 3;
    std::vector<finding> found;
    for (auto const& one : migration.statements) {
        if (one.node() != "IndexStmt") {
            continue;
        }
        auto const index = index_in_words::read(one.tree());
        if (!index.unique && index.method == "btree" && index.columns.size() > enough) {
            found.push_back({one.where(),
                             "an index on " + std::to_string(index.columns.size()) +
                                 " columns: those behind the third rarely make a search quicker, and each write pays "
                                 "for them",
                             {},
                             "begin with the columns that narrow down most; columns that are only read go behind "
                             "INCLUDE"});
        }
    }
    return found;
}

} // namespace pgratchet::lint::rules
