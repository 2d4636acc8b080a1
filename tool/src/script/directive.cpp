// SPDX-License-Identifier: Apache-2.0
#include "script/directive.hpp"

#include "script/spelling.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace pgratchet::script {

namespace {

constexpr std::array<std::pair<std::string_view, directive>, 2> directives{
    {{"no-transaction", directive::no_transaction}, {"allow", directive::allow}}};

constexpr auto form_of_allow = "allow NAME: REASON";

constexpr auto form_of_answer = "accepted KIND IDENTITY: REASON";

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

bool resembles(std::string_view word, std::string_view wanted)
{
    return word.size() <= longest_word && spelling_distance(in_lower_case(word), wanted) <= 2;
}

std::string_view first_word(std::string_view text)
{
    return text.substr(0, text.find_first_of(" \t:"));
}

/// The directive that somebody may have meant. Only the first word of an allowance is its own.
std::optional<std::string_view> nearest(std::string_view name)
{
    if (auto const word = first_word(name); word.size() < name.size() && resembles(word, "allow")) {
        return form_of_allow;
    }
    for (auto const& [known, _] : directives) {
        std::string spaced = in_lower_case(name);
        std::replace_if(
            spaced.begin(), spaced.end(), [](char c) { return c == '_' || c == ' '; }, '-');
        if (spaced.size() <= longest_word && spelling_distance(spaced, known) <= 3) {
            return known;
        }
    }
    return std::nullopt;
}

std::string all_directives()
{
    std::string list;
    for (auto const& [known, what] : directives) {
        list += (list.empty() ? "" : ", ") + std::string{what == directive::allow ? form_of_allow : known};
    }
    return list + ", " + form_of_answer;
}

std::string line_for(std::string_view name)
{
    return "write `-- pgratchet: " + std::string{name} + "`";
}

directive_comment unknown(std::string_view name)
{
    auto const meant = nearest(name);
    return {std::nullopt,
            {},
            {},
            "unknown-directive",
            name.empty() ? "a pgratchet directive without a name"
                         : "unknown pgratchet directive \"" + std::string{name.substr(0, longest_word)} + "\"",
            meant ? line_for(*meant) : "known directives: " + all_directives()};
}

directive_comment misspelt(std::string_view comment, std::string_view name)
{
    std::string_view const first_line = comment.substr(0, comment.find_first_of("\r\n"));
    return {std::nullopt,
            {},
            {},
            "misspelt-directive",
            "\"" + std::string{first_line.substr(0, longest_word * 2)} +
                "\" looks like a pgratchet directive and is none",
            line_for(nearest(name).value_or("NAME"))};
}

/// "allow", one word and a colon: no prose looks like that.
bool has_form_of_allow(std::string_view text)
{
    std::string_view const rest = trimmed(text.substr(first_word(text).size()));
    std::size_t const end = rest.find_first_of(" \t:");
    return in_lower_case(first_word(text)) == "allow" && end != std::string_view::npos && end > 0 && rest[end] == ':';
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
    bool const prose = resembles(first_word(name), "allow") && !has_form_of_allow(name);
    return nearest(name) && !prose ? std::optional{misspelt(comment, name)} : std::nullopt;
}

/// `text` is what stands behind "pgratchet:".
directive_comment read_allow(std::string_view text)
{
    std::string_view const rest = trimmed(text.substr(first_word(text).size()));
    std::size_t const colon = rest.find(':');
    std::string_view const warning = trimmed(rest.substr(0, colon));
    std::string_view const reason = colon == std::string_view::npos ? "" : trimmed(rest.substr(colon + 1));
    if (warning.empty() || reason.empty() || warning.find_first_of(" \t,") != std::string_view::npos) {
        return {std::nullopt,           {}, {}, "incomplete-allow", "an allowance names one warning and gives a reason",
                line_for(form_of_allow)};
    }
    return {directive::allow, std::string{warning}, std::string{reason}, {}, {}, {}};
}

/// Where "KIND IDENTITY" ends: at a colon with a blank behind it, outside of quotes.
std::size_t end_of_subject(std::string_view text)
{
    bool in_quotes = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        in_quotes = in_quotes != (text[at] == '"');
        if (text[at] == ':' && !in_quotes && (at + 1 == text.size() || text[at + 1] == ' ')) {
            return at;
        }
    }
    return std::string_view::npos;
}

/// `text` is what stands behind "pgratchet:".
directive_comment read_answer(std::string_view text, directive what)
{
    std::string_view const rest = trimmed(text.substr(first_word(text).size()));
    std::size_t const colon = end_of_subject(rest);
    std::string_view const about = trimmed(rest.substr(0, colon));
    std::string_view const reason = colon == std::string_view::npos ? "" : trimmed(rest.substr(colon + 1));
    if (about.empty() || reason.empty()) {
        return {std::nullopt,
                {},
                {},
                "incomplete-answer",
                "an answer names one object and gives a reason",
                line_for(form_of_answer)};
    }
    return {what, std::string{about}, std::string{reason}, {}, {}, {}};
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
    if (first_word(name) == "allow") {
        return read_allow(name);
    }
    if (first_word(name) == "unanswered" || first_word(name) == "accepted") {
        return read_answer(name, first_word(name) == "accepted" ? directive::accepted : directive::unanswered);
    }
    if (name == "no-transaction") {
        return directive_comment{directive::no_transaction, {}, {}, {}, {}, {}};
    }
    return unknown(name);
}

} // namespace pgratchet::script
