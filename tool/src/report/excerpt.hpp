// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "report/diagnostic.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace pgratchet::report {

/// The line of a file that a diagnostic is about, with its number before it, and a caret under the place:
///
///        3 | SELECT  idd FROM a;
///          |         ^~~
///
/// `line` is the line's text without its line end, `width` how many columns the terminal has. A longer line is cut to a
/// window around the place. Tabs become blanks, control characters, which could give the terminal orders, a mark; wide
/// characters count two columns (Unicode, "East Asian Width"). No line end behind the last line; empty if the place
/// has no column.
[[nodiscard]] std::string excerpt(diagnostic const&, std::string_view line, std::size_t width, palette const& = {});

/// How many columns a character takes on a terminal: 0, 1 or 2.
[[nodiscard]] std::size_t columns_of(char32_t character) noexcept;

} // namespace pgratchet::report
