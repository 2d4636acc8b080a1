// SPDX-License-Identifier: Apache-2.0
// Settings: SET, ALTER ROLE and DATABASE ... SET, set_config(), and those of a function.
#include "lint/deeds.hpp"
#include "lint/rules/rules.hpp"
#include "lint/tree_text.hpp"

#include <algorithm>
#include <cctype>
#include <optional>

namespace pgratchet::lint::rules {

namespace {

/// True for what means no limit: 0 with any unit or none.
bool is_zero(std::string const& value)
{
    auto const first = std::find_if(value.begin(), value.end(), [](unsigned char c) { return c != '0' && c != '.'; });
    return first != value.begin() &&
           std::all_of(first, value.end(), [](unsigned char c) { return std::isalpha(c) != 0 || c == ' '; });
}

/// What a SET does to a setting: the new value, or "" for the server's own.
std::optional<std::string> value_set(nlohmann::json const& set, std::string_view name)
{
    auto const kind = text_field(set, "kind");
    if (kind == "VAR_RESET_ALL") {
        return "";
    }
    if (text_field(set, "name") != name) {
        return std::nullopt;
    }
    if (kind == "VAR_SET_VALUE") {
        auto const& values = list(set, "args");
        return values.empty() ? "" : constant_text(values.front());
    }
    return kind == "VAR_SET_DEFAULT" || kind == "VAR_RESET" ? std::optional<std::string>{""} : std::nullopt;
}

/// Likewise, of a call of set_config('name', 'value', ...).
std::optional<std::string> value_configured(nlohmann::json const& call, std::string_view name)
{
    auto const& arguments = list(call, "args");
    if (last_name(list(call, "funcname")) != "set_config" || arguments.size() < 2 ||
        constant_text(arguments[0]) != name) {
        return std::nullopt;
    }
    return constant_text(arguments[1]);
}

/// Every value that a statement gives a setting, for itself or for others.
std::vector<std::string> values_given(statement_facts const& one, std::string_view name)
{
    std::vector<std::string> values;
    auto const add = [&](std::optional<std::string> value) {
        if (value) {
            values.push_back(std::move(*value));
        }
    };
    if (one.node() == "VariableSetStmt") {
        add(value_set(one.tree(), name));
    } else if (one.node() == "AlterDatabaseSetStmt" || one.node() == "AlterRoleSetStmt") {
        auto const& set = field(one.tree(), "setstmt");
        if (text_field(set, "kind") == "VAR_SET_VALUE") {
            add(value_set(set, name));
        }
    } else if (one.node() == "CreateFunctionStmt" || one.node() == "AlterFunctionStmt") {
        for (auto const* const set : nodes_of(one.tree(), "VariableSetStmt")) {
            add(value_set(*set, name));
        }
    } else if (one.node() == "SelectStmt") {
        for (auto const* const call : nodes_of(one.tree(), "FuncCall")) {
            add(value_configured(*call, name));
        }
    }
    return values;
}

} // namespace

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

std::vector<finding> zero_lock_timeout(migration_facts const& migration)
{
    std::vector<finding> found;
    for (auto const& one : migration.statements) {
        for (auto const& value : values_given(one, "lock_timeout")) {
            if (value.empty() || is_zero(value)) {
                found.push_back({one.where(),
                                 value.empty()
                                     ? "lock_timeout goes back to the server's own, which mostly is 0: no limit"
                                     : "lock_timeout 0 waits for ever, and all that comes to the table waits behind it",
                                 {},
                                 "leave it to the deployer (--lock-timeout), or set a few seconds"});
            }
        }
    }
    return found;
}

std::vector<finding> replication_role(migration_facts const& migration)
{
    std::vector<finding> found;
    for (auto const& one : migration.statements) {
        for (auto const& value : values_given(one, "session_replication_role")) {
            if (value == "replica") {
                found.push_back({one.where(),
                                 "no trigger fires from here on, and no foreign key is checked",
                                 {},
                                 "let the triggers fire, or disable the one that is meant: ALTER TABLE ... DISABLE "
                                 "TRIGGER"});
            }
        }
    }
    return found;
}

} // namespace pgratchet::lint::rules
