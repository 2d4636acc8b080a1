// SPDX-License-Identifier: Apache-2.0
#include "report/diagnostic.hpp"

#include <string_view>

namespace pgratchet::report {

namespace {

char const* word_for(severity level)
{
    switch (level) {
    case severity::error:
        return "error";
    case severity::warning:
        return "warning";
    case severity::note:
        return "note";
    }
    return "error";
}

/// Takes the first line off a text, without its line end.
std::string_view take_line(std::string_view& text)
{
    std::size_t const end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    if (line.ends_with('\r')) {
        line.remove_suffix(1);
    }
    return line;
}

/// Adds a text on lines of its own. The server's messages may have several lines, and a line that does not
/// start with a blank would look like a message of its own.
void append_indented(std::string& out, std::string_view text)
{
    while (!text.empty()) {
        out += "\n  ";
        out += take_line(text);
    }
}

/// What stands in brackets. A warning of the server has both, an SQLSTATE and the option of all of them.
std::string label_of(diagnostic const& d)
{
    if (d.option.empty() || d.option == "-W" + d.name || d.option == "-Werror=" + d.name) {
        return d.option.empty() ? d.name : d.option;
    }
    return d.name.empty() ? d.option : d.name + ", " + d.option;
}

} // namespace

std::string to_gcc(diagnostic const& d)
{
    std::string out;
    if (!d.where.file.empty()) {
        out += d.where.file + ":";
        if (d.where.line != 0) {
            out += std::to_string(d.where.line) + ":";
            if (d.where.column != 0) {
                out += std::to_string(d.where.column) + ":";
            }
        }
        out += " ";
    }
    std::string_view message = d.message;
    out += word_for(d.level);
    out += ": ";
    out += take_line(message);
    if (auto const label = label_of(d); !label.empty()) {
        out += " [" + label + "]";
    }
    append_indented(out, message);
    for (std::string const& detail : d.details) {
        append_indented(out, detail);
    }
    if (d.hint) {
        append_indented(out, "hint: " + *d.hint);
    }
    return out;
}

} // namespace pgratchet::report
