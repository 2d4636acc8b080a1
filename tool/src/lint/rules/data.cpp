// SPDX-License-Identifier: Apache-2.0
// Statements that work on rows, and secrets.
#include "lint/deeds.hpp"
#include "lint/rules/rules.hpp"
#include "lint/tree_text.hpp"

#include <algorithm>

namespace pgratchet::lint::rules {

namespace {

bool existed_by_name(migration_facts const& migration, nlohmann::json const& range_var)
{
    auto const name = text_field(range_var, "relname");
    return std::any_of(migration.before.begin(), migration.before.end(), [&](auto const& one) {
        return one.first.kind == "table" && bare_name(one.first.identity) == name;
    });
}

bool is_password(nlohmann::json const& option)
{
    auto const name = text_field(option, "defname");
    auto const& value = field(field(option, "arg"), "String");
    return name == "password" && !text_field(value, "sval").empty();
}

/// The passwords in a statement: options of a role, a user mapping or a server, or within a connection string.
std::vector<nlohmann::json const*> passwords_in(statement_facts const& one)
{
    std::vector<nlohmann::json const*> found;
    auto const& node = one.node();
    if (node == "CreateRoleStmt" || node == "AlterRoleStmt" || node == "CreateUserMappingStmt" ||
        node == "AlterUserMappingStmt") {
        for (auto const* const option : nodes_of(one.tree(), "DefElem")) {
            if (is_password(*option)) {
                found.push_back(option);
            }
        }
    } else if ((node == "CreateSubscriptionStmt" || node == "AlterSubscriptionStmt") &&
               text_field(one.tree(), "conninfo").find("password") != std::string::npos) {
        found.push_back(&one.tree());
    }
    return found;
}

} // namespace

std::vector<finding> all_rows(migration_facts const& migration)
{
    std::vector<finding> found;
    for (auto const& one : migration.statements) {
        if (one.node() != "UpdateStmt" && one.node() != "DeleteStmt") {
            continue;
        }
        auto const& tree = one.tree();
        if (tree.is_object() && !tree.contains("whereClause") && existed_by_name(migration, field(tree, "relation"))) {
            bool const updates = one.node() == "UpdateStmt";
            found.push_back({one.where(),
                             std::string{updates ? "UPDATE" : "DELETE"} + " without WHERE: every row of " +
                                 relation_name(field(tree, "relation")) + " is " +
                                 (updates ? "written anew, and locked until COMMIT" : "gone"),
                             {},
                             updates ? "say which rows need it, so that those that are right already are left alone"
                                     : "say which rows are meant; to empty a table, TRUNCATE says so"});
        }
    }
    return found;
}

std::vector<finding> truncate_cascade(migration_facts const& migration)
{
    std::vector<finding> found;
    for (auto const& one : migration.statements) {
        if (one.node() == "TruncateStmt" && text_field(one.tree(), "behavior") == "DROP_CASCADE") {
            found.push_back({one.where(),
                             "TRUNCATE CASCADE empties every table that refers to this one, and those that refer to "
                             "them, whether or not the file names them",
                             {},
                             "name all tables that are to be emptied, and leave CASCADE out"});
        }
    }
    return found;
}

std::vector<finding> password_in_file(migration_facts const& migration)
{
    std::vector<finding> found;
    for (auto const& one : migration.statements) {
        for (auto const* const option : passwords_in(one)) {
            found.push_back({one.where(*option),
                             "a password in a migration is in the repository, in each bundle and in the server's log",
                             {},
                             "set it by hand or from a secret store: \\password in psql sends it encrypted"});
        }
    }
    return found;
}

} // namespace pgratchet::lint::rules
