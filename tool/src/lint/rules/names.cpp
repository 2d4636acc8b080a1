// SPDX-License-Identifier: Apache-2.0
// Names that are longer than PostgreSQL keeps (PostgreSQL manual, "Identifiers and Key Words": NAMEDATALEN).
#include "lint/deeds.hpp"
#include "lint/rules/rules.hpp"
#include "script/lexer.hpp"
#include "script/spelling.hpp"

#include <algorithm>
#include <array>

namespace pgratchet::lint::rules {

namespace {

constexpr std::size_t most_bytes = 63;
constexpr auto fix = "give it a shorter name, in the file";

/// The names in a statement that are too long, each at its place.
std::vector<finding> written(statement_facts const& in)
{
    using script::token_kind;
    std::vector<finding> found;
    auto const text = in.text();
    script::lexer read{text};
    for (auto token = read.next(); token.kind != token_kind::end_of_text; token = read.next()) {
        if (token.kind != token_kind::word && token.kind != token_kind::quoted_name) {
            continue;
        }
        auto const name = parts_of(text.substr(token.begin, token.end - token.begin)).back();
        if (name.size() > most_bytes) {
            found.push_back({in.where(token.begin),
                             "a name of " + std::to_string(name.size()) +
                                 " bytes: PostgreSQL keeps 63 and cuts the "
                                 "rest, so another long name may become the same",
                             {},
                             fix});
        }
    }
    return found;
}

/// True for the name of an object that PostgreSQL makes up from the names of table and columns.
bool can_be_made_up(std::string const& kind)
{
    constexpr std::array kinds{"table constraint", "domain constraint", "index", "sequence"};
    return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

/// A made-up name that is cut is cut at the last byte, or before a character that would not fit as a whole.
bool fills_the_room(std::string const& name)
{
    constexpr std::size_t longest_rest = 3;
    bool const is_ascii =
        std::all_of(name.begin(), name.end(), [](char c) { return static_cast<signed char>(c) >= 0; });
    return name.size() == most_bytes || (!is_ascii && name.size() + longest_rest >= most_bytes);
}

} // namespace

std::vector<finding> name_truncated(migration_facts const& migration)
{
    std::vector<finding> found;
    for (auto const& one : migration.statements) {
        auto const some = written(one);
        found.insert(found.end(), some.begin(), some.end());
    }
    auto const text = script::in_lower_case(migration.file.text);
    for (auto const& change : migration.changes) {
        auto const name = bare_name(change.id.identity);
        if (change.after && can_be_made_up(change.id.kind) && !migration.existed_before(change.id) &&
            fills_the_room(name) && text.find(script::in_lower_case(name)) == std::string::npos) {
            found.push_back({place_of(migration, change.id),
                             "PostgreSQL makes up the name " + name +
                                 ", cut to 63 bytes: it is hard to guess, and the next one alike gets a number",
                             {},
                             fix});
        }
    }
    return found;
}

} // namespace pgratchet::lint::rules
