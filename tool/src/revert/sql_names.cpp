// SPDX-License-Identifier: Apache-2.0
#include "revert/sql_names.hpp"

#include "catalog/identity.hpp"

#include <algorithm>
#include <array>

namespace pgratchet::revert {

namespace {

bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
           static_cast<unsigned char>(c) >= 0x80;
}

/// The end of a name, with quotes or without, and of those that follow behind dots.
std::size_t end_of_names(std::string_view text, std::size_t from)
{
    auto at = from;
    for (;;) {
        if (at < text.size() && text[at] == '"') {
            at = catalog::end_of_quoted(text, at);
        } else {
            at = static_cast<std::size_t>(
                std::find_if_not(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), is_plain) - text.begin());
        }
        if (at + 1 >= text.size() || text[at] != '.' || (!is_plain(text[at + 1]) && text[at + 1] != '"')) {
            return at;
        }
        ++at;
    }
}

bool hangs_on_another(std::string_view kind)
{
    constexpr std::array kinds{"table constraint", "trigger", "policy", "rule", "domain constraint"};
    return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

} // namespace

std::string sql_names::name(std::string_view plain) const
{
    bool const is_bare = !plain.starts_with('"') && m_keywords.contains(std::string{plain});
    return is_bare ? '"' + std::string{plain} + '"' : std::string{plain};
}

std::string sql_names::qualified(std::string_view text) const
{
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] != '"' && !is_plain(text[at])) {
            out += text[at++];
            continue;
        }
        auto const end = end_of_names(text, at);
        auto const names = catalog::parts_of(text.substr(at, end - at), '.');
        for (auto const& one : names) {
            out += (&one == &names.front() ? "" : ".") + (names.size() > 1 ? name(one) : one);
        }
        at = end;
    }
    return out;
}

std::string sql_names::of(catalog::object_id const& id) const
{
    if (hangs_on_another(id.kind)) {
        auto const [own, root] = name_and_root(id.identity);
        return name(own) + (id.kind == "domain constraint" ? " ON DOMAIN " : " ON ") + qualified(root);
    }
    bool const is_one_name =
        end_of_names(id.identity, 0) == id.identity.size() && catalog::parts_of(id.identity, '.').size() == 1;
    return is_one_name ? name(id.identity) : qualified(id.identity);
}

std::string sql_names::column(catalog::object const& of) const
{
    return name(std::string_view{of.id.identity}.substr(of.root.size() + 1));
}

std::string sql_names::identifier(std::string_view raw) const
{
    bool const needs_none =
        !raw.empty() && !(raw.front() >= '0' && raw.front() <= '9') && raw.front() != '$' &&
        std::all_of(raw.begin(), raw.end(), [](char c) { return is_plain(c) && static_cast<unsigned char>(c) < 0x80; });
    if (needs_none) {
        return name(raw);
    }
    std::string quoted = "\"";
    for (char const c : raw) {
        quoted += c == '"' ? "\"\"" : std::string(1, c);
    }
    return quoted + "\"";
}

std::string sql_names::role(std::string_view given) const
{
    return given == "@deployer" ? "CURRENT_USER" : given == "PUBLIC" ? "PUBLIC" : identifier(given);
}

std::pair<std::string, std::string> name_and_root(std::string_view identity)
{
    constexpr std::string_view word = " on ";
    auto const end = identity.starts_with('"') ? catalog::end_of_quoted(identity, 0) : identity.find(word);
    auto const root = std::min(end + word.size(), identity.size());
    return {std::string{identity.substr(0, end)}, std::string{identity.substr(root)}};
}

std::string attribute(catalog::object const& of, std::string const& name)
{
    return catalog::attribute_of(&of, name).value_or("");
}

std::string kind_in_sql(catalog::object const& of)
{
    auto const& kind = of.id.kind;
    if (kind == "type" && attribute(of, "form") == "domain") {
        return "DOMAIN";
    }
    if (kind == "statistics object") {
        return "STATISTICS";
    }
    if (kind == "table constraint" || kind == "domain constraint") {
        return "CONSTRAINT";
    }
    if (kind == "foreign-data wrapper") {
        return "FOREIGN DATA WRAPPER";
    }
    std::string words = kind == "invalid index" ? "index" : kind;
    std::transform(words.begin(), words.end(), words.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return words;
}

} // namespace pgratchet::revert
