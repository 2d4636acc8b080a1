// SPDX-License-Identifier: Apache-2.0
#include "script/cutter.hpp"

#include <algorithm>

namespace pgratchet::script {

namespace {

/// What the scanner reads again inside of a comment: from each slash-star on it takes all operator characters.
std::size_t rescanned_in_comment(std::string_view comment)
{
    std::size_t sum = 0;
    std::size_t run = 0;
    std::size_t openings = 0;
    char previous = '\0';
    for (char const c : comment) {
        if (is_operator_byte(c)) {
            ++run;
            openings += previous == '/' && c == '*' ? 1U : 0U;
        } else {
            sum += openings > 1 ? openings * run : 0;
            run = openings = 0;
        }
        previous = c;
    }
    return sum + (openings > 1 ? openings * run : 0);
}

} // namespace

cut cutter::next()
{
    for (;;) {
        token const t = m_lexer.next();
        if (!t.terminated) {
            m_lexer.go_to(m_text.size());
            m_begun = false;
            m_parentheses = m_body_depth = 0;
            return {cut_kind::unterminated, t.begin, t.end, false, t.kind, {}};
        }
        switch (t.kind) {
        case token_kind::end_of_text:
            return finish_text();
        case token_kind::line_comment:
        case token_kind::block_comment:
            return comment(t);
        case token_kind::backslash:
            return meta_command(t);
        case token_kind::semicolon:
            if (m_parentheses > 0 || m_body_depth > 0) {
                take(t);
            } else if (m_begun) {
                return finish_statement();
            }
            break;
        default:
            take(t);
        }
    }
}

cut cutter::finish_statement()
{
    close_operator_run(0);
    cut result{cut_kind::statement, m_current.begin, m_current.end, false, token_kind::end_of_text, m_current};
    if (result.statement.copy == copy_direction::from_client) {
        skip_copy_data(m_current.end);
    }
    m_current = {};
    m_begun = m_routine = m_copy_over = false;
    m_leading_words = true;
    m_parentheses = m_body_depth = 0;
    m_previous_kind = token_kind::end_of_text;
    m_previous = {};
    return result;
}

cut cutter::finish_text()
{
    if (m_parentheses > 0) {
        m_parentheses = m_body_depth = 0;
        m_begun = false;
        return {cut_kind::unclosed_parenthesis, m_outermost, m_outermost + 1, false, token_kind::end_of_text, {}};
    }
    if (m_body_depth > 0) {
        m_body_depth = 0;
        m_begun = false;
        return {cut_kind::unclosed_body, m_body_begin, m_body_begin, false, token_kind::end_of_text, {}};
    }
    if (m_begun) {
        return finish_statement();
    }
    return {cut_kind::end_of_text, m_text.size(), m_text.size(), false, token_kind::end_of_text, {}};
}

cut cutter::comment(token const& t)
{
    bool const block = t.kind == token_kind::block_comment;
    close_operator_run(t.begin == m_run_end ? t.end - t.begin : 0);
    if (m_begun && block) {
        m_current.rescanned += rescanned_in_comment(m_text.substr(t.begin, t.end - t.begin));
    }
    return {
        block ? cut_kind::block_comment : cut_kind::line_comment, t.begin, t.end, m_begun, token_kind::end_of_text, {}};
}

cut cutter::meta_command(token const& t)
{
    std::size_t end = std::min(m_text.find('\n', t.begin), m_text.size());
    if (end > t.begin && m_text[end - 1] == '\r') {
        --end;
    }
    m_lexer.go_to(end);
    return {cut_kind::meta_command, t.begin, end, m_begun, token_kind::end_of_text, {}};
}

void cutter::take(token const& t)
{
    if (!m_begun) {
        m_begun = true;
        m_current.begin = t.begin;
    }
    count_operator_run(t);
    m_current.end = t.end;
    ++m_current.tokens;
    std::string_view const text = m_text.substr(t.begin, t.end - t.begin);
    m_current.last_word = {};
    if (t.kind == token_kind::word) {
        m_current.last_word = text;
        take_word(text);
    } else {
        m_leading_words = false;
    }
    if (t.kind == token_kind::open_parenthesis) {
        m_outermost = m_parentheses == 0 ? t.begin : m_outermost;
        ++m_parentheses;
    } else if (t.kind == token_kind::close_parenthesis && m_parentheses > 0) {
        --m_parentheses;
    }
    m_previous_kind = t.kind;
    m_previous = text;
}

void cutter::take_word(std::string_view word)
{
    if (m_leading_words) {
        m_current.add_word(word);
        auto const words = m_current.words();
        if (words.size() == 2 || words.size() == 4) {
            m_routine =
                m_routine || (is_keyword(words[0], "CREATE") && (words.size() == 2 || is_keyword(words[1], "OR")) &&
                              (is_keyword(word, "FUNCTION") || is_keyword(word, "PROCEDURE")));
        }
    }
    if (m_parentheses == 0) {
        if (m_routine) {
            follow_body(word);
        } else if (m_current.starts_with("COPY")) {
            follow_copy(word);
        }
    }
}

/// BEGIN ATOMIC ... END, in which every CASE has an END of its own.
void cutter::follow_body(std::string_view word)
{
    if (m_body_depth == 0) {
        if (is_keyword(word, "ATOMIC") && is_keyword(m_previous, "BEGIN")) {
            m_body_depth = 1;
            m_body_begin = static_cast<std::size_t>(m_previous.data() - m_text.data());
        }
        return;
    }
    // `AS end` and `t.end` are names there; the server takes them as such.
    if (m_previous == "." || is_keyword(m_previous, "AS")) {
        return;
    }
    if (is_keyword(word, "CASE")) {
        ++m_body_depth;
    } else if (is_keyword(word, "END")) {
        --m_body_depth;
    }
}

/// The first FROM or TO outside of parentheses tells the direction, the word after it whether
/// the client is meant. The grammar takes STDIN and STDOUT for each other.
void cutter::follow_copy(std::string_view word)
{
    if (m_copy_over) {
        return;
    }
    bool const from = is_keyword(m_previous, "FROM");
    if ((from || is_keyword(m_previous, "TO")) && m_previous_kind == token_kind::word) {
        if (is_keyword(word, "STDIN") || is_keyword(word, "STDOUT")) {
            m_current.copy = from ? copy_direction::from_client : copy_direction::to_client;
        }
        m_copy_over = true;
    }
}

void cutter::count_operator_run(token const& t)
{
    bool const operator_byte = t.kind == token_kind::punctuation && is_operator_byte(m_text[t.begin]);
    if (!operator_byte || t.begin != m_run_end) {
        close_operator_run(0);
    }
    if (operator_byte) {
        ++m_run;
        m_run_end = t.end;
    }
}

/// `behind`: bytes of a comment that joins the run; the scanner reads into it each time.
void cutter::close_operator_run(std::size_t behind)
{
    if (m_run > 1) {
        m_current.rescanned += m_run * (m_run + behind);
    }
    m_run = 0;
}

/// psql reads the lines behind COPY ... FROM stdin as data, up to a line that is `\.`.
void cutter::skip_copy_data(std::size_t from)
{
    if (m_no_copy_end) {
        return;
    }
    std::size_t const end = m_text.find("\n\\.", from);
    m_no_copy_end = end == std::string_view::npos;
    if (!m_no_copy_end) {
        m_lexer.go_to(std::min(m_text.find('\n', end + 1), m_text.size()));
    }
}

} // namespace pgratchet::script
