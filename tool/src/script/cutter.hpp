// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "script/lexer.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace pgratchet::script {

enum class copy_direction { none, from_client, to_client };

/// One statement as the lexer alone knows it.
struct raw_statement {
    std::size_t begin = 0;  ///< its first token
    std::size_t end = 0;    ///< one past its last token; the semicolon is left out
    std::size_t tokens = 0; ///< comments not counted
    /// How many bytes PostgreSQL's scanner looks at again and again: a long run of operator characters
    /// costs it the square (it reads the whole run, then gives all but one character back).
    std::size_t rescanned = 0;
    std::string_view last_word;                 ///< its last token, if that is an unquoted word
    copy_direction copy = copy_direction::none; ///< COPY ... FROM stdin, COPY ... TO stdout

    /// The unquoted words that the statement starts with, up to the first token that is none.
    [[nodiscard]] std::span<std::string_view const> words() const { return {m_words.data(), m_word_count}; }
    void add_word(std::string_view word)
    {
        if (m_word_count < m_words.size()) {
            m_words[m_word_count++] = word;
        }
    }
    [[nodiscard]] bool starts_with(std::string_view keyword) const
    {
        return m_word_count > 0 && is_keyword(m_words[0], keyword);
    }

private:
    std::array<std::string_view, 8> m_words{};
    std::size_t m_word_count = 0;
};

enum class cut_kind {
    statement,
    line_comment,
    block_comment,
    meta_command,         ///< a backslash outside of quotes, to the end of its line
    unterminated,         ///< a quote or comment that runs to the end of the text
    unclosed_parenthesis, ///< the text ends inside parentheses: where the outermost opens
    unclosed_body,        ///< the text ends inside BEGIN ATOMIC
    end_of_text,
};

struct cut {
    cut_kind kind = cut_kind::end_of_text;
    std::size_t begin = 0;
    std::size_t end = 0;
    bool inside_statement = false;              ///< for comments and meta-commands: the statement around it has begun
    token_kind quote = token_kind::end_of_text; ///< what is unterminated
    raw_statement statement;
};

/// Cuts a text where psql cuts it: at semicolons outside of quotes, parentheses and the BEGIN ATOMIC ...
/// END of a function's body (psql manual, "Entering SQL Commands"). Empty statements are passed over.
/// Time is linear in the text, memory constant. The text must outlive it.
class cutter {
public:
    explicit cutter(std::string_view text) noexcept : m_text{text}, m_lexer{text} {}

    [[nodiscard]] cut next();

private:
    [[nodiscard]] cut finish_statement();
    [[nodiscard]] cut finish_text();
    [[nodiscard]] cut comment(token const& t);
    [[nodiscard]] cut meta_command(token const& t);
    void take(token const& t);
    void take_word(std::string_view word);
    void follow_body(std::string_view word);
    void follow_copy(std::string_view word);
    void count_operator_run(token const& t);
    void close_operator_run(std::size_t behind);
    void skip_copy_data(std::size_t from);

    std::string_view m_text;
    lexer m_lexer;
    raw_statement m_current;
    bool m_begun = false;
    bool m_leading_words = true; ///< nothing but words so far
    bool m_routine = false;      ///< CREATE [OR REPLACE] FUNCTION or PROCEDURE
    std::size_t m_parentheses = 0;
    std::size_t m_outermost = 0; ///< where the outermost open parenthesis stands
    std::size_t m_body_depth = 0;
    std::size_t m_body_begin = 0;
    token_kind m_previous_kind = token_kind::end_of_text;
    std::string_view m_previous; ///< the text of the token before
    bool m_copy_over = false;    ///< the direction of the COPY is known
    std::size_t m_run = 0;       ///< operator characters that stand side by side
    std::size_t m_run_end = 0;
    bool m_no_copy_end = false; ///< no `\.` line follows: do not search again
};

} // namespace pgratchet::script
