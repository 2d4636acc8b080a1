// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace pgratchet::script {

enum class token_kind {
    word,          ///< a keyword or an unquoted name
    quoted_name,   ///< "..." and U&"..."
    string,        ///< '...', E'...', B'...', X'...', N'...', U&'...'
    dollar_string, ///< $$...$$ and $tag$...$tag$
    number,
    punctuation, ///< any other single byte: operators, commas, dots, brackets
    semicolon,
    open_parenthesis,
    close_parenthesis,
    backslash, ///< never SQL: psql takes it as the start of a meta-command
    line_comment,
    block_comment,
    end_of_text,
};

struct token {
    token_kind kind = token_kind::end_of_text;
    std::size_t begin = 0;
    std::size_t end = 0;    ///< one past the last byte
    bool terminated = true; ///< false if a quote or comment runs to the end of the text
};

/// Reads SQL as the server does with standard_conforming_strings on (PostgreSQL manual, "Lexical
/// Structure"), one token a call and in time linear in the text whatever the text is: no token is looked
/// at twice, and the depth of nested comments is a number, not a stack.
/// It keeps a view of the text, which must outlive it.
class lexer {
public:
    explicit lexer(std::string_view text) noexcept : m_text{text} {}

    /// The next token or comment; end_of_text for ever after the last.
    [[nodiscard]] token next();

    /// Goes on at a byte offset, at top level.
    void go_to(std::size_t offset) noexcept { m_at = offset; }

private:
    [[nodiscard]] char peek(std::size_t ahead = 0) const noexcept
    {
        return m_at + ahead < m_text.size() ? m_text[m_at + ahead] : '\0';
    }
    void skip_space();
    bool skip_quoted(char quote, bool backslash_escapes);
    bool skip_escape_string();
    bool skip_block_comment();
    bool skip_dollar_string(std::size_t tag_end);
    [[nodiscard]] std::size_t dollar_tag_end() const;
    token read_prefixed_or_word();
    token read_punctuation();

    std::string_view m_text;
    std::size_t m_at = 0;
};

/// True for a byte that may stand in an operator's name.
[[nodiscard]] bool is_operator_byte(char c) noexcept;

/// True if the word, in any case, is the given upper-case keyword.
[[nodiscard]] bool is_keyword(std::string_view word, std::string_view upper_case) noexcept;

} // namespace pgratchet::script
