// SPDX-License-Identifier: Apache-2.0
#include "restore/names.hpp"

#include <algorithm>

namespace pgratchet::restore {

namespace {

constexpr std::size_t longest_name = 63; // NAMEDATALEN - 1
constexpr std::size_t stamp_length = std::string_view{"20261123T101500Z"}.size();

bool continues_a_character(char byte)
{
    constexpr unsigned first_two_bits = 0xC0;
    constexpr unsigned continuation = 0x80;
    return (static_cast<unsigned char>(byte) & first_two_bits) == continuation;
}

} // namespace

std::string start_of_derived_name(std::string_view database, std::string_view word)
{
    auto const room = longest_name - stamp_length - word.size() - 2;
    auto length = std::min(database.size(), room);
    while (length > 0 && length < database.size() && continues_a_character(database[length])) {
        --length;
    }
    return std::string{database.substr(0, length)} + "_" + std::string{word} + "_";
}

std::string derived_name(std::string_view database, std::string_view word, std::string_view moment)
{
    auto name = start_of_derived_name(database, word);
    std::ranges::copy_if(moment, std::back_inserter(name), [](char c) { return c != '-' && c != ':'; });
    return name;
}

} // namespace pgratchet::restore
