// SPDX-License-Identifier: Apache-2.0
#include "restore/complaints.hpp"

#include <charconv>
#include <cstddef>

namespace pgratchet::restore {

namespace {

class lines_of {
public:
    explicit lines_of(std::string_view text) : m_rest{text} {}

    [[nodiscard]] bool at_end() const { return m_rest.empty(); }

    std::string_view take()
    {
        auto const end = m_rest.find('\n');
        auto const line = m_rest.substr(0, end);
        m_rest = end == std::string_view::npos ? std::string_view{} : m_rest.substr(end + 1);
        return line;
    }

private:
    std::string_view m_rest;
};

} // namespace

bool only_about_transaction_timeout(std::string_view output)
{
    constexpr std::string_view failed_query = "pg_restore: error: could not execute query: ";
    constexpr std::string_view counted = "pg_restore: warning: errors ignored on restore: ";
    std::size_t complaints = 0;
    std::size_t count = 0;
    lines_of lines{output};
    while (!lines.at_end()) {
        auto const line = lines.take();
        if (line.starts_with(failed_query)) {
            // The server's own words may be in any language.
            if (line.find("\"transaction_timeout\"") == std::string_view::npos ||
                lines.take() != "Command was: SET transaction_timeout = 0;") {
                return false;
            }
            ++complaints;
        } else if (line.starts_with(counted)) {
            auto const number = line.substr(counted.size());
            std::from_chars(number.data(), number.data() + number.size(), count);
        } else if (!line.empty() && line != "pg_restore: while INITIALIZING:") {
            return false;
        }
    }
    // With --jobs, those of the workers are printed and not all counted.
    return count > 0 && count <= complaints;
}

} // namespace pgratchet::restore
