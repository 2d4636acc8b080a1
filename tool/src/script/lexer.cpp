// SPDX-License-Identifier: Apache-2.0
#include "script/lexer.hpp"

#include <algorithm>

namespace pgratchet::script {

namespace {

bool is_space(char c) noexcept
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

bool is_digit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

bool starts_name(char c) noexcept
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

bool continues_name(char c) noexcept
{
    return starts_name(c) || is_digit(c) || c == '$';
}

char to_upper(char c) noexcept
{
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

} // namespace

bool is_operator_byte(char c) noexcept
{
    return c != '\0' && std::string_view{"~!@#^&|`?+-*/%<>="}.find(c) != std::string_view::npos;
}

bool is_keyword(std::string_view word, std::string_view upper_case) noexcept
{
    return std::equal(word.begin(), word.end(), upper_case.begin(), upper_case.end(),
                      [](char a, char b) { return to_upper(a) == b; });
}

void lexer::skip_space()
{
    while (m_at < m_text.size() && is_space(m_text[m_at])) {
        ++m_at;
    }
}

/// From the opening quote to one past the closing one. A doubled quote stands for itself.
bool lexer::skip_quoted(char quote, bool backslash_escapes)
{
    for (++m_at; m_at < m_text.size(); ++m_at) {
        char const c = m_text[m_at];
        if (c == '\\' && backslash_escapes) {
            ++m_at;
        } else if (c == quote) {
            if (peek(1) != quote) {
                ++m_at;
                return true;
            }
            ++m_at;
        }
    }
    m_at = m_text.size();
    return false;
}

/// Two strings with a line end between them are one string, and the second half of E'...' knows
/// backslashes as the first does, although it has no E of its own.
bool lexer::skip_escape_string()
{
    while (skip_quoted('\'', true)) {
        std::size_t const after = m_at;
        bool line_ended = false;
        while (m_at < m_text.size()) {
            if (is_space(m_text[m_at])) {
                line_ended = line_ended || m_text[m_at] == '\n' || m_text[m_at] == '\r';
                ++m_at;
            } else if (peek() == '-' && peek(1) == '-') {
                m_at = std::min(m_text.find_first_of("\r\n", m_at), m_text.size());
            } else {
                break;
            }
        }
        if (!line_ended || peek() != '\'') {
            m_at = after;
            return true;
        }
    }
    return false;
}

bool lexer::skip_block_comment()
{
    std::size_t depth = 1;
    for (m_at += 2; m_at < m_text.size();) {
        if (peek() == '/' && peek(1) == '*') {
            ++depth;
            m_at += 2;
        } else if (peek() == '*' && peek(1) == '/') {
            m_at += 2;
            if (--depth == 0) {
                return true;
            }
        } else {
            ++m_at;
        }
    }
    return false;
}

/// One past the second dollar sign if `$tag$` starts here, else where we are.
std::size_t lexer::dollar_tag_end() const
{
    std::size_t end = m_at + 1;
    if (end < m_text.size() && starts_name(m_text[end])) {
        while (end < m_text.size() && m_text[end] != '$' && continues_name(m_text[end])) {
            ++end;
        }
    }
    return end < m_text.size() && m_text[end] == '$' ? end + 1 : m_at;
}

bool lexer::skip_dollar_string(std::size_t tag_end)
{
    // A tag has a dollar sign at its two ends alone, so the search never looks at a byte more than twice.
    std::string_view const tag = m_text.substr(m_at, tag_end - m_at);
    std::size_t const closing = m_text.find(tag, tag_end);
    m_at = closing == std::string_view::npos ? m_text.size() : closing + tag.size();
    return closing != std::string_view::npos;
}

token lexer::read_prefixed_or_word()
{
    token result{token_kind::string, m_at, m_at, true};
    char const first = to_upper(peek());
    if (first == 'U' && peek(1) == '&' && (peek(2) == '\'' || peek(2) == '"')) {
        m_at += 2;
        result.kind = peek() == '"' ? token_kind::quoted_name : token_kind::string;
        result.terminated = skip_quoted(peek(), false);
    } else if (peek(1) == '\'' && first == 'E') {
        ++m_at;
        result.terminated = skip_escape_string();
    } else if (peek(1) == '\'' && (first == 'B' || first == 'X' || first == 'N')) {
        ++m_at;
        result.terminated = skip_quoted('\'', false);
    } else {
        result.kind = token_kind::word;
        while (m_at < m_text.size() && continues_name(m_text[m_at])) {
            ++m_at;
        }
    }
    result.end = m_at;
    return result;
}

token lexer::read_punctuation()
{
    token result{token_kind::punctuation, m_at, m_at, true};
    switch (peek()) {
    case ';':
        result.kind = token_kind::semicolon;
        break;
    case '(':
        result.kind = token_kind::open_parenthesis;
        break;
    case ')':
        result.kind = token_kind::close_parenthesis;
        break;
    case '\\':
        result.kind = token_kind::backslash;
        break;
    default:
        break;
    }
    result.end = ++m_at;
    return result;
}

token lexer::next()
{
    skip_space();
    token result{token_kind::end_of_text, m_at, m_at, true};
    if (m_at >= m_text.size()) {
        return result;
    }
    char const c = peek();
    if (starts_name(c)) {
        return read_prefixed_or_word();
    }
    if (c == '-' && peek(1) == '-') {
        result.kind = token_kind::line_comment;
        m_at = std::min(m_text.find_first_of("\r\n", m_at), m_text.size());
    } else if (c == '/' && peek(1) == '*') {
        result.kind = token_kind::block_comment;
        result.terminated = skip_block_comment();
    } else if (c == '\'') {
        result.kind = token_kind::string;
        result.terminated = skip_quoted('\'', false);
    } else if (c == '"') {
        result.kind = token_kind::quoted_name;
        result.terminated = skip_quoted('"', false);
    } else if (is_digit(c) || (c == '.' && is_digit(peek(1)))) {
        result.kind = token_kind::number;
        while (m_at < m_text.size() && (m_text[m_at] == '.' || (continues_name(m_text[m_at]) && m_text[m_at] != '$'))) {
            ++m_at;
        }
    } else if (std::size_t const tag_end = c == '$' ? dollar_tag_end() : m_at; tag_end != m_at) {
        result.kind = token_kind::dollar_string;
        result.terminated = skip_dollar_string(tag_end);
    } else {
        return read_punctuation();
    }
    result.end = m_at;
    return result;
}

} // namespace pgratchet::script
