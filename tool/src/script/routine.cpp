// SPDX-License-Identifier: Apache-2.0
#include "script/routine.hpp"

#include "script/cutter.hpp"
#include "script/lexer.hpp"
#include "script/source_text.hpp"
#include "script/spelling.hpp"

#include <utility>

namespace pgratchet::script {

namespace {

bool is_string(token const& t)
{
    return t.terminated && (t.kind == token_kind::string || t.kind == token_kind::dollar_string);
}

bool is_comment(token const& t)
{
    return t.kind == token_kind::line_comment || t.kind == token_kind::block_comment;
}

/// Reads a statement's tokens, comments left out.
class token_reader {
public:
    explicit token_reader(std::string_view text) : m_text{text}, m_lexer{text} { step(); }

    [[nodiscard]] token const& now() const { return m_now; }
    [[nodiscard]] bool at_end() const { return m_now.kind == token_kind::end_of_text; }
    [[nodiscard]] std::string_view text() const { return m_text.substr(m_now.begin, m_now.end - m_now.begin); }
    [[nodiscard]] bool is(std::string_view keyword) const
    {
        return m_now.kind == token_kind::word && is_keyword(text(), keyword);
    }
    void step()
    {
        do {
            m_now = m_lexer.next();
        } while (is_comment(m_now));
    }
    bool skip(std::string_view keyword)
    {
        bool const there = is(keyword);
        if (there) {
            step();
        }
        return there;
    }

private:
    std::string_view m_text;
    lexer m_lexer;
    token m_now;
};

/// A name with or without schema; the reader then stands behind it.
routine_name read_name(token_reader& in)
{
    routine_name result;
    while (in.now().kind == token_kind::word || in.now().kind == token_kind::quoted_name) {
        result.schema = result.name;
        result.name = in.now().kind == token_kind::word ? in_lower_case(in.text()) : read_routine_name(in.text()).name;
        in.step();
        if (in.text() != ".") {
            break;
        }
        in.step();
    }
    return result;
}

/// A part of a statement. Its place is counted from the statement's, since files are long and statements many.
literal literal_at(script const& file, statement const& s, std::size_t begin, std::size_t end)
{
    auto const text = file.text_of(s);
    auto place = place_finder{file.file, text}.at(begin);
    place.column += place.line == 1 ? s.where.column - 1 : 0;
    place.line += s.where.line - 1;
    return {text.substr(begin, end - begin), std::move(place)};
}

/// The string behind AS, or what stands between BEGIN ATOMIC and its END.
std::optional<literal> read_body(token_reader& in, script const& file, statement const& s)
{
    std::size_t depth = 0;
    for (; !in.at_end(); in.step()) {
        depth += in.now().kind == token_kind::open_parenthesis ? 1U : 0U;
        depth -= in.now().kind == token_kind::close_parenthesis && depth > 0 ? 1U : 0U;
        if (depth > 0) {
            continue;
        }
        if (in.skip("AS")) {
            return is_string(in.now()) ? std::optional{literal_at(file, s, in.now().begin, in.now().end)}
                                       : std::nullopt;
        }
        if (in.skip("BEGIN") && in.is("ATOMIC")) {
            return literal_at(file, s, in.now().end, s.end - s.begin);
        }
    }
    return std::nullopt;
}

std::optional<literal> read_block(token_reader& in, script const& file, statement const& s)
{
    for (; !in.at_end(); in.step()) {
        if (in.skip("LANGUAGE")) {
            continue; // its name may be a string, too
        }
        if (is_string(in.now())) {
            return literal_at(file, s, in.now().begin, in.now().end);
        }
    }
    return std::nullopt;
}

} // namespace

std::size_t routine::line(std::size_t number) const
{
    std::string_view const text = body.value();
    std::size_t at = 0;
    for (; number > 1; --number) {
        auto const end = text.find('\n', at);
        if (end == std::string_view::npos) {
            return text.size();
        }
        at = end + 1;
    }
    auto const first = text.find_first_not_of(" \t\r\f\v", at);
    return first == std::string_view::npos || text[first] == '\n' ? at : first;
}

std::size_t routine::sql_statement(std::size_t number) const
{
    cutter cuts{body.value()};
    std::size_t last = 0;
    for (auto c = cuts.next(); c.kind != cut_kind::end_of_text && number > 0; c = cuts.next()) {
        if (c.kind == cut_kind::statement) {
            last = c.statement.begin;
            --number;
        }
    }
    return last;
}

std::optional<routine> routine_in(script const& file, statement const& s)
{
    token_reader in{file.text_of(s)};
    if (in.skip("DO")) {
        auto body = read_block(in, file, s);
        return body ? std::optional{routine{{}, std::move(*body)}} : std::nullopt;
    }
    if (!in.skip("CREATE")) {
        return std::nullopt;
    }
    if (in.skip("OR")) {
        in.step();
    }
    if (!in.skip("FUNCTION") && !in.skip("PROCEDURE")) {
        return std::nullopt;
    }
    auto name = read_name(in);
    auto body = read_body(in, file, s);
    return body && !name.name.empty() ? std::optional{routine{std::move(name), std::move(*body)}} : std::nullopt;
}

} // namespace pgratchet::script
