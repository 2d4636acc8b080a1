// SPDX-License-Identifier: Apache-2.0
#include "execute/foreign_rows.hpp"

#include "script/traits.hpp"
#include "script/tree.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace pgratchet::execute {

namespace {

using json = nlohmann::json;

/// A relation whose rows are changed.
struct changed_relation {
    std::string schema; ///< empty if it is to be looked up
    std::string name;
    char const* and_its; ///< 'partitions', to which rows are routed; 'children', all of them; or 'nothing'
};

constexpr int truncates_foreign_tables = 140000; // older servers refuse that

bool changes_rows_somewhere(json const& part)
{
    constexpr auto nodes = std::to_array<char const*>({"InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt"});
    return part.is_structured() &&
           ((part.is_object() && std::ranges::any_of(nodes, [&](char const* one) { return part.contains(one); })) ||
            std::any_of(part.begin(), part.end(), changes_rows_somewhere));
}

/// Of TRUNCATE and COPY, which have no plan.
std::vector<changed_relation> targets_in_tree(json const& tree)
{
    std::vector<changed_relation> found;
    auto const add = [&](json const& range_var, char const* and_its) {
        found.push_back({range_var.value("schemaname", ""), range_var.value("relname", ""), and_its});
    };
    if (tree.contains("TruncateStmt")) {
        for (auto const& one : tree["TruncateStmt"].value("relations", json::array())) {
            auto const range_var = one.value("RangeVar", json::object());
            add(range_var, range_var.value("inh", false) ? "children" : "nothing");
        }
    } else if (tree.contains("CopyStmt") && tree["CopyStmt"].value("is_from", false)) {
        add(tree["CopyStmt"].value("relation", json::object()), "partitions");
    }
    return found;
}

/// The nodes ModifyTable of a plan, and those of FDWs that do the same ("Foreign Update"), name an operation and its
/// targets. UPDATE and DELETE name each child.
void add_targets_in_plan(json const& part, std::vector<changed_relation>& found)
{
    auto const operation = part.is_object() ? part.value("Operation", "Select") : "Select";
    auto const add = [&](json const& one) {
        bool const routes = operation == "Insert" || operation == "Merge";
        found.push_back({one.value("Schema", ""), one.value("Relation Name", ""), routes ? "partitions" : "nothing"});
    };
    if (operation != "Select" && part.contains("Relation Name")) {
        add(part);
    }
    if (part.is_object() && part.contains("Target Tables")) {
        std::ranges::for_each(part["Target Tables"], add);
    }
    if (part.is_structured()) {
        for (auto const& each : part) {
            add_targets_in_plan(each, found);
        }
    }
}

std::vector<changed_relation> targets_in_plan(database::session& on, std::string_view text)
{
    std::vector<changed_relation> found;
    for (auto const& row : on.execute("EXPLAIN (VERBOSE, FORMAT JSON) " + std::string{text})) {
        add_targets_in_plan(json::parse(row.at(0).value_or(""), nullptr, false), found);
    }
    return found;
}

bool any_is_foreign(database::session& on, std::vector<changed_relation> const& targets)
{
    std::string list;
    for (auto const& one : targets) {
        auto const oid = one.schema.empty()
                             ? "pg_catalog.to_regclass(" + on.quote(database::quoted_name(one.name)) + ")::oid"
                             : "(SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = "
                               "c.relnamespace WHERE n.nspname = " +
                                   on.quote(one.schema) + " AND c.relname = " + on.quote(one.name) + ")";
        list += (list.empty() ? "(" : ", (") + oid + ", '" + one.and_its + "')";
    }
    // One that is not there: the statement will say so.
    return !list.empty() &&
           on.execute("WITH RECURSIVE named (id, and_its) AS (VALUES " + list +
                      "), t (id, and_its) AS (SELECT id, and_its FROM named UNION SELECT i.inhrelid, t.and_its FROM t "
                      "JOIN pg_catalog.pg_inherits i ON i.inhparent = t.id JOIN pg_catalog.pg_class c ON c.oid = "
                      "i.inhrelid WHERE t.and_its = 'children' OR (t.and_its = 'partitions' AND c.relispartition)) "
                      "SELECT (SELECT pg_catalog.bool_and(id IS NOT NULL) FROM named) AND EXISTS (SELECT FROM t JOIN "
                      "pg_catalog.pg_foreign_table ON ftrelid = id)")
                   .at(0)
                   .at(0) == "t";
}

bool has_foreign_tables(database::session& on)
{
    return on.execute("SELECT EXISTS (SELECT FROM pg_catalog.pg_foreign_table)").at(0).at(0) == "t";
}

bool changes_foreign_rows(database::session& on, std::string_view text, script::statement const& one)
{
    if (script::has_plan(one)) {
        return any_is_foreign(on, targets_in_plan(on, text));
    }
    auto const tree = script::tree_of(text);
    if (one.node == "TruncateStmt" && on.server_version() < truncates_foreign_tables) {
        return false;
    }
    auto const targets = targets_in_tree(tree);
    // EXPLAIN ANALYZE, or COPY of what a statement returns, which nobody asks which tables it works on.
    return targets.empty() ? changes_rows_somewhere(tree) : any_is_foreign(on, targets);
}

} // namespace

foreign_work foreign_work_of(database::session& on, std::string_view text, script::statement const& one)
{
    if (!script::may_change_rows(one) || !has_foreign_tables(on)) {
        return foreign_work::none;
    }
    bool const is_in_transaction = on.status() == database::transaction_status::in_transaction;
    if (is_in_transaction) {
        on.execute("SAVEPOINT pgratchet_look");
    }
    bool changes = false;
    try {
        changes = changes_foreign_rows(on, text, one);
    } catch (database::sql_error const&) {
        changes = false;
    }
    if (is_in_transaction) {
        on.execute("ROLLBACK TO SAVEPOINT pgratchet_look; RELEASE SAVEPOINT pgratchet_look");
    }
    return !changes                         ? foreign_work::none
           : script::makes_table(text, one) ? foreign_work::more_beside
                                            : foreign_work::rows;
}

} // namespace pgratchet::execute
