// SPDX-License-Identifier: Apache-2.0
#include "lint/rules/rules.hpp"
#include "lint/tree_text.hpp"

namespace pgratchet::lint::rules {

namespace {

/// The GRANT in a statement: itself, or the one that ALTER DEFAULT PRIVILEGES stores.
nlohmann::json const& grant_in(statement_facts const& one)
{
    static nlohmann::json const none;
    if (one.node() == "GrantStmt") {
        return one.tree();
    }
    return one.node() == "AlterDefaultPrivilegesStmt" ? field(one.tree(), "action") : none;
}

} // namespace

std::vector<finding> grant_to_public(migration_facts const& migration)
{
    std::vector<finding> found;
    for (auto const& one : migration.statements) {
        auto const& grant = grant_in(one);
        if (!true_field(grant, "is_grant")) {
            continue;
        }
        for (auto const& grantee : list(grant, "grantees")) {
            auto const& role = field(grantee, "RoleSpec");
            if (text_field(role, "roletype") == "ROLESPEC_PUBLIC") {
                found.push_back({one.where(role),
                                 "every role there is, and every one to come, gets these privileges",
                                 {},
                                 "grant to a role of the application, and make users members of it"});
            }
        }
    }
    return found;
}

} // namespace pgratchet::lint::rules
