// SPDX-License-Identifier: Apache-2.0
#include "restore/complaints.hpp"

#include <array>
#include <charconv>
#include <cstddef>
#include <string>

namespace pgratchet::restore {

namespace {

constexpr std::string_view counted = "pg_restore: warning: errors ignored on restore: ";

/// Takes the one message that is harmless out of the text, wherever it stands, and gives how often it did. It is
/// written in one piece, by whichever worker: what comes before it, "pg_restore: " and "error: ", is not.
std::size_t take_out_the_harmless(std::string& text)
{
    constexpr std::string_view begin = "could not execute query: ";
    constexpr std::string_view end = "\nCommand was: SET transaction_timeout = 0;";
    std::size_t taken = 0;
    for (auto at = text.find(begin); at != std::string::npos; at = text.find(begin, at)) {
        auto const line_end = text.find('\n', at);
        // The server's own words may be in any language, and so may its quotation marks.
        if (line_end == std::string::npos || text.compare(line_end, end.size(), end) != 0 ||
            text.substr(at, line_end - at).find("transaction_timeout") == std::string::npos) {
            at += begin.size();
            continue;
        }
        text.erase(at, line_end + end.size() - at);
        ++taken;
    }
    return taken;
}

/// The number in the last line, which the leader writes when all workers have ended. Takes the line out.
std::size_t take_out_the_count(std::string& text)
{
    std::size_t count = 0;
    auto const at = text.rfind(counted);
    if (at != std::string::npos) {
        auto const* const number = text.data() + at + counted.size();
        auto const [end, problem] = std::from_chars(number, text.data() + text.size(), count);
        text.erase(at, static_cast<std::size_t>(end - text.data()) - at);
    }
    return count;
}

/// Whether nothing is left but the beginnings of messages, which workers write between each other's.
bool is_only_beginnings(std::string_view text)
{
    static constexpr std::array<std::string_view, 5> known{"pg_restore:", "error:", "while INITIALIZING:", " ", "\n"};
    while (!text.empty()) {
        auto const before = text.size();
        for (auto const one : known) {
            if (text.starts_with(one)) {
                text.remove_prefix(one.size());
            }
        }
        if (text.size() == before) {
            return false;
        }
    }
    return true;
}

} // namespace

bool only_about_transaction_timeout(std::string_view output)
{
    std::string text{output};
    auto const complaints = take_out_the_harmless(text);
    auto const count = take_out_the_count(text);
    // With --jobs, those of the workers are printed and not all counted.
    return is_only_beginnings(text) && count > 0 && count <= complaints;
}

} // namespace pgratchet::restore
