// SPDX-License-Identifier: Apache-2.0
#include "execute/context.hpp"

#include "script/source_text.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <sstream>
#include <vector>

namespace pgratchet::execute {

namespace {

/// One line of a CONTEXT that names a routine.
struct frame {
    script::routine const* routine = nullptr;
    std::size_t number = 0; ///< a line in PL/pgSQL, a statement in SQL; 0 if there is none
    bool counts_lines = true;
    bool is_innermost = true; ///< false if a routine that is not known stands further in
    std::string keyword;      ///< in upper case, what PL/pgSQL was at: "RAISE"; empty if that is no key word
};

/// The first number in a text; 0 if there is none.
std::size_t number_in(std::string_view text)
{
    auto const* const first = std::find_if(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c); });
    std::size_t number = 0;
    std::from_chars(first, text.end(), number);
    return number;
}

/// "... line 3 at RAISE" ends with what it was at; translations keep the key words.
std::string keyword_in(std::string_view text)
{
    auto const end = text.find_last_not_of(" \r");
    auto const begin = text.find_last_of(' ', end);
    auto const word = begin == std::string_view::npos ? std::string_view{} : text.substr(begin + 1, end - begin);
    bool const is_keyword =
        word.size() > 1 && std::all_of(word.begin(), word.end(), [](unsigned char c) { return std::isupper(c) != 0; });
    return is_keyword ? std::string{word} : "";
}

/// Where a signature such as `f(integer)` ends that starts at `begin`.
std::size_t end_of_signature(std::string_view text, std::size_t begin)
{
    bool quoted = false;
    bool opened = false;
    for (std::size_t i = begin; i < text.size(); ++i) {
        quoted = quoted != (text[i] == '"');
        if (quoted) {
            continue;
        }
        opened = opened || text[i] == '(';
        if (text[i] == ')') {
            return i + 1;
        }
        if (!opened && text[i] == ' ') {
            return std::string_view::npos;
        }
    }
    return std::string_view::npos;
}

class reader {
public:
    reader(script::script const& file, script::statement const& where, script::routines const& known)
        : m_known{known}, m_own{script::routine_in(file, where)}
    {
    }

    [[nodiscard]] script::routine const* with_body(std::string const& text) const
    {
        return m_own && m_own->body.value() == text ? &*m_own : m_known.find_by_body(text);
    }

    /// The innermost line of a context whose routine is known.
    [[nodiscard]] frame innermost(std::string const& context) const
    {
        std::istringstream lines{context};
        bool innermost = true;
        for (std::string line; std::getline(lines, line);) {
            bool const plpgsql = line.find("PL/pgSQL") != std::string::npos;
            auto found = plpgsql ? in_plpgsql(line) : in_sql(line);
            if (found.routine != nullptr) {
                found.is_innermost = innermost;
                return found;
            }
            innermost = innermost && !plpgsql && !line.starts_with("SQL function ");
        }
        return {};
    }

private:
    [[nodiscard]] frame in_plpgsql(std::string_view line) const
    {
        constexpr std::string_view block = "inline_code_block";
        if (auto const at = line.find(block); at != std::string_view::npos && m_own) {
            return {&*m_own, number_in(line.substr(at + block.size())), true, true, keyword_in(line)};
        }
        // A signature starts at some word, and has brackets: f(integer), app."My f"(text).
        for (std::size_t i = 0; i < line.size(); i = next_word(line, i)) {
            auto const end = end_of_signature(line, i);
            if (end == std::string_view::npos) {
                continue;
            }
            if (auto const* const routine = m_known.find(script::read_routine_name(line.substr(i, end - i)))) {
                auto const number = number_in(line.substr(end));
                return {routine, number != 0 ? number : number_in(line.substr(0, i)), true, true, keyword_in(line)};
            }
        }
        // compilation of PL/pgSQL function "f" near line 3
        auto found = in_sql(line);
        found.counts_lines = true;
        return found;
    }

    /// SQL function "f" statement 1
    [[nodiscard]] frame in_sql(std::string_view line) const
    {
        auto const begin = line.find('"');
        auto const end = line.rfind('"');
        bool const is_function = line.starts_with("SQL function ") || line.find("PL/pgSQL") != std::string_view::npos;
        if (begin == end || !is_function) {
            return {};
        }
        script::routine_name const name{"", std::string{line.substr(begin + 1, end - begin - 1)}, std::nullopt};
        return {m_known.find(name), number_in(line.substr(end)), false, true, ""};
    }

    /// Where the next name may begin: not every language has blanks before it.
    static std::size_t next_word(std::string_view line, std::size_t i)
    {
        auto const is_inside = [](unsigned char c) {
            return std::isalnum(c) != 0 || c == '_' || c == '$' || c == '.' || c == '"';
        };
        while (i < line.size() && is_inside(static_cast<unsigned char>(line[i]))) {
            ++i;
        }
        while (i < line.size() && !is_inside(static_cast<unsigned char>(line[i]))) {
            ++i;
        }
        return i;
    }

    script::routines const& m_known;
    std::optional<script::routine> m_own; ///< the statement is a DO block, or creates a routine
};

/// Where a query was found in a body; `cut` is how much had to be taken off its front for that.
struct match {
    std::size_t at;
    std::size_t cut;
};

bool is_word_byte(char c)
{
    auto const byte = static_cast<unsigned char>(c);
    return std::isalnum(byte) != 0 || c == '_' || byte >= 0x80;
}

/// The first occurrence in the body of the query's text from `cut` on, as a whole word. PL/pgSQL puts blanks in the
/// place of an INTO.
std::optional<match> find_text(std::string_view body, std::size_t from, std::string_view query, std::size_t cut)
{
    auto const wanted = query.substr(std::min(cut, query.size()));
    auto const* at = body.begin() + static_cast<std::ptrdiff_t>(from);
    while (!wanted.empty()) {
        at = std::search(at, body.end(), wanted.begin(), wanted.end(),
                         [](char there, char one) { return one == there || one == ' '; });
        if (at == body.end()) {
            break;
        }
        bool const inside_word = at != body.begin() && is_word_byte(*(at - 1)) && is_word_byte(wanted.front());
        if (!inside_word) {
            return match{static_cast<std::size_t>(at - body.begin()), cut};
        }
        ++at;
    }
    return std::nullopt;
}

/// Finds a query that PL/pgSQL sent. It sends its statements as they are written, but with SELECT for PERFORM, and up
/// to version 13 with SELECT before an expression. What EXECUTE put together is not written anywhere as it was sent.
std::optional<match> find_query(std::string_view body, std::size_t from, std::string_view query, bool dynamic)
{
    constexpr std::string_view select = "SELECT ";
    auto const start = std::min(query.find_first_not_of(" \t\r\n"), query.size());
    auto const whole = find_text(body, from, query, start);
    if (whole || dynamic || !query.substr(start).starts_with(select)) {
        return whole;
    }
    return find_text(body, from, query, query.find_first_not_of(' ', start + select.size()));
}

/// The key word in the line that starts at `from`; `from` itself if it is not there.
std::size_t find_keyword(std::string_view body, std::size_t from, std::string_view keyword)
{
    auto const same = [](unsigned char a, unsigned char b) {
        return std::toupper(a) == std::toupper(b);
    };
    auto const line = body.substr(from, body.find('\n', from) - from);
    for (auto const* at = line.begin(); !keyword.empty();) {
        at = std::search(at, line.end(), keyword.begin(), keyword.end(), same);
        if (at == line.end()) {
            break;
        }
        auto const* const end = at + keyword.size();
        if ((at == line.begin() || !is_word_byte(*(at - 1))) && (end == line.end() || !is_word_byte(*end))) {
            return from + static_cast<std::size_t>(at - line.begin());
        }
        at = end;
    }
    return from;
}

} // namespace

std::optional<report::location> place_in_routine(script::script const& file, script::statement const& where,
                                                 database::server_message const& said, script::routines const& known)
{
    if (said.context.empty() && said.internal_query.empty()) {
        return std::nullopt;
    }
    reader const reading{file, where, known};
    auto const offset_in_query = [&] {
        return script::character_offset(said.internal_query, 0, said.internal_query.size(), said.internal_position);
    };
    bool const has_query = !said.internal_query.empty() && said.internal_position > 0;
    if (has_query) {
        if (auto const* const whole = reading.with_body(said.internal_query)) {
            return whole->body.place_of(offset_in_query());
        }
    }
    auto const inner = reading.innermost(said.context);
    if (inner.routine == nullptr || inner.number == 0) {
        return inner.routine == nullptr ? std::nullopt : std::optional{inner.routine->body.place_of(0)};
    }
    auto const& routine = *inner.routine;
    auto const start = inner.counts_lines ? routine.line(inner.number) : routine.sql_statement(inner.number);
    if (has_query && inner.is_innermost) {
        bool const dynamic =
            inner.keyword == "EXECUTE" || find_keyword(routine.body.value(), start, "EXECUTE") != start;
        auto const found = find_query(routine.body.value(), start, said.internal_query, dynamic);
        if (found && offset_in_query() >= found->cut) {
            return routine.body.place_of(found->at + offset_in_query() - found->cut);
        }
    }
    return routine.body.place_of(find_keyword(routine.body.value(), start, inner.keyword));
}

} // namespace pgratchet::execute
