// SPDX-License-Identifier: Apache-2.0
#include "restore/roles.hpp"

#include "script/script.hpp"
#include "script/tree.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <vector>

namespace pgratchet::restore {

namespace {

using nlohmann::json;

/// Parsing all of a large schema into trees would take long: most of it names no role.
bool may_name_a_role(script::statement const& one)
{
    static constexpr auto nodes = std::to_array<std::string_view>(
        {"AlterTableStmt", "AlterOwnerStmt", "GrantStmt", "GrantRoleStmt", "AlterDefaultPrivilegesStmt",
         "CreatePolicyStmt", "CreateSchemaStmt", "VariableSetStmt", "CreateUserMappingStmt"});
    return std::ranges::find(nodes, one.node) != nodes.end();
}

/// SET SESSION AUTHORIZATION has the name as a value, everything else as a role.
void add_session_authorization(json const& tree, std::set<std::string>& roles)
{
    auto const at = json::json_pointer{"/VariableSetStmt"};
    if (!tree.contains(at) || tree[at].value("name", "") != "session_authorization") {
        return;
    }
    auto const value = json::json_pointer{"/VariableSetStmt/args/0/A_Const/sval/sval"};
    if (tree.contains(value) && tree[value].is_string()) {
        roles.insert(tree[value].get<std::string>());
    }
}

void add_roles(json const& tree, std::set<std::string>& roles)
{
    std::vector<json const*> to_do{&tree};
    while (!to_do.empty()) {
        auto const& one = *to_do.back();
        to_do.pop_back();
        if (one.is_object()) {
            if (auto const name = one.find("rolename"); name != one.end() && name->is_string()) {
                roles.insert(name->get<std::string>());
            }
        }
        if (one.is_structured()) {
            for (auto const& part : one) {
                to_do.push_back(&part);
            }
        }
    }
}

} // namespace

std::set<std::string> roles_named(std::string_view schema)
{
    std::set<std::string> roles;
    auto const parsed = script::parse("archive", schema, script::dialect::schema_dump);
    for (auto const& one : parsed.result.body) {
        if (may_name_a_role(one)) {
            auto const tree = script::tree_of(parsed.result.text_of(one));
            add_session_authorization(tree, roles);
            add_roles(tree, roles);
        }
    }
    return roles;
}

} // namespace pgratchet::restore
