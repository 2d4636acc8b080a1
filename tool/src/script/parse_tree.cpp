// SPDX-License-Identifier: Apache-2.0
#include "script/parse_tree.hpp"

#include "script/tree_fields.hpp"
#include "script/untraced.hpp"
#include "script/wanted_part.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace pgratchet::script {

namespace {

using json = nlohmann::json;

/// Nodes that define schema, or settings and privileges of it, and do nothing else. An allow-list: what a later
/// libpg_query adds is not schema-only until somebody has thought about it. Missing on purpose: commands whose
/// work leaves no trace in this database's catalog (roles, databases, tablespaces, ALTER SYSTEM), subscriptions
/// (they copy data), NOTIFY, LOAD, PREPARE.
constexpr std::array schema_nodes = std::to_array<std::string_view>({
    "AlterCollationStmt",
    "AlterDefaultPrivilegesStmt",
    "AlterDomainStmt",
    "AlterEnumStmt",
    "AlterEventTrigStmt",
    "AlterExtensionContentsStmt",
    "AlterExtensionStmt",
    "AlterFdwStmt",
    "AlterForeignServerStmt",
    "AlterFunctionStmt",
    "AlterObjectDependsStmt",
    "AlterObjectSchemaStmt",
    "AlterOpFamilyStmt",
    "AlterOperatorStmt",
    "AlterOwnerStmt",
    "AlterPolicyStmt",
    "AlterPublicationStmt",
    "AlterSeqStmt",
    "AlterStatsStmt",
    "AlterTSConfigurationStmt",
    "AlterTSDictionaryStmt",
    "AlterTableMoveAllStmt",
    "AlterTableStmt",
    "AlterTypeStmt",
    "AlterUserMappingStmt",
    "CheckPointStmt",
    "ClusterStmt",
    "CommentStmt",
    "CompositeTypeStmt",
    "ConstraintsSetStmt",
    "CreateAmStmt",
    "CreateCastStmt",
    "CreateConversionStmt",
    "CreateDomainStmt",
    "CreateEnumStmt",
    "CreateEventTrigStmt",
    "CreateExtensionStmt",
    "CreateFdwStmt",
    "CreateForeignServerStmt",
    "CreateForeignTableStmt",
    "CreateFunctionStmt",
    "CreateOpClassStmt",
    "CreateOpFamilyStmt",
    "CreatePLangStmt",
    "CreatePolicyStmt",
    "CreatePublicationStmt",
    "CreateRangeStmt",
    "CreateSchemaStmt",
    "CreateSeqStmt",
    "CreateStatsStmt",
    "CreateStmt",
    "CreateTableAsStmt",
    "CreateTransformStmt",
    "CreateTrigStmt",
    "CreateUserMappingStmt",
    "DeallocateStmt",
    "DefineStmt",
    "DiscardStmt",
    "DropOwnedStmt",
    "DropStmt",
    "DropUserMappingStmt",
    "GrantRoleStmt",
    "GrantStmt",
    "ImportForeignSchemaStmt",
    "IndexStmt",
    "LockStmt",
    "ReassignOwnedStmt",
    "RefreshMatViewStmt",
    "ReindexStmt",
    "RenameStmt",
    "RuleStmt",
    "SecLabelStmt",
    "TransactionStmt",
    "VacuumStmt",
    "VariableSetStmt",
    "VariableShowStmt",
    "ViewStmt",
});

/// ALTER COLUMN ... RESTART sets the value of an identity column's sequence.
bool restarts_identity(json const& command)
{
    json const* const definition = find(command, "def");
    json const* const list = definition == nullptr ? nullptr : find(*definition, "List");
    return text_at(command, "subtype") == "AT_SetIdentity" && list != nullptr &&
           has_option(find(*list, "items"), "restart");
}

bool adds_column_if_missing(json const& command)
{
    return text_at(command, "subtype") == "AT_AddColumn" && is_true(command, "missing_ok");
}

bool is_column(json const& expression, std::string const& name)
{
    json const* const reference = find(expression, "ColumnRef");
    json const* const fields = reference == nullptr ? nullptr : find(*reference, "fields");
    json const* const last =
        fields == nullptr || !fields->is_array() || fields->empty() ? nullptr : find(fields->back(), "String");
    return last != nullptr && text_at(*last, "sval") == name;
}

json const* column_definition(json const& command)
{
    json const* const definition = find(command, "def");
    return definition == nullptr ? nullptr : find(*definition, "ColumnDef");
}

/// ALTER COLUMN ... TYPE ... USING computes each value anew, by an expression of which the type tells nothing: but for
/// the column itself, and its cast to that very type.
bool computes_values(json const& command)
{
    json const* const column = column_definition(command);
    json const* expression = column == nullptr ? nullptr : find(*column, "raw_default");
    if (text_at(command, "subtype") != "AT_AlterColumnType" || expression == nullptr) {
        return false;
    }
    json const* const cast = find(*expression, "TypeCast");
    json const* const wanted = find(*column, "typeName");
    json const* const type = cast == nullptr ? nullptr : find(*cast, "typeName");
    if (type != nullptr && wanted != nullptr && *type == *wanted) {
        expression = find(*cast, "arg");
    }
    return expression == nullptr || !is_column(*expression, text_at(command, "name"));
}

bool is_generated(json const& column)
{
    json const* const constraints = find(column, "constraints");
    return constraints != nullptr && std::any_of(constraints->begin(), constraints->end(), [](json const& one) {
               json const* const constraint = find(one, "Constraint");
               return constraint != nullptr && text_at(*constraint, "contype") == "CONSTR_GENERATED";
           });
}

/// ALTER TABLE that drops a column, or the identity of one, and adds it again, in whichever order: the server drops
/// first.
bool replaces_what_it_drops(json const& alter_table)
{
    std::set<std::pair<std::string, std::string>> dropped; // what, and of which column
    std::set<std::pair<std::string, std::string>> added;
    for_each_alter_command(alter_table, [&](json const& command) {
        json const* const column = column_definition(command);
        auto const type = text_at(command, "subtype");
        if (type == "AT_DropColumn" || type == "AT_DropIdentity") {
            dropped.emplace(type.substr(std::string_view{"AT_Drop"}.size()), text_at(command, "name"));
        } else if (type == "AT_AddColumn" && column != nullptr && !is_generated(*column)) {
            added.emplace("Column", text_at(*column, "colname"));
        } else if (type == "AT_AddIdentity") {
            added.emplace("Identity", text_at(command, "name"));
        }
    });
    return std::any_of(added.begin(), added.end(), [&](auto const& one) { return dropped.contains(one); });
}

bool is_schema_only(std::string const& node, json const& fields)
{
    if (std::find(schema_nodes.begin(), schema_nodes.end(), node) == schema_nodes.end()) {
        return false;
    }
    if (node == "CreateTableAsStmt") {
        // The content of a materialized view is derived; that of a table made by a query is data.
        json const* const into = find(fields, "into");
        return text_at(fields, "objtype") == "OBJECT_MATVIEW" || (into != nullptr && is_true(*into, "skipData"));
    }
    if (node == "AlterSeqStmt") {
        return !has_option(find(fields, "options"), "restart");
    }
    if (node == "AlterTableStmt") {
        return !any_alter_command(fields, restarts_identity) && !any_alter_command(fields, computes_values) &&
               !replaces_what_it_drops(fields);
    }
    return true;
}

bool has_if_not_exists(std::string const& node, json const& fields)
{
    if (node == "AlterTableStmt") {
        return any_alter_command(fields, adds_column_if_missing);
    }
    json const* const base = find(fields, "base"); // of a foreign table
    return is_true(fields, "if_not_exists") || is_true(fields, "skipIfNewValExists") ||
           (base != nullptr && is_true(*base, "if_not_exists"));
}

} // namespace

tree_facts read_parse_tree(std::string_view text)
{
    tree_facts facts;
    json const tree = read_wanted_part(text);
    json const* const statements = find(tree, "stmts");
    if (statements == nullptr || !statements->is_array() || statements->size() != 1) {
        return facts;
    }
    json const* const node = find(statements->front(), "stmt");
    if (node == nullptr || !node->is_object() || node->size() != 1) {
        return facts;
    }
    facts.node = node->begin().key();
    facts.schema_only = is_schema_only(facts.node, node->begin().value());
    auto hidden = untraced_work_of(facts.node, node->begin().value());
    facts.untraced = std::move(hidden.on);
    facts.may_be_untraced = hidden.depends;
    facts.if_not_exists = has_if_not_exists(facts.node, node->begin().value());
    return facts;
}

} // namespace pgratchet::script
