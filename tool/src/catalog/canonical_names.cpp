// SPDX-License-Identifier: Apache-2.0
#include "catalog/canonical_node.hpp"
#include "catalog/canonical_tree.hpp"

#include <optional>
#include <set>
#include <string>

using nlohmann::json;

namespace pgratchet::catalog {
namespace {

// ---- The qualifier of a single relation -------------------------------------

/// The name by which a FROM item's columns are qualified, unless it is a join.
std::optional<std::string> qualifier_of(json& item)
{
    if (auto* const sample = child(item, "RangeTableSample")) {
        return qualifier_of((*sample)["relation"]);
    }
    for (auto const* kind : {"RangeVar", "RangeSubselect", "RangeFunction"}) {
        if (auto* const range = child(item, kind)) {
            if (auto* const alias = child(*range, "alias")) {
                return alias->value("aliasname", "");
            }
            return range->contains("relname") ? std::optional{range->value("relname", "")} : std::nullopt;
        }
    }
    return std::nullopt;
}

/// The column of a reference written qualifier.column.
std::optional<std::string> qualified_column(json& node, std::string const& qualifier)
{
    auto* const reference = child(node, "ColumnRef");
    auto* const fields = reference == nullptr ? nullptr : child(*reference, "fields");
    if (fields == nullptr || fields->size() != 2 || string_of((*fields)[0]) != qualifier) {
        return std::nullopt;
    }
    return string_of((*fields)[1]);
}

void drop_qualifier(json& node, std::string const& qualifier)
{
    if (qualified_column(node, qualifier)) {
        node["ColumnRef"]["fields"].erase(0);
        return;
    }
    if (!node.is_structured()) {
        return;
    }
    for (auto& [key, value] : node.items()) {
        if (key != "SelectStmt") { // a subquery: qualified on every version
            drop_qualifier(value, qualifier);
        }
    }
}

/// Names given to something other than the relation's column of that name. A bare word in ORDER BY or
/// DISTINCT ON means such an output column first, so there the qualifier must stay.
std::set<std::string> captured_names(json& select, std::string const& qualifier)
{
    std::set<std::string> names;
    if (auto* const targets = child(select, "targetList")) {
        for (auto& target : *targets) {
            auto* const result = child(target, "ResTarget");
            if (result == nullptr || !result->contains("name")) {
                continue;
            }
            auto const name = result->value("name", "");
            if (qualified_column((*result)["val"], qualifier) != name) {
                names.insert(name);
            }
        }
    }
    return names;
}

void drop_qualifier_of_keys(json& keys, std::string const& qualifier, std::set<std::string> const& captured)
{
    for (auto& key : keys) {
        auto* const sort = child(key, "SortBy");
        auto& operand = sort == nullptr ? key : (*sort)["node"];
        auto const column = qualified_column(operand, qualifier);
        if (!column || !captured.contains(*column)) {
            drop_qualifier(operand, qualifier);
        }
    }
}

// ---- Names that nobody sees -------------------------------------------------

/// Takes the column names off a SELECT and its set operation's arms. A clause that could mean one of them by its bare
/// name keeps them all.
void erase_names(json& select)
{
    for (auto const* clause : {"sortClause", "distinctClause", "groupClause"}) {
        if (select.contains(clause)) {
            return;
        }
    }
    for (auto const* arm : {"larg", "rarg"}) {
        if (auto* const inner = child(select, arm)) {
            erase_names(*inner);
        }
    }
    if (auto* const targets = child(select, "targetList")) {
        for (auto& target : *targets) {
            target["ResTarget"].erase("name");
        }
    }
}

/// `names_itself`: the node stands in an unnamed target, which may take its name from a subquery's column.
void drop_hidden_names(json& node, bool names_itself)
{
    if (!node.is_structured()) {
        return;
    }
    for (auto& [key, value] : node.items()) {
        if (key == "SubLink" && !names_itself && value.contains("subselect")) {
            erase_names(value["subselect"]["SelectStmt"]);
        }
        if (key == "rarg" && value.is_object() && value.contains("op") && value.contains("limitOption")) {
            erase_names(value);
        }
        bool const is_select = key == "SelectStmt" || key == "larg" || key == "rarg";
        bool const unnamed = key == "ResTarget" && !value.contains("name");
        drop_hidden_names(value, unnamed || (names_itself && !is_select && key != "ResTarget"));
    }
}

} // namespace

void drop_hidden_names(json& tree)
{
    drop_hidden_names(tree, false);
}

void drop_sole_qualifier(json& tree)
{
    auto* const statements = child(tree, "stmts");
    if (statements == nullptr || statements->size() != 1) {
        return;
    }
    auto* const statement = child((*statements)[0], "stmt");
    auto* const select = statement == nullptr ? nullptr : child(*statement, "SelectStmt");
    auto* const from = select == nullptr ? nullptr : child(*select, "fromClause");
    if (from == nullptr || from->size() != 1) {
        return;
    }
    auto const qualifier = qualifier_of((*from)[0]);
    if (!qualifier) {
        return;
    }
    auto const captured = captured_names(*select, *qualifier);
    for (auto& [clause, value] : select->items()) {
        if (clause == "sortClause" || clause == "distinctClause") {
            drop_qualifier_of_keys(value, *qualifier, captured);
        } else if (clause != "fromClause" && clause != "withClause") {
            drop_qualifier(value, *qualifier);
        }
    }
}

} // namespace pgratchet::catalog
