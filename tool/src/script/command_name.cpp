// SPDX-License-Identifier: Apache-2.0
#include "script/command_name.hpp"

#include <algorithm>
#include <initializer_list>

namespace pgratchet::script {

namespace {

bool one_of(std::string_view word, std::initializer_list<std::string_view> keywords)
{
    return std::any_of(keywords.begin(), keywords.end(),
                       [word](std::string_view keyword) { return is_keyword(word, keyword); });
}

/// The longest word that is a keyword is shorter; a name in its place need not be printed in full.
constexpr std::size_t longest_printed = 63;

void append(std::string& name, std::string_view word)
{
    name += name.empty() ? "" : " ";
    for (char const c : word.substr(0, longest_printed)) {
        name += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
}

/// How many words name a kind of object: 3 in FOREIGN DATA WRAPPER.
std::size_t words_of_kind(std::string_view first, std::string_view second)
{
    if (is_keyword(first, "TEXT") || (is_keyword(first, "FOREIGN") && is_keyword(second, "DATA"))) {
        return 3;
    }
    bool const two = one_of(first, {"MATERIALIZED", "FOREIGN", "EVENT", "ACCESS", "DEFAULT", "LARGE"}) ||
                     (is_keyword(first, "USER") && is_keyword(second, "MAPPING")) ||
                     (is_keyword(first, "OPERATOR") && one_of(second, {"CLASS", "FAMILY"}));
    return two ? 2 : 1;
}

} // namespace

std::string command_name(raw_statement const& s)
{
    auto const words = s.words();
    std::string name;
    if (words.empty()) {
        return "statement";
    }
    append(name, words[0]);
    std::size_t i = 1;
    if (one_of(words[0], {"CREATE", "ALTER", "DROP", "REFRESH", "REASSIGN", "IMPORT"})) {
        // DEFAULT qualifies CREATE DEFAULT CONVERSION, but is part of ALTER DEFAULT PRIVILEGES.
        while (i < words.size() &&
               (one_of(words[i], {"OR", "REPLACE", "TEMP", "TEMPORARY", "LOCAL", "GLOBAL", "UNLOGGED", "UNIQUE",
                                  "RECURSIVE", "CONSTRAINT", "TRUSTED", "PROCEDURAL"}) ||
                (is_keyword(words[0], "CREATE") && is_keyword(words[i], "DEFAULT")))) {
            ++i;
        }
        std::size_t const kind =
            i < words.size() ? words_of_kind(words[i], i + 1 < words.size() ? words[i + 1] : std::string_view{}) : 0;
        for (std::size_t const end = std::min(words.size(), i + kind); i < end; ++i) {
            append(name, words[i]);
        }
    } else if (words.size() > 1 && one_of(words[1], {"TRANSACTION", "PREPARED", "LABEL"}) &&
               one_of(words[0], {"START", "PREPARE", "SET", "COMMIT", "ROLLBACK", "SECURITY"}) &&
               !(one_of(words[0], {"COMMIT", "ROLLBACK"}) && is_keyword(words[1], "TRANSACTION"))) {
        append(name, words[1]);
    }
    return name;
}

} // namespace pgratchet::script
