// SPDX-License-Identifier: Apache-2.0
#include "report/formats.hpp"

namespace pgratchet::report {

namespace {

/// What would end the line, or a property of it, is written by its number.
std::string escaped(std::string_view text, bool in_property)
{
    std::string out;
    for (char const c : text) {
        switch (c) {
        case '%':
            out += "%25";
            break;
        case '\r':
            out += "%0D";
            break;
        case '\n':
            out += "%0A";
            break;
        case ':':
            out += in_property ? "%3A" : ":";
            break;
        case ',':
            out += in_property ? "%2C" : ",";
            break;
        default:
            out += c;
        }
    }
    return out;
}

char const* command_for(severity level)
{
    return level == severity::note ? "notice" : in_words(level);
}

} // namespace

std::string to_github(diagnostic const& d)
{
    std::string properties;
    auto const add = [&](char const* name, std::string const& value) {
        properties += (properties.empty() ? " " : ",") + std::string{name} + "=" + escaped(value, true);
    };
    if (!d.where.file.empty()) {
        add("file", d.where.file);
    }
    if (d.where.line != 0) {
        add("line", std::to_string(d.where.line));
    }
    if (d.where.column != 0) {
        add("col", std::to_string(d.where.column));
    }
    if (auto const label = label_of(d); !label.empty()) {
        add("title", label);
    }
    std::string message = d.message;
    for (auto const& detail : d.details) {
        message += "\n" + detail;
    }
    if (d.hint) {
        message += "\nhint: " + *d.hint;
    }
    return std::string{"::"} + command_for(d.level) + properties + "::" + escaped(message, false);
}

} // namespace pgratchet::report
