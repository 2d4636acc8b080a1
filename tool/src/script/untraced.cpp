// SPDX-License-Identifier: Apache-2.0
#include "script/untraced.hpp"

#include "script/tree_fields.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace pgratchet::script {

namespace {

/// Nodes whose work never shows. Not here on purpose: upkeep, which can be missing without harm (VACUUM, REINDEX,
/// REFRESH, settings, locks).
constexpr std::array untraced_nodes = std::to_array<std::string_view>({
    "AlterExtensionContentsStmt",
    "AlterExtensionStmt",
    "AlterForeignServerStmt",
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
    "SecLabelStmt",
});

/// Actions of ALTER TABLE that do not show, those on the relation and those on one of its columns.
constexpr std::array untraced_on_relation = std::to_array<std::string_view>({
    "AT_ClusterOn",
    "AT_DisableTrigAll",
    "AT_DropCluster",
    "AT_EnableTrigAll",
    "AT_ReplicaIdentity",
    "AT_ResetRelOptions",
    "AT_SetAccessMethod",
    "AT_SetRelOptions",
    "AT_SetTableSpace",
});
constexpr std::array untraced_on_column = std::to_array<std::string_view>({
    "AT_ResetOptions",
    "AT_SetCompression",
    "AT_SetOptions",
    "AT_SetStatistics",
    "AT_SetStorage",
});

/// Those that may not show: on a trigger that is a partition's copy, on options that may be secrets.
constexpr std::array maybe_untraced = std::to_array<std::string_view>({
    "AT_AlterColumnGenericOptions",
    "AT_DisableTrig",
    "AT_DisableTrigUser",
    "AT_EnableAlwaysTrig",
    "AT_EnableReplicaTrig",
    "AT_EnableTrig",
    "AT_EnableTrigUser",
    "AT_GenericOptions",
});

/// Objects that are not compared at all, whatever is done to them.
constexpr std::array uncompared_objects = std::to_array<std::string_view>({
    "OBJECT_ACCESS_METHOD",
    "OBJECT_CONVERSION",
    "OBJECT_DATABASE",
    "OBJECT_LARGEOBJECT",
    "OBJECT_PARAMETER_ACL",
    "OBJECT_PUBLICATION",
    "OBJECT_ROLE",
    "OBJECT_SUBSCRIPTION",
    "OBJECT_TABLESPACE",
    "OBJECT_TRANSFORM",
    "OBJECT_TSPARSER",
    "OBJECT_TSTEMPLATE",
});

template <std::size_t N>
bool lists(std::array<std::string_view, N> const& names, std::string_view name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::string relation_of(nlohmann::json const& fields)
{
    auto const* const relation = find(fields, "relation");
    if (relation == nullptr) {
        return "";
    }
    auto const schema = text_at(*relation, "schemaname");
    return (schema.empty() ? "" : schema + ".") + text_at(*relation, "relname");
}

untraced_work of_alter_table(nlohmann::json const& fields)
{
    untraced_work found;
    bool const is_view = text_at(fields, "objtype") == "OBJECT_VIEW"; // its options are part of its definition
    auto const relation = relation_of(fields);
    for_each_alter_command(fields, [&](nlohmann::json const& command) {
        auto const action = text_at(command, "subtype");
        if (lists(untraced_on_relation, action) && !is_view) {
            found.on.push_back(relation);
        } else if (lists(untraced_on_column, action)) {
            auto const column = text_at(command, "name"); // an index has numbers instead
            found.on.push_back(column.empty() ? relation : relation + "." + column);
        }
        found.depends = found.depends || lists(maybe_untraced, action);
    });
    return found;
}

/// The kind of object that a statement names, in whichever field its node has it.
std::string object_type(std::string const& node, nlohmann::json const& fields)
{
    char const* const field = node == "AlterObjectSchemaStmt" || node == "AlterOwnerStmt" ? "objectType"
                              : node == "CommentStmt" || node == "GrantStmt"              ? "objtype"
                              : node == "DefineStmt"                                      ? "kind"
                              : node == "DropStmt"                                        ? "removeType"
                              : node == "RenameStmt"                                      ? "renameType"
                                                                                          : nullptr;
    return field == nullptr ? "" : text_at(fields, field);
}

bool is_elsewhere(std::string const& node, nlohmann::json const& fields)
{
    if (node == "AlterFdwStmt") { // the options, but not its handler
        return find(fields, "options") != nullptr;
    }
    auto const type = object_type(node, fields);
    return lists(untraced_nodes, node) || lists(uncompared_objects, type) ||
           (node == "AlterObjectSchemaStmt" && type == "OBJECT_EXTENSION");
}

} // namespace

untraced_work untraced_work_of(std::string const& node, nlohmann::json const& fields)
{
    if (node == "AlterTableStmt") {
        return of_alter_table(fields);
    }
    if (node == "ClusterStmt") { // USING is kept for the next time
        return text_at(fields, "indexname").empty() ? untraced_work{} : untraced_work{{relation_of(fields)}, false};
    }
    if (is_elsewhere(node, fields)) {
        return {{""}, false};
    }
    return {{}, node == "GrantStmt" && text_at(fields, "targtype") == "ACL_TARGET_OBJECT"};
}

} // namespace pgratchet::script
