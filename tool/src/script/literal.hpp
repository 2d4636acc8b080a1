// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "report/diagnostic.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pgratchet::script {

/// A string constant of a file, as it is written there and as the server reads it (PostgreSQL manual, "String
/// Constants"), so that a place in the one can be found in the other.
class literal {
public:
    /// `written` is the constant with its quotes: $tag$...$tag$, '...', E'...' or N'...'; or text without quotes, which
    /// is taken as it is. `where` is the place of its first character.
    literal(std::string_view written, report::location where);

    [[nodiscard]] std::string const& value() const { return m_value; }

    /// The place in the file of a byte of the value; of the end for any byte behind that.
    [[nodiscard]] report::location place_of(std::size_t byte) const;

private:
    void read_quoted(bool backslash_escapes);
    void read_escape(std::size_t& at);
    void add(std::string_view text, std::size_t written_at);

    std::string m_written;
    report::location m_where;
    std::string m_value;
    std::vector<std::size_t> m_written_at; ///< for each byte of the value; empty if the two differ by m_shift alone
    std::size_t m_shift = 0;
};

} // namespace pgratchet::script
