// SPDX-License-Identifier: Apache-2.0
#include "script/traits.hpp"

#include "script/spelling.hpp"
#include "script/tree.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>

namespace pgratchet::script {

namespace {

/// Anywhere in it, names and comments included: where to find too much does no harm.
bool mentions(std::string_view text, std::string_view word)
{
    return in_lower_case(text).find(word) != std::string::npos;
}

template <std::size_t Count>
bool is_one_of(std::string_view node, std::array<std::string_view, Count> const& nodes)
{
    return std::find(nodes.begin(), nodes.end(), node) != nodes.end();
}

} // namespace

bool may_run_in_transaction(std::string_view text, statement const& one)
{
    constexpr auto nodes = std::to_array<std::string_view>(
        {"AlterDomainStmt", "AlterTableStmt",    "ClusterStmt",    "CommentStmt",        "CreatePolicyStmt",
         "CreateStmt",      "CreateTableAsStmt", "CreateTrigStmt", "DeleteStmt",         "DropStmt",
         "IndexStmt",       "InsertStmt",        "MergeStmt",      "RefreshMatViewStmt", "ReindexStmt",
         "RenameStmt",      "RuleStmt",          "TruncateStmt",   "UpdateStmt",         "ViewStmt"});
    return is_one_of(one.node, nodes) && (one.node == "RefreshMatViewStmt" || !says(text, "CONCURRENTLY"));
}

bool works_on_rows(statement const& one)
{
    constexpr auto nodes =
        std::to_array<std::string_view>({"InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt", "TruncateStmt",
                                         "DoStmt", "CallStmt", "SelectStmt", "ExecuteStmt", "CopyStmt"});
    return one.node.empty() || is_one_of(one.node, nodes);
}

bool has_plan(statement const& one)
{
    constexpr auto nodes = std::to_array<std::string_view>(
        {"InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt", "SelectStmt", "ExecuteStmt", "CreateTableAsStmt"});
    return one.node.empty() || is_one_of(one.node, nodes);
}

bool may_change_rows(statement const& one)
{
    return has_plan(one) || one.node == "TruncateStmt" || one.node == "CopyStmt" || one.node == "ExplainStmt";
}

bool makes_table(std::string_view text, statement const& one)
{
    auto const tree = one.node == "SelectStmt" ? tree_of(text) : nlohmann::json{};
    return one.node == "CreateTableAsStmt" || (tree.is_object() && tree["SelectStmt"].contains("intoClause"));
}

std::string planned_only(std::string_view text, statement const& one)
{
    return has_plan(one) ? "EXPLAIN " + std::string{text} : "SELECT";
}

bool only_makes_objects(std::string_view text, statement const& one)
{
    constexpr auto nodes = std::to_array<std::string_view>({"CompositeTypeStmt", "CreateDomainStmt", "CreateEnumStmt",
                                                            "CreateFunctionStmt", "CreatePolicyStmt", "CreateSeqStmt",
                                                            "CreateStmt", "CreateTrigStmt", "IndexStmt", "ViewStmt"});
    auto const head = text.substr(0, std::min(text.find_first_of("(\"'$"), text.size()));
    bool const has_comment = head.find("/*") != std::string_view::npos || head.find("--") != std::string_view::npos;
    return is_one_of(one.node, nodes) && !mentions(head, "replace") && !mentions(head, "concurrently") &&
           !has_comment; // which may end the head too early
}

bool leaves_session_clean(script const& file)
{
    return std::all_of(file.body.begin(), file.body.end(), [&](statement const& one) {
        auto const text = file.text_of(one);
        bool const runs_expressions = one.node == "IndexStmt" && std::count(text.begin(), text.end(), '(') > 1;
        return only_makes_objects(text, one) && !runs_expressions && !mentions(text, "temp");
    });
}

bool may_touch_event_triggers(statement const& one)
{
    constexpr std::array nodes{"CreateEventTrigStmt", "AlterEventTrigStmt", "DoStmt", "CallStmt", "SelectStmt"};
    return one.node.empty() || one.command.find("EVENT TRIGGER") != std::string::npos ||
           std::find(nodes.begin(), nodes.end(), one.node) != nodes.end();
}

bool gives_another_name(statement const& one)
{
    return one.node == "RenameStmt" || one.node == "AlterObjectSchemaStmt";
}

bool may_drop_identity(std::string_view text, statement const& one)
{
    return one.node == "AlterTableStmt" && mentions(text, "identity") && mentions(text, "drop");
}

bool deallocates(statement const& one)
{
    return one.node == "DeallocateStmt" || one.node == "DiscardStmt";
}

bool is_setting(statement const& one)
{
    return one.node == "VariableSetStmt" || one.node == "VariableShowStmt" || one.node == "ConstraintsSetStmt";
}

bool may_grant(script const& file)
{
    return std::any_of(file.body.begin(), file.body.end(),
                       [&](statement const& one) { return !only_makes_objects(file.text_of(one), one); });
}

} // namespace pgratchet::script
