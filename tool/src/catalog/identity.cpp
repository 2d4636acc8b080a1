// SPDX-License-Identifier: Apache-2.0
#include "catalog/identity.hpp"

#include <algorithm>

namespace pgratchet::catalog {

std::string own_name(object const& one)
{
    std::string_view const identity = one.id.identity;
    auto const on_root = " on " + one.root;
    if (one.root != one.id.identity && identity.starts_with(one.root + ".")) {
        return std::string{identity.substr(one.root.size() + 1)};
    }
    if (identity.ends_with(on_root)) {
        return std::string{identity.substr(0, identity.size() - on_root.size())};
    }
    auto const parts = parts_of(identity, '.');
    return std::string{parts.size() < 2 ? identity : identity.substr(parts.front().size() + 1)};
}

std::vector<std::string> parts_of(std::string_view list, char separator)
{
    std::vector<std::string> parts;
    std::size_t depth = 0;
    std::size_t from = 0;
    auto const add = [&](std::size_t end) {
        auto part = list.substr(from, end - from);
        part.remove_prefix(std::min(part.find_first_not_of(' '), part.size()));
        auto const last = part.find_last_not_of(' ');
        parts.emplace_back(part.substr(0, last == std::string_view::npos ? 0 : last + 1));
    };
    for (std::size_t at = 0; at < list.size();) {
        char const c = list[at];
        if (c == '"' || c == '\'') {
            at = end_of_quoted(list, at);
            continue;
        }
        depth += c == '(' || c == '[' ? 1U : 0U;
        depth -= (c == ')' || c == ']') && depth > 0 ? 1U : 0U;
        if (c == separator && depth == 0) {
            add(at);
            from = at + 1;
        }
        ++at;
    }
    if (!list.empty()) {
        add(list.size());
    }
    return parts;
}

std::size_t end_of_quoted(std::string_view text, std::size_t from)
{
    char const quote = text[from];
    for (auto at = from + 1; at < text.size(); ++at) {
        if (text[at] == quote) {
            if (at + 1 == text.size() || text[at + 1] != quote) {
                return at + 1;
            }
            ++at;
        }
    }
    return text.size();
}

} // namespace pgratchet::catalog
