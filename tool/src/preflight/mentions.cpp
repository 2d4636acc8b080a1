// SPDX-License-Identifier: Apache-2.0
#include "preflight/mentions.hpp"

#include "script/lexer.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace pgratchet::preflight {

namespace {

using script::token_kind;

template <std::size_t Count>
bool is_one_of(std::string_view node, std::array<std::string_view, Count> const& nodes)
{
    return std::ranges::find(nodes, node) != nodes.end();
}

bool makes_objects(std::string_view node)
{
    static constexpr std::array nodes = std::to_array<std::string_view>(
        {"CreateStmt", "CreateTableAsStmt", "CreateForeignTableStmt", "ViewStmt", "CreateSeqStmt", "CreateEnumStmt",
         "CompositeTypeStmt", "CreateDomainStmt", "CreateRangeStmt", "CreateFunctionStmt", "DefineStmt", "IndexStmt",
         "CreateStatsStmt", "RenameStmt"});
    return is_one_of(node, nodes);
}

bool is_for_owners(std::string_view node)
{
    static constexpr std::array nodes = std::to_array<std::string_view>(
        {"AlterTableStmt", "AlterDomainStmt", "AlterEnumStmt", "AlterFunctionStmt", "AlterObjectSchemaStmt",
         "AlterOwnerStmt", "AlterPolicyStmt", "AlterSeqStmt", "AlterStatsStmt", "AlterTypeStmt", "CommentStmt",
         "CreateFunctionStmt", "CreatePolicyStmt", "CreateStatsStmt", "DropStmt", "IndexStmt", "RenameStmt", "RuleStmt",
         "ViewStmt"});
    return is_one_of(node, nodes);
}

bool has(std::vector<std::string> const& names, std::string_view wanted)
{
    return std::ranges::find(names, wanted) != names.end();
}

/// The role that later statements run as is another one: by SET ROLE, SET SESSION AUTHORIZATION or set_config().
bool changes_role(script::script const& file, script::statement const& one, std::vector<std::string> const& names)
{
    if (one.node == "VariableSetStmt") {
        return has(names, "role") || has(names, "authorization");
    }
    if (one.node == "DoStmt" || one.node.empty()) { // its text is a string to the lexer
        std::string text{file.text_of(one)};
        std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
        return text.find("role") != std::string::npos || text.find("authorization") != std::string::npos;
    }
    return has(names, "set_config");
}

std::string on_one_line(std::string_view text)
{
    std::string line;
    for (char const c : text) {
        bool const is_space = std::isspace(static_cast<unsigned char>(c)) != 0;
        if (!is_space) {
            line += c;
        } else if (!line.empty() && line.back() != ' ') {
            line += ' ';
        }
    }
    return line;
}

} // namespace

std::vector<std::string> names_in(std::string_view statement)
{
    std::vector<std::string> names;
    script::lexer words{statement};
    for (auto one = words.next(); one.kind != token_kind::end_of_text; one = words.next()) {
        std::string text{statement.substr(one.begin, one.end - one.begin)};
        if (one.kind == token_kind::word) {
            std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
            names.push_back(std::move(text));
        } else if (one.kind == token_kind::quoted_name && text.size() > 1 && text.front() == '"') {
            std::string name;
            for (std::size_t i = 1; i + 1 < text.size(); ++i) {
                name += text[i];
                i += text[i] == '"' ? 1U : 0U;
            }
            names.push_back(std::move(name));
        }
    }
    return names;
}

mentions mentioned_in(script::script const& file, std::size_t first)
{
    mentions found;
    for (auto i = first; i < file.body.size(); ++i) {
        auto const& one = file.body[i];
        auto const names = names_in(file.text_of(one));
        found.changes_role = found.changes_role || changes_role(file, one, names);
        found.makes_roles = found.makes_roles || one.node == "CreateRoleStmt";
        found.makes_event_triggers = found.makes_event_triggers || one.node == "CreateEventTrigStmt";
        if (makes_objects(one.node)) {
            found.made.insert(names.begin(), names.end());
        }
        if (is_for_owners(one.node)) {
            found.worked_on.insert(names.begin(), names.end());
        }
        auto const name_at = one.if_not_exists ? 5U : 2U; // behind CREATE EXTENSION [IF NOT EXISTS]
        if (one.node == "CreateExtensionStmt" && names.size() > name_at) {
            found.extensions.emplace(names[name_at], on_one_line(file.text_of(one)));
        }
        if (one.node == "CreateSchemaStmt" && names.size() > name_at) {
            auto const by_owner = names[name_at] == "authorization" && names.size() > name_at + 1;
            found.schemas.emplace(by_owner ? names[name_at + 1] : names[name_at], on_one_line(file.text_of(one)));
        }
    }
    return found;
}

} // namespace pgratchet::preflight
