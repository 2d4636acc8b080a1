// SPDX-License-Identifier: Apache-2.0
#include "script/new_file.hpp"

#include <algorithm>

namespace pgratchet::script {

namespace {

bool is_blank(char c)
{
    return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F;
}

/// On one line, so that nothing of it is more than a comment.
std::string on_one_line(std::string_view text)
{
    std::string line;
    for (char const c : text) {
        if (!is_blank(c)) {
            line += c;
        } else if (!line.empty() && line.back() != ' ') {
            line += ' ';
        }
    }
    while (line.ends_with(' ')) {
        line.pop_back();
    }
    return line;
}

} // namespace

std::string as_part_of_a_name(std::string_view description)
{
    std::string name;
    for (char const c : description) {
        bool const is_upper = c >= 'A' && c <= 'Z';
        bool const stays = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
        if (is_upper || stays) {
            name += is_upper ? static_cast<char>(c - 'A' + 'a') : c;
        } else if (!name.empty() && name.back() != '_') {
            name += '_';
        }
    }
    while (name.ends_with('_')) {
        name.pop_back();
    }
    return name;
}

std::string new_file(std::string_view description, std::string_view version, transaction_mode mode)
{
    std::string const number{version};
    bool const is_wrapped = mode == transaction_mode::wrapped;
    std::string text = is_wrapped ? "" : "-- pgratchet: no-transaction\n";
    text += "-- " + on_one_line(description) + "\n";
    text +=
        "--\n"
        "-- Once this file has been applied somewhere it does not change any more: what follows is the next number.\n";
    text +=
        is_wrapped
            ? "-- What cannot run in a transaction (CREATE INDEX CONCURRENTLY) goes into a file of its own, without\n"
              "-- BEGIN and COMMIT, whose first line is the comment \"pgratchet: no-transaction\".\n"
            : "-- Each statement is committed by itself. A run that was cut off goes on at the first one whose\n"
              "-- effect is missing, so work on data goes into a file of its own.\n";
    text += "-- Work on data that leaves no trace in the schema needs a probe, a file " + number +
            "_NAME.sql in the folder of\n"
            "-- probes: one SELECT that is false before this file and true after it.\n"
            "-- A warning is allowed by a comment right before the statement: \"pgratchet: allow NAME: REASON\".\n\n";
    return text + (is_wrapped ? "BEGIN;\n\n\n\nCOMMIT;\n" : "");
}

} // namespace pgratchet::script
