// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "report/diagnostic.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace pgratchet::script {

/// The bytes behind a UTF-8 byte order mark, or all of them if there is none.
[[nodiscard]] std::string_view without_byte_order_mark(std::string_view bytes) noexcept;

/// Where the first byte sequence stands that is not UTF-8 by the Unicode standard, table 3-7 (what
/// the server checks too); nothing if all is well.
[[nodiscard]] std::optional<std::size_t> first_invalid_utf8(std::string_view text) noexcept;

/// Byte offset of the character with the given number, counted from 1 at `begin`; never beyond `end`.
[[nodiscard]] std::size_t character_offset(std::string_view text, std::size_t begin, std::size_t end,
                                           std::size_t number) noexcept;

/// Turns byte offsets into lines and columns. Asked in ascending order, all answers together take one pass
/// over the text. Lines end with LF; columns count characters.
class place_finder {
public:
    place_finder(std::string file, std::string_view text) : m_file{std::move(file)}, m_text{text} {}

    [[nodiscard]] report::location at(std::size_t offset);

private:
    std::string m_file;
    std::string_view m_text;
    std::size_t m_offset = 0;
    std::size_t m_line = 1;
    std::size_t m_column = 1;
};

} // namespace pgratchet::script
