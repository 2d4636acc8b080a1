// SPDX-License-Identifier: Apache-2.0
#include "script/directive.hpp"

#include "script/lexer.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace pgratchet::script {

namespace {

constexpr std::array<std::pair<std::string_view, directive>, 1> directives{
    {{"no-transaction", directive::no_transaction}}};

constexpr std::string_view product = "pgratchet";

/// No word that anybody could have meant is longer; it keeps the comparison below from growing.
constexpr std::size_t longest_word = 40;

std::string_view trimmed(std::string_view text)
{
    std::size_t const first = text.find_first_not_of(" \t\r\n\f\v");
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(" \t\r\n\f\v") - first + 1);
}

std::string lower(std::string_view text)
{
    std::string result{text};
    std::transform(result.begin(), result.end(), result.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return result;
}

/// How many letters must be changed, added or taken out to make one of the other.
std::size_t distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) {
        row[j] = j;
    }
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            std::size_t const replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
        }
    }
    return row.back();
}

bool resembles(std::string_view word, std::string_view wanted)
{
    return word.size() <= longest_word && distance(lower(word), wanted) <= 2;
}

/// The directive that somebody may have meant.
std::optional<std::string_view> nearest(std::string_view name)
{
    for (auto const& [known, _] : directives) {
        std::string spaced = lower(name);
        std::replace_if(
            spaced.begin(), spaced.end(), [](char c) { return c == '_' || c == ' '; }, '-');
        if (spaced.size() <= longest_word && distance(spaced, known) <= 3) {
            return known;
        }
    }
    return std::nullopt;
}

std::string all_directives()
{
    std::string list;
    for (auto const& [known, _] : directives) {
        list += (list.empty() ? "" : ", ") + std::string{known};
    }
    return list;
}

std::string line_for(std::string_view name)
{
    return "write `-- pgratchet: " + std::string{name} + "`";
}

directive_comment unknown(std::string_view name)
{
    auto const meant = nearest(name);
    return {std::nullopt, "unknown-directive",
            name.empty() ? "a pgratchet directive without a name"
                         : "unknown pgratchet directive \"" + std::string{name.substr(0, longest_word)} + "\"",
            meant ? line_for(*meant) : "known directives: " + all_directives()};
}

directive_comment misspelt(std::string_view comment, std::string_view name)
{
    std::string_view const first_line = comment.substr(0, comment.find_first_of("\r\n"));
    return {std::nullopt, "misspelt-directive",
            "\"" + std::string{first_line.substr(0, longest_word * 2)} +
                "\" looks like a pgratchet directive and is none",
            line_for(nearest(name).value_or("NAME"))};
}

/// Without the product's exact name and a colon only a comment that names a directive and nothing else is a
/// failed directive; all else is prose.
std::optional<directive_comment> read_near_miss(std::string_view comment, std::string_view inner)
{
    std::size_t const word_end = std::min(inner.find_first_of(": \t=-"), inner.size());
    if (!resembles(inner.substr(0, word_end), product)) {
        return std::nullopt;
    }
    std::size_t const name_begin = std::min(inner.find_first_not_of(": \t=-", word_end), inner.size());
    std::string_view const name = trimmed(inner.substr(name_begin));
    return nearest(name) ? std::optional{misspelt(comment, name)} : std::nullopt;
}

} // namespace

std::optional<directive_comment> read_directive(std::string_view comment)
{
    bool const block = comment.starts_with("/*");
    std::string_view const inner = trimmed(comment.substr(2, comment.size() - (block ? 4 : 2)));
    if (!inner.starts_with(product)) {
        return read_near_miss(comment, inner);
    }
    std::string_view const rest = trimmed(inner.substr(product.size()));
    if (!rest.starts_with(':')) {
        return read_near_miss(comment, inner);
    }
    std::string_view const name = trimmed(rest.substr(1));
    if (block) {
        return misspelt(comment, name);
    }
    for (auto const& [known, what] : directives) {
        if (name == known) {
            return directive_comment{what, {}, {}, {}};
        }
    }
    return unknown(name);
}

} // namespace pgratchet::script
