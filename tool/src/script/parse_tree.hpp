// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pgratchet::script {

/// What pgratchet wants to know of one statement's parse tree.
struct tree_facts {
    std::string node;                  ///< "CreateStmt"; empty if there is not exactly one statement
    bool schema_only = false;          ///< see statement::schema_only
    std::vector<std::string> untraced; ///< see statement::untraced
    bool may_be_untraced = false;      ///< likewise
    bool if_not_exists = false;
};

/// Reads the JSON that libpg_query gives for one statement. Never throws for what the JSON holds; what it does not
/// understand is not schema-only. Works in time linear in the JSON and does not recurse.
[[nodiscard]] tree_facts read_parse_tree(std::string_view json);

} // namespace pgratchet::script
