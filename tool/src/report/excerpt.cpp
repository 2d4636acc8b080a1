// SPDX-License-Identifier: Apache-2.0
#include "report/excerpt.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace pgratchet::report {

namespace {

using range = std::pair<char32_t, char32_t>;

constexpr std::array combining{range{0x0300, 0x036F}, range{0x0483, 0x0489}, range{0x0591, 0x05BD},
                               range{0x0610, 0x061A}, range{0x064B, 0x065F}, range{0x1AB0, 0x1AFF},
                               range{0x1DC0, 0x1DFF}, range{0x200B, 0x200D}, range{0x20D0, 0x20FF},
                               range{0xFE00, 0xFE0F}, range{0xFE20, 0xFE2F}, range{0xE0100, 0xE01EF}};

constexpr std::array wide{
    range{0x1100, 0x115F},   range{0x2E80, 0x303E},   range{0x3041, 0x33FF},   range{0x3400, 0x4DBF},
    range{0x4E00, 0x9FFF},   range{0xA000, 0xA4CF},   range{0xA960, 0xA97F},   range{0xAC00, 0xD7A3},
    range{0xF900, 0xFAFF},   range{0xFE30, 0xFE6F},   range{0xFF00, 0xFF60},   range{0xFFE0, 0xFFE6},
    range{0x1F300, 0x1F64F}, range{0x1F680, 0x1F6FF}, range{0x1F900, 0x1F9FF}, range{0x20000, 0x3FFFD}};

template <class Ranges>
bool is_in(Ranges const& ranges, char32_t c)
{
    return std::any_of(ranges.begin(), ranges.end(), [c](range const& r) { return r.first <= c && c <= r.second; });
}

/// Characters that move the cursor or turn the direction of the text.
bool gives_orders(char32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x200E || c == 0x200F || (c >= 0x2028 && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF;
}

/// One character as it is shown.
struct cell {
    std::string text;
    std::size_t columns;
    bool in_word;
};

char32_t decode(std::string_view bytes)
{
    auto const first = static_cast<unsigned char>(bytes[0]);
    char32_t c = bytes.size() == 1   ? first
                 : bytes.size() == 2 ? first & 0x1FU
                 : bytes.size() == 3 ? first & 0x0FU
                                     : first & 0x07U;
    for (char const next : bytes.substr(1)) {
        c = (c << 6U) | (static_cast<unsigned char>(next) & 0x3FU);
    }
    return c;
}

std::vector<cell> cells_of(std::string_view line)
{
    constexpr std::size_t tab = 8;
    std::vector<cell> cells;
    std::size_t column = 0;
    for (std::size_t i = 0; i < line.size();) {
        std::size_t end = i + 1;
        while (end < line.size() && (static_cast<unsigned char>(line[end]) & 0xC0U) == 0x80U) {
            ++end;
        }
        auto const bytes = line.substr(i, end - i);
        auto const c = decode(bytes);
        bool const in_word =
            c >= 0xA0 || c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (c == '\t') {
            auto const blanks = tab - column % tab;
            cells.push_back({std::string(blanks, ' '), blanks, false});
        } else if (gives_orders(c)) {
            cells.push_back({"\xEF\xBF\xBD", 1, false});
        } else {
            cells.push_back({std::string{bytes}, columns_of(c), in_word});
        }
        column += cells.back().columns;
        i = end;
    }
    return cells;
}

/// Which cells are shown: those around the place if not all fit.
std::pair<std::size_t, std::size_t> window(std::vector<cell> const& cells, std::size_t place, std::size_t columns)
{
    std::size_t first = std::min(place, cells.size());
    std::size_t last = first;
    std::size_t used = 0;
    auto const take_left = [&](std::size_t most) {
        while (first > 0 && used + cells[first - 1].columns <= most) {
            used += cells[--first].columns;
        }
    };
    auto const take_right = [&] {
        while (last < cells.size() && used + cells[last].columns <= columns) {
            used += cells[last++].columns;
        }
    };
    take_left(columns / 2);
    take_right();
    take_left(columns);
    return {first, last};
}

} // namespace

std::size_t columns_of(char32_t character) noexcept
{
    return is_in(combining, character) ? 0 : is_in(wide, character) ? 2 : 1;
}

std::string excerpt(diagnostic const& d, std::string_view line, std::size_t width, palette const& colours)
{
    constexpr std::string_view cut = "...";
    constexpr std::size_t number_width = 5;
    constexpr std::size_t least = 20;
    if (d.where.line == 0 || d.where.column == 0) {
        return {};
    }
    std::string number = std::to_string(d.where.line);
    number.insert(0, number.size() < number_width ? number_width - number.size() : 0, ' ');
    auto const cells = cells_of(line);
    auto const place = std::min(d.where.column - 1, cells.size());
    auto const gutter = number.size() + 3 + 2 * cut.size() + 1; // the last column is left free: some terminals wrap
    auto const [first, last] = window(cells, place, std::max(width, gutter + least) - gutter);

    std::string text{first > 0 ? cut : ""};
    std::size_t before = text.size();
    for (std::size_t i = first; i < last; ++i) {
        text += cells[i].text;
        before += i < place ? cells[i].columns : 0;
    }
    text += last < cells.size() ? cut : "";

    std::string mark = "^";
    for (std::size_t i = place; i < last && cells[i].in_word; ++i) {
        mark.append(i == place ? cells[i].columns - 1 : cells[i].columns, '~');
    }
    if (!colours.off.empty()) {
        mark = std::string{colours.of(d.level)} + mark + std::string{colours.off};
    }
    return number + " | " + text + "\n" + std::string(number.size(), ' ') + " | " + std::string(before, ' ') + mark;
}

} // namespace pgratchet::report
