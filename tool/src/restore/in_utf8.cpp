// SPDX-License-Identifier: Apache-2.0
#include "restore/in_utf8.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <iconv.h>
#include <optional>
#include <utility>

namespace pgratchet::restore {

namespace {

/// The value of the first SET client_encoding.
std::string encoding_of(std::string_view script)
{
    constexpr std::string_view setting = "SET client_encoding = '";
    auto const begin = script.find(setting);
    if (begin == std::string_view::npos) {
        return "UTF8";
    }
    auto const value = script.substr(begin + setting.size());
    return std::string{value.substr(0, value.find('\''))};
}

/// What the C library calls an encoding of PostgreSQL's (manual, "Character Set Support").
std::string name_for_iconv(std::string const& encoding)
{
    static constexpr auto others = std::to_array<std::pair<std::string_view, char const*>>({
        {"EUC_CN", "EUC-CN"},
        {"EUC_JIS_2004", "EUC-JISX0213"},
        {"EUC_JP", "EUC-JP"},
        {"EUC_KR", "EUC-KR"},
        {"EUC_TW", "EUC-TW"},
        {"ISO_8859_5", "ISO-8859-5"},
        {"ISO_8859_6", "ISO-8859-6"},
        {"ISO_8859_7", "ISO-8859-7"},
        {"ISO_8859_8", "ISO-8859-8"},
        {"KOI8R", "KOI8-R"},
        {"KOI8U", "KOI8-U"},
        {"LATIN1", "ISO-8859-1"},
        {"LATIN10", "ISO-8859-16"},
        {"LATIN2", "ISO-8859-2"},
        {"LATIN3", "ISO-8859-3"},
        {"LATIN4", "ISO-8859-4"},
        {"LATIN5", "ISO-8859-9"},
        {"LATIN6", "ISO-8859-10"},
        {"LATIN7", "ISO-8859-13"},
        {"LATIN8", "ISO-8859-14"},
        {"LATIN9", "ISO-8859-15"},
        {"SQL_ASCII", "UTF-8"},
        {"UTF8", "UTF-8"},
    });
    auto const* const known = std::ranges::find(others, encoding, &std::pair<std::string_view, char const*>::first);
    if (known != others.end()) {
        return known->second;
    }
    return encoding.starts_with("WIN") ? "CP" + encoding.substr(3) : encoding;
}

/// Nothing if the C library does not know the encoding, or the text is not in it.
std::optional<std::string> converted(std::string_view text, std::string const& from)
{
    auto const converter = iconv_open("UTF-8", from.c_str());
    if (converter == iconv_t(-1)) { // NOLINT(performance-no-int-to-ptr): the value that says "failed"
        return std::nullopt;
    }
    std::string all;
    std::array<char, 4096> part{};
    auto* in = const_cast<char*>(text.data()); // iconv does not write there
    auto left = text.size();
    bool is_good = true;
    while (left > 0 && is_good) {
        auto* out = part.data();
        auto room = part.size();
        is_good = iconv(converter, &in, &left, &out, &room) != std::size_t(-1) || errno == E2BIG;
        all.append(part.data(), part.size() - room);
    }
    iconv_close(converter);
    return is_good ? std::optional{std::move(all)} : std::nullopt;
}

} // namespace

std::string in_utf8(std::string_view script)
{
    auto text = converted(script, name_for_iconv(encoding_of(script)));
    if (!text) {
        text = converted(script, "ISO-8859-1");
    }
    return text.value_or(std::string{script});
}

} // namespace pgratchet::restore
