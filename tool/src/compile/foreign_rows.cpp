// SPDX-License-Identifier: Apache-2.0
#include "compile/foreign_rows.hpp"

#include "script/traits.hpp"
#include "script/tree.hpp"

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace pgratchet::compile {

namespace {

using json = nlohmann::json;
using target_names = std::vector<std::string>; ///< as SQL takes them, "s"."t"

std::string relation_named(std::string const& schema, std::string const& name)
{
    return (schema.empty() ? "" : database::quoted_name(schema) + ".") + database::quoted_name(name);
}

/// The targets of TRUNCATE and COPY ... FROM, which have no plan.
target_names targets_in_tree(std::string_view text)
{
    target_names found;
    auto const add = [&](json const& range_var) {
        found.push_back(relation_named(range_var.value("schemaname", ""), range_var.value("relname", "")));
    };
    auto const tree = script::tree_of(text);
    if (tree.contains("TruncateStmt")) {
        for (auto const& one : tree["TruncateStmt"].value("relations", json::array())) {
            add(one.value("RangeVar", json::object()));
        }
    } else if (tree.contains("CopyStmt") && tree["CopyStmt"].value("is_from", false)) {
        add(tree["CopyStmt"].value("relation", json::object()));
    }
    return found;
}

/// The nodes ModifyTable of a plan, and what has FDWs do the same ("Foreign Update"), name an operation and its
/// targets.
void add_targets_in_plan(json const& part, target_names& found)
{
    if (part.is_object() && part.value("Operation", "Select") != "Select" && part.contains("Relation Name")) {
        found.push_back(relation_named(part.value("Schema", ""), part.value("Relation Name", "")));
    }
    if (part.is_object() && part.contains("Target Tables")) {
        for (auto const& one : part["Target Tables"]) {
            found.push_back(relation_named(one.value("Schema", ""), one.value("Relation Name", "")));
        }
    }
    if (part.is_structured()) {
        for (auto const& each : part) {
            add_targets_in_plan(each, found);
        }
    }
}

/// Nothing if it cannot be planned: then it fails by itself.
target_names targets_in_plan(database::session& on, std::string_view text)
{
    bool const is_in_transaction = on.status() == database::transaction_status::in_transaction;
    if (is_in_transaction) {
        on.execute("SAVEPOINT pgratchet_look");
    }
    target_names found;
    try {
        for (auto const& row : on.execute("EXPLAIN (VERBOSE, FORMAT JSON) " + std::string{text})) {
            add_targets_in_plan(json::parse(row.at(0).value_or(""), nullptr, false), found);
        }
    } catch (database::sql_error const&) {
        found.clear();
    }
    if (is_in_transaction) {
        on.execute("ROLLBACK TO SAVEPOINT pgratchet_look; RELEASE SAVEPOINT pgratchet_look");
    }
    return found;
}

bool has_foreign_tables(database::session& on)
{
    return on.execute("SELECT EXISTS (SELECT FROM pg_catalog.pg_foreign_table)").at(0).at(0) == "t";
}

bool any_is_foreign(database::session& on, target_names const& targets)
{
    std::string list;
    for (auto const& one : targets) {
        list += (list.empty() ? "" : ", ") + std::string{"pg_catalog.to_regclass("} + on.quote(one) + ")";
    }
    return !list.empty() &&
           on.execute("WITH RECURSIVE t (id) AS (SELECT pg_catalog.unnest(ARRAY[" + list +
                      "])::oid UNION SELECT inhrelid FROM pg_catalog.pg_inherits JOIN t ON inhparent = id) "
                      "SELECT EXISTS (SELECT FROM t JOIN pg_catalog.pg_foreign_table ON ftrelid = id)")
                   .at(0)
                   .at(0) == "t";
}

} // namespace

bool changes_foreign_rows(database::session& on, std::string_view text, script::statement const& one)
{
    if (!script::may_change_rows(one) || !has_foreign_tables(on)) {
        return false;
    }
    return any_is_foreign(on, script::has_plan(one) ? targets_in_plan(on, text) : targets_in_tree(text));
}

} // namespace pgratchet::compile
