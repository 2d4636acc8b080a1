// SPDX-License-Identifier: Apache-2.0
#include "script/reading_settings.hpp"

#include "script/lexer.hpp"
#include "script/spelling.hpp"

#include <algorithm>
#include <array>

namespace pgratchet::script {

namespace {

/// What a setting is set to, in lower case, without quotes and what stands between the letters of "UTF-8".
std::string value_behind(std::string_view name, std::string_view statement)
{
    auto rest = statement.substr(static_cast<std::size_t>(name.data() - statement.data()) + name.size());
    auto value = in_lower_case(rest);
    std::erase_if(
        value, [](char letter) { return std::string_view{" \t\r\n='\"-_;"}.find(letter) != std::string_view::npos; });
    return value.starts_with("to") ? value.substr(2) : value;
}

template <std::size_t N>
bool is_one_of(std::array<std::string_view, N> const& names, std::string_view name)
{
    return std::ranges::find(names, name) != names.end();
}

} // namespace

std::optional<other_reading> reads_otherwise(std::span<std::string_view const> words, std::string_view statement)
{
    constexpr auto utf8 = std::to_array<std::string_view>({"utf8", "unicode", "default", ""});
    constexpr auto on = std::to_array<std::string_view>({"on", "true", "yes", "1", "default"});
    if (words.size() < 2 || !is_keyword(words[0], "SET")) {
        return std::nullopt;
    }
    bool const has_scope = is_keyword(words[1], "LOCAL") || is_keyword(words[1], "SESSION");
    auto const name = words[has_scope && words.size() > 2 ? 2 : 1];
    if ((is_keyword(name, "CLIENT_ENCODING") || is_keyword(name, "NAMES")) &&
        !is_one_of(utf8, value_behind(name, statement))) {
        return other_reading{"client-encoding", "the file is UTF-8, and the server is told that it is not",
                             "take it out; the server converts to the database's encoding by itself"};
    }
    if (is_keyword(name, "STANDARD_CONFORMING_STRINGS") && !is_one_of(on, value_behind(name, statement))) {
        return other_reading{"string-escapes", "a backslash would mean another thing in every string behind this",
                             "take it out, and write E'...' where a string has escapes"};
    }
    return std::nullopt;
}

bool sets_transaction_timeout(std::span<std::string_view const> words)
{
    return words.size() > 1 && is_keyword(words[0], "SET") && is_keyword(words[1], "TRANSACTION_TIMEOUT");
}

} // namespace pgratchet::script
