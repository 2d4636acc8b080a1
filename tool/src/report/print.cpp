// SPDX-License-Identifier: Apache-2.0
#include "report/print.hpp"

#include "report/excerpt.hpp"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>
#include <sys/ioctl.h>
#include <unistd.h>

namespace pgratchet::report {

namespace {

constexpr palette terminal_colours{"\033[1m", "\033[1;31m", "\033[1;35m", "\033[1;36m", "\033[0m"};

bool wants_colour()
{
    auto const* const kind = std::getenv("TERM");
    auto const* const refused = std::getenv("NO_COLOR");
    return kind != nullptr && std::string_view{kind} != "dumb" && (refused == nullptr || *refused == '\0');
}

std::size_t terminal_width()
{
    constexpr std::size_t usual = 80;
    winsize size{};
    return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : usual;
}

/// A line of a file, counted from 1, without its end and without a byte order mark; false if there is none.
bool read_line(location const& where, std::string& line)
{
    std::ifstream file{where.file, std::ios::binary};
    for (std::size_t number = 1; std::getline(file, line); ++number) {
        if (number == where.line) {
            if (line.ends_with('\r')) {
                line.pop_back();
            }
            if (number == 1 && line.starts_with("\xEF\xBB\xBF")) {
                line.erase(0, 3);
            }
            return true;
        }
    }
    return false;
}

} // namespace

void print(diagnostic const& d)
{
    bool const terminal = ::isatty(STDERR_FILENO) == 1;
    auto const colours = terminal && wants_colour() ? terminal_colours : palette{};
    auto text = to_gcc(d, colours) + "\n";
    std::string line;
    if (terminal && d.where.column != 0 && read_line(d.where, line)) {
        text += excerpt(d, line, terminal_width(), colours) + "\n";
    }
    std::fputs(text.c_str(), stderr);
}

} // namespace pgratchet::report
