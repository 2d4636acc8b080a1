// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

/// Looks into the fields of a parse tree's nodes.
namespace pgratchet::script {

/// The value of a field; null if it is absent, or this is no object.
[[nodiscard]] nlohmann::json const* find(nlohmann::json const& object, char const* key);

[[nodiscard]] bool is_true(nlohmann::json const& object, char const* key);

/// The text of a field; empty if it has none.
[[nodiscard]] std::string text_at(nlohmann::json const& object, char const* key);

/// True if a list of DefElem nodes holds one of that name.
[[nodiscard]] bool has_option(nlohmann::json const* list, std::string_view name);

/// Calls `visit` with each AlterTableCmd of an AlterTableStmt.
template <class Visitor>
void for_each_alter_command(nlohmann::json const& alter_table, Visitor visit)
{
    nlohmann::json const* const commands = find(alter_table, "cmds");
    if (commands == nullptr || !commands->is_array()) {
        return;
    }
    for (auto const& item : *commands) {
        if (nlohmann::json const* const command = find(item, "AlterTableCmd")) {
            visit(*command);
        }
    }
}

template <class Predicate>
[[nodiscard]] bool any_alter_command(nlohmann::json const& alter_table, Predicate predicate)
{
    bool found = false;
    for_each_alter_command(alter_table, [&](nlohmann::json const& command) { found = found || predicate(command); });
    return found;
}

} // namespace pgratchet::script
