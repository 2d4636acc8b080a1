// SPDX-License-Identifier: Apache-2.0
#include "script/source_text.hpp"

#include <algorithm>

namespace pgratchet::script {

namespace {

unsigned char byte_at(std::string_view text, std::size_t i) noexcept
{
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
}

bool in(unsigned char byte, unsigned low, unsigned high) noexcept
{
    return byte >= low && byte <= high;
}

/// The length of the sequence that starts at `i`, 0 if it is not well formed.
std::size_t sequence_length(std::string_view text, std::size_t i) noexcept
{
    unsigned char const first = byte_at(text, i);
    unsigned char const second = byte_at(text, i + 1);
    bool const third = in(byte_at(text, i + 2), 0x80, 0xBF);
    if (first < 0x80) {
        return 1;
    }
    if (in(first, 0xC2, 0xDF)) {
        return in(second, 0x80, 0xBF) ? 2 : 0;
    }
    if (in(first, 0xE0, 0xEF)) {
        // No overlong forms, no surrogates.
        unsigned const low = first == 0xE0 ? 0xA0 : 0x80;
        unsigned const high = first == 0xED ? 0x9F : 0xBF;
        return in(second, low, high) && third ? 3 : 0;
    }
    if (in(first, 0xF0, 0xF4)) {
        unsigned const low = first == 0xF0 ? 0x90 : 0x80;
        unsigned const high = first == 0xF4 ? 0x8F : 0xBF;
        return in(second, low, high) && third && in(byte_at(text, i + 3), 0x80, 0xBF) ? 4 : 0;
    }
    return 0;
}

} // namespace

std::string_view without_byte_order_mark(std::string_view bytes) noexcept
{
    return bytes.starts_with("\xEF\xBB\xBF") ? bytes.substr(3) : bytes;
}

std::optional<std::size_t> first_invalid_utf8(std::string_view text) noexcept
{
    for (std::size_t i = 0; i < text.size();) {
        std::size_t const length = sequence_length(text, i);
        if (length == 0) {
            return i;
        }
        i += length;
    }
    return std::nullopt;
}

std::size_t character_offset(std::string_view text, std::size_t begin, std::size_t end, std::size_t number) noexcept
{
    end = std::min(end, text.size());
    std::size_t offset = std::min(begin, end);
    for (; number > 1 && offset < end; --number) {
        ++offset;
        while (offset < end && (static_cast<unsigned char>(text[offset]) & 0xC0U) == 0x80U) {
            ++offset;
        }
    }
    return offset;
}

report::location place_finder::at(std::size_t offset)
{
    offset = std::min(offset, m_text.size());
    if (offset < m_offset) {
        m_offset = 0;
        m_line = m_column = 1;
    }
    for (; m_offset < offset; ++m_offset) {
        auto const byte = static_cast<unsigned char>(m_text[m_offset]);
        if (byte == '\n') {
            ++m_line;
            m_column = 1;
        } else if ((byte & 0xC0U) != 0x80U) {
            ++m_column;
        }
    }
    return {m_file, m_line, m_column};
}

} // namespace pgratchet::script
