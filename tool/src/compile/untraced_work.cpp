// SPDX-License-Identifier: Apache-2.0
#include "compile/untraced_work.hpp"

#include "preflight/mentions.hpp"
#include "script/lexer.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace pgratchet::compile {

namespace {

/// The names between ON and TO, or FROM, of a GRANT or REVOKE, without those in parentheses: types of arguments.
std::set<std::string> granted_on(std::string_view statement)
{
    std::set<std::string> names;
    bool is_behind_on = false;
    int depth = 0;
    script::lexer tokens{statement};
    for (auto one = tokens.next(); one.kind != script::token_kind::end_of_text; one = tokens.next()) {
        auto const text = statement.substr(one.begin, one.end - one.begin);
        depth += one.kind == script::token_kind::open_parenthesis    ? 1
                 : one.kind == script::token_kind::close_parenthesis ? -1
                                                                     : 0;
        if (depth > 0 || (one.kind != script::token_kind::word && one.kind != script::token_kind::quoted_name)) {
            continue;
        }
        if (is_behind_on && (script::is_keyword(text, "TO") || script::is_keyword(text, "FROM"))) {
            break;
        }
        if (is_behind_on) {
            for (auto& name : preflight::names_in(text)) {
                names.insert(std::move(name));
            }
        }
        is_behind_on = is_behind_on || script::is_keyword(text, "ON");
    }
    return names;
}

/// Whether one of these is the bare name of an object of the user's own.
bool names_one_of(catalog::snapshot const& all, std::set<std::string> const& names)
{
    // A schema may only qualify another name, and an extension be called like its type.
    bool const is_on_schema = names.contains("schema");
    return std::any_of(all.begin(), all.end(), [&](auto const& one) {
        if (one.first.kind == "extension" || (one.first.kind == "schema" && !is_on_schema)) {
            return false;
        }
        auto const parts = preflight::names_in(one.first.identity.substr(0, one.first.identity.find('(')));
        return !parts.empty() && names.contains(parts.back());
    });
}

} // namespace

void note_untraced(source& one, catalog::snapshot const& before, catalog::snapshot const& after)
{
    bool const has_extension = std::any_of(one.text.body.begin(), one.text.body.end(),
                                           [](auto const& each) { return each.node == "CreateExtensionStmt"; });
    auto const repeats_a_grant = [&](script::statement const& statement) {
        auto const names = statement.node == "GrantStmt" && !has_extension ? granted_on(one.text.text_of(statement))
                                                                           : std::set<std::string>{};
        return names_one_of(after, names) || names_one_of(before, names);
    };
    for (std::size_t i = 0; i < one.text.body.size() && !one.quiet; ++i) {
        auto& statement = one.text.body[i];
        bool const may_be = statement.may_be_untraced && one.each[i].empty() && statement.untraced.empty();
        if (may_be && !repeats_a_grant(statement)) {
            statement.untraced.emplace_back();
        }
    }
    one.entry.untraced = one.text.untraced();
}

} // namespace pgratchet::compile
