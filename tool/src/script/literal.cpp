// SPDX-License-Identifier: Apache-2.0
#include "script/literal.hpp"

#include "script/source_text.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace pgratchet::script {

namespace {

bool is_digit_of(char c, int base)
{
    return (c >= '0' && c <= (base == 8 ? '7' : '9')) ||
           (base == 16 && ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')));
}

std::string in_utf8(unsigned long code)
{
    auto const byte = [](unsigned long value) {
        return static_cast<char>(static_cast<unsigned char>(value));
    };
    if (code < 0x80) {
        return {byte(code)};
    }
    if (code < 0x800) {
        return {byte(0xC0U | (code >> 6U)), byte(0x80U | (code & 0x3FU))};
    }
    if (code < 0x10000) {
        return {byte(0xE0U | (code >> 12U)), byte(0x80U | ((code >> 6U) & 0x3FU)), byte(0x80U | (code & 0x3FU))};
    }
    return {byte(0xF0U | ((code >> 18U) & 0x07U)), byte(0x80U | ((code >> 12U) & 0x3FU)),
            byte(0x80U | ((code >> 6U) & 0x3FU)), byte(0x80U | (code & 0x3FU))};
}

} // namespace

literal::literal(std::string_view written, report::location where) : m_written{written}, m_where{std::move(where)}
{
    bool const has_letter = written.size() > 1 && written[1] == '\'';
    if (written.starts_with('$')) {
        auto const tag = written.find('$', 1) + 1;
        m_value = written.substr(tag, written.size() - std::min(written.size(), 2 * tag));
        m_shift = tag;
    } else if (written.starts_with('\'') || has_letter) {
        read_quoted(has_letter && (written[0] == 'E' || written[0] == 'e'));
    } else {
        m_value = written;
    }
}

report::location literal::place_of(std::size_t byte) const
{
    std::size_t at = m_written_at.empty()         ? std::min(byte, m_value.size()) + m_shift
                     : byte < m_written_at.size() ? m_written_at[byte]
                                                  : m_written.size() - 1;
    auto place = place_finder{m_where.file, m_written}.at(at);
    place.column += place.line == 1 ? m_where.column - 1 : 0;
    place.line += m_where.line - 1;
    return place;
}

void literal::read_quoted(bool backslash_escapes)
{
    std::string_view const all = m_written;
    std::size_t const end = all.size() - 1; // the closing quote
    for (std::size_t at = all.find('\'') + 1; at < end;) {
        if (all[at] == '\'') {
            add("'", at);
            at += 2;
        } else if (all[at] == '\\' && backslash_escapes && at + 1 < end) {
            read_escape(at);
        } else {
            add(all.substr(at, 1), at);
            ++at;
        }
    }
}

void literal::read_escape(std::size_t& at)
{
    std::size_t const start = at++;
    char const kind = m_written[at];
    auto const number = [&](std::size_t from, std::size_t most, int base) {
        std::size_t last = from;
        while (last < m_written.size() - 1 && last < from + most && is_digit_of(m_written[last], base)) {
            ++last;
        }
        unsigned long code = 0;
        std::from_chars(m_written.data() + from, m_written.data() + last, code, base);
        at = last;
        return code;
    };
    constexpr std::string_view letters = "bfnrt";
    constexpr std::string_view controls = "\b\f\n\r\t";
    if (auto const which = letters.find(kind); which != std::string_view::npos) {
        add(controls.substr(which, 1), start);
        ++at;
    } else if (is_digit_of(kind, 8)) {
        auto const byte = static_cast<char>(static_cast<unsigned char>(number(at, 3, 8)));
        add({&byte, 1}, start);
    } else if (kind == 'x') {
        auto const byte = static_cast<char>(static_cast<unsigned char>(number(at + 1, 2, 16)));
        add({&byte, 1}, start);
    } else if (kind == 'u' || kind == 'U') {
        add(in_utf8(number(at + 1, kind == 'u' ? 4 : 8, 16)), start);
    } else {
        add({&m_written[at], 1}, start);
        ++at;
    }
}

void literal::add(std::string_view text, std::size_t written_at)
{
    m_value += text;
    m_written_at.insert(m_written_at.end(), text.size(), written_at);
}

} // namespace pgratchet::script
