// SPDX-License-Identifier: Apache-2.0
#include "execute/permission_hint.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <regex>
#include <utility>

namespace pgratchet::execute {

namespace {

/// A kind of object in capitals, as SQL has it: "foreign-data wrapper" is FOREIGN DATA WRAPPER.
std::string upper(std::string text)
{
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return c == '-' ? ' ' : std::toupper(c); });
    return text;
}

/// What a statement needs on an object of this kind that belongs to somebody else.
std::string privilege_on(std::string const& kind, std::string_view command)
{
    static constexpr auto by_kind = std::to_array<std::pair<std::string_view, char const*>>({
        {"schema", "USAGE, CREATE"},
        {"database", "CREATE"},
        {"sequence", "USAGE"},
        {"type", "USAGE"},
        {"language", "USAGE"},
        {"foreign server", "USAGE"},
        {"foreign-data wrapper", "USAGE"},
        {"tablespace", "CREATE"},
        {"function", "EXECUTE"},
        {"procedure", "EXECUTE"},
        {"aggregate", "EXECUTE"},
    });
    for (auto const& [name, privilege] : by_kind) {
        if (kind == name) {
            return privilege;
        }
    }
    for (auto const* one : {"SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE"}) {
        if (command == one) {
            return one;
        }
    }
    if (command == "CREATE TABLE" || command == "ALTER TABLE") {
        return "REFERENCES";
    }
    return command == "CREATE TRIGGER" ? "TRIGGER" : "SELECT";
}

/// A name as the message has it: without quotes, so that they stand where SQL asks for them.
std::string as_sql(std::string const& kind)
{
    return kind == "table" || kind == "view" || kind == "materialized view" || kind == "relation" ? ""
                                                                                                  : upper(kind) + " ";
}

} // namespace

std::string permission_hint(database::server_message const& said, std::string_view command, std::string const& role)
{
    if (said.sqlstate != "42501") {
        return {};
    }
    static std::regex const denied{"^permission denied for ([a-z][a-z -]*[a-z]) (.+)$"};
    static std::regex const not_owner{"^must be owner of ([a-z][a-z -]*[a-z]) (.+)$"};
    auto const own_hint = said.hint.empty() ? "" : "; the server: " + said.hint;
    if (std::smatch match; std::regex_match(said.message, match, not_owner)) {
        auto const kind = match[1] == "relation" ? std::string{"table"} : match[1].str();
        return "role " + role + " does not own " + kind + " " + match[2].str() +
               "; its owner or a superuser can say: ALTER " + (kind == "foreign server" ? "SERVER" : upper(kind)) +
               " " + match[2].str() + " OWNER TO " + role + ", or GRANT the owner's role TO " + role + own_hint;
    }
    if (std::smatch match; std::regex_match(said.message, match, denied)) {
        auto const kind = match[1].str();
        auto const privilege = privilege_on(kind, command);
        return "role " + role + " lacks " + privilege + " on " + kind + " " + match[2].str() +
               "; its owner or a superuser can say: GRANT " + privilege + " ON " + as_sql(kind) + match[2].str() +
               " TO " + role + own_hint;
    }
    return "role " + role + " lacks the right to do this" +
           (said.hint.empty() ? std::string{"; a superuser can give it, or run the statement beforehand"} : own_hint);
}

} // namespace pgratchet::execute
