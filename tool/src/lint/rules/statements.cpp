// SPDX-License-Identifier: Apache-2.0
#include "lint/rules/rules.hpp"
#include "lint/tree_text.hpp"

namespace pgratchet::lint::rules {

std::vector<finding> set_without_local(migration_facts const& migration)
{
    std::vector<finding> found;
    if (migration.file.mode == script::transaction_mode::none) {
        return found; // LOCAL has no meaning there
    }
    for (auto const& one : migration.statements) {
        if (one.node() != "VariableSetStmt" || true_field(one.tree(), "is_local")) {
            continue;
        }
        auto const kind = text_field(one.tree(), "kind");
        if (kind == "VAR_SET_VALUE" || kind == "VAR_SET_DEFAULT" || kind == "VAR_SET_CURRENT") {
            auto const name = text_field(one.tree(), "name");
            found.push_back({one.where(),
                             "the setting " + name + " stays behind in the session after COMMIT",
                             {},
                             "write SET LOCAL, which ends with the transaction"});
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

} // namespace pgratchet::lint::rules
