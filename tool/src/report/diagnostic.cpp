// SPDX-License-Identifier: Apache-2.0
#include "report/diagnostic.hpp"

#include <string_view>

namespace pgratchet::report {

namespace {

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

} // namespace

char const* in_words(severity level)
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

std::string in_words(location const& place)
{
    std::string out = place.file;
    if (!out.empty() && place.line != 0) {
        out += ":" + std::to_string(place.line);
        if (place.column != 0) {
            out += ":" + std::to_string(place.column);
        }
    }
    return out;
}

std::string label_of(diagnostic const& d)
{
    if (d.option.empty() || d.option == "-W" + d.name || d.option == "-Werror=" + d.name) {
        return d.option.empty() ? d.name : d.option;
    }
    return d.name.empty() ? d.option : d.name + ", " + d.option;
}

std::string to_gcc(diagnostic const& d, palette const& colours)
{
    auto const coloured = [&](std::string_view colour, std::string const& text) {
        return colour.empty() || text.empty() ? text : std::string{colour} + text + std::string{colours.off};
    };
    std::string out;
    if (auto const place = in_words(d.where); !place.empty()) {
        out += coloured(colours.place, place + ":") + " ";
    }
    std::string_view message = d.message;
    out += coloured(colours.of(d.level), std::string{in_words(d.level)} + ":") + " ";
    out += coloured(colours.place, std::string{take_line(message)});
    if (auto const label = label_of(d); !label.empty()) {
        out += " [" + coloured(colours.of(d.level), label) + "]";
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
