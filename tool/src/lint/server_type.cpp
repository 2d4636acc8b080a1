// SPDX-License-Identifier: Apache-2.0
#include "lint/server_type.hpp"

#include <cctype>

namespace pgratchet::lint {

server_type server_type::read(std::string_view text)
{
    server_type type;
    while (text.ends_with("[]")) {
        type.is_array = true;
        text.remove_suffix(2);
    }
    auto const open = text.find('(');
    auto const close = text.find(')', open == std::string_view::npos ? 0 : open);
    if (open == std::string_view::npos || close == std::string_view::npos || text.find('"') < open) {
        type.name = text;
        return type;
    }
    type.name = std::string{text.substr(0, open)} + std::string{text.substr(close + 1)};
    bool in_number = false;
    for (char const c : text.substr(open + 1, close - open - 1)) {
        bool const is_digit = std::isdigit(static_cast<unsigned char>(c)) != 0;
        if (is_digit && !in_number) {
            type.numbers.push_back(0);
        }
        if (is_digit) {
            constexpr long base = 10;
            type.numbers.back() = type.numbers.back() * base + (c - '0');
        }
        in_number = is_digit;
    }
    return type;
}

} // namespace pgratchet::lint
