// SPDX-License-Identifier: Apache-2.0
#include "script/parse_tree.hpp"

#include "script/wanted_part.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

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

/// Those of them whose work is no part of a compared definition and yet meant to stay.
constexpr std::array untraced_nodes = std::to_array<std::string_view>({
    "AlterExtensionContentsStmt",
    "AlterExtensionStmt",
    "AlterObjectDependsStmt",
    "AlterPublicationStmt",
    "AlterStatsStmt",
    "AlterTableMoveAllStmt",
    "AlterUserMappingStmt",
    "CreateAmStmt",
    "CreateConversionStmt",
    "CreatePublicationStmt",
    "CreateTransformStmt",
    "CreateUserMappingStmt",
    "DropUserMappingStmt",
    "GrantRoleStmt",
    "RefreshMatViewStmt",
    "SecLabelStmt",
});

/// Likewise the actions of ALTER TABLE.
constexpr std::array untraced_actions = std::to_array<std::string_view>({
    "AT_ClusterOn",
    "AT_DisableTrigAll",
    "AT_DropCluster",
    "AT_EnableTrigAll",
    "AT_ReplicaIdentity",
    "AT_ResetOptions",
    "AT_ResetRelOptions",
    "AT_SetAccessMethod",
    "AT_SetCompression",
    "AT_SetOptions",
    "AT_SetRelOptions",
    "AT_SetStatistics",
    "AT_SetStorage",
    "AT_SetTableSpace",
});

/// Likewise the objects of DROP.
constexpr std::array untraced_objects = std::to_array<std::string_view>({
    "OBJECT_ACCESS_METHOD",
    "OBJECT_CONVERSION",
    "OBJECT_PUBLICATION",
    "OBJECT_TRANSFORM",
});

template <std::size_t N>
bool holds(std::array<std::string_view, N> const& names, std::string_view name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

json const* find(json const& object, char const* key)
{
    if (!object.is_object()) {
        return nullptr;
    }
    auto const found = object.find(key);
    return found == object.end() ? nullptr : &*found;
}

bool is_true(json const& object, char const* key)
{
    json const* const value = find(object, key);
    return value != nullptr && value->is_boolean() && value->get<bool>();
}

bool is_text(json const& object, char const* key, std::string_view text)
{
    json const* const value = find(object, key);
    return value != nullptr && value->is_string() && value->get_ref<std::string const&>() == text;
}

/// True if a list of DefElem nodes holds one of that name.
bool has_option(json const* list, std::string_view name)
{
    return list != nullptr && list->is_array() && std::any_of(list->begin(), list->end(), [name](json const& item) {
               json const* const element = find(item, "DefElem");
               return element != nullptr && is_text(*element, "defname", name);
           });
}

template <class Predicate>
bool any_alter_command(json const& alter_table, Predicate predicate)
{
    json const* const commands = find(alter_table, "cmds");
    return commands != nullptr && commands->is_array() &&
           std::any_of(commands->begin(), commands->end(), [&predicate](json const& item) {
               json const* const command = find(item, "AlterTableCmd");
               return command != nullptr && predicate(*command);
           });
}

/// ALTER COLUMN ... RESTART sets the value of an identity column's sequence.
bool restarts_identity(json const& command)
{
    json const* const definition = find(command, "def");
    json const* const list = definition == nullptr ? nullptr : find(*definition, "List");
    return is_text(command, "subtype", "AT_SetIdentity") && list != nullptr &&
           has_option(find(*list, "items"), "restart");
}

bool adds_column_if_missing(json const& command)
{
    return is_text(command, "subtype", "AT_AddColumn") && is_true(command, "missing_ok");
}

bool is_schema_only(std::string const& node, json const& fields)
{
    if (!holds(schema_nodes, node)) {
        return false;
    }
    if (node == "CreateTableAsStmt") {
        // The content of a materialized view is derived; that of a table made by a query is data.
        json const* const into = find(fields, "into");
        return is_text(fields, "objtype", "OBJECT_MATVIEW") || (into != nullptr && is_true(*into, "skipData"));
    }
    if (node == "AlterSeqStmt") {
        return !has_option(find(fields, "options"), "restart");
    }
    if (node == "AlterTableStmt") {
        return !any_alter_command(fields, restarts_identity);
    }
    return true;
}

/// True if a field's value is one of these names.
template <std::size_t N>
bool is_one_of(json const& object, char const* key, std::array<std::string_view, N> const& names)
{
    json const* const value = find(object, key);
    return value != nullptr && value->is_string() && holds(names, value->get_ref<std::string const&>());
}

bool is_untraced(std::string const& node, json const& fields)
{
    if (node == "AlterTableStmt") {
        bool const is_view = is_text(fields, "objtype", "OBJECT_VIEW"); // its options are part of its definition
        return !is_view && any_alter_command(fields, [](json const& command) {
            return is_one_of(command, "subtype", untraced_actions);
        });
    }
    return holds(untraced_nodes, node) || (node == "DropStmt" && is_one_of(fields, "removeType", untraced_objects));
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
    facts.untraced = is_untraced(facts.node, node->begin().value());
    facts.if_not_exists = has_if_not_exists(facts.node, node->begin().value());
    return facts;
}

} // namespace pgratchet::script
