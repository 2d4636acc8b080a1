// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.hpp"
#include "cli/documentation.hpp"

namespace pgratchet::cli {

namespace {

/// Text for roff: no line is taken for a macro, and a hyphen stays the character that people type.
std::string escaped(std::string_view text)
{
    std::string out;
    for (auto const c : text) {
        switch (c) {
        case '\\':
            out += "\\e";
            break;
        case '-':
            out += "\\-";
            break;
        case '.':
        case '\'':
            out += (out.empty() ? "\\&" : "") + std::string{c == '\'' ? "\\(aq" : "."};
            break;
        default:
            out += c;
        }
    }
    return out;
}

std::string upper(std::string text)
{
    for (auto& c : text) {
        c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return text;
}

std::string head(std::string const& page)
{
    return ".TH " + escaped(upper(page)) + " 1 " + PGRATCHET_RELEASE_DATE +
           " \"pgratchet " PGRATCHET_VERSION "\" \"pgratchet\"\n";
}

std::string sentence(std::string const& text)
{
    return text.empty() || text.ends_with('.') ? text : text + ".";
}

std::string exit_status()
{
    std::string text = ".SH EXIT STATUS\n";
    for (auto const& one : exit_code_texts()) {
        text += ".TP\n.B " + std::to_string(one.code) + "\n" + escaped(sentence(std::string{one.text})) + "\n";
    }
    return text;
}

std::string value_of(option_description const& one)
{
    auto const value = "\\fI" + escaped(one.value) + "\\fR";
    return one.value.empty() ? "" : one.takes_value_attached ? "[=" + value + "]" : " " + value;
}

} // namespace

std::string manual_page(description const& of)
{
    auto const page = "pgratchet-" + of.name;
    auto text = head(page) + ".SH NAME\n" + escaped(page) + " \\- " + escaped(of.summary) + "\n.SH SYNOPSIS\n";
    for (std::size_t i = 0; i < of.synopses.size(); ++i) {
        text += (i > 0 ? ".br\n" : "") + std::string{".B pgratchet "} + escaped(of.name) + "\n" +
                escaped(of.synopses[i]) + "\n";
    }
    text += ".SH DESCRIPTION\n" + escaped(of.about) + "\n.SH OPTIONS\n";
    for (auto const& one : of.options) {
        text += ".TP\n" + (one.letter.empty() ? std::string{} : "\\fB\\-" + one.letter + "\\fR, ") + "\\fB\\-\\-" +
                escaped(one.name) + "\\fR" + value_of(one) + "\n" + escaped(sentence(one.text)) + "\n";
    }
    return text + exit_status() + ".SH SEE ALSO\n.BR pgratchet (1)\n";
}

std::string main_manual_page()
{
    auto text = head("pgratchet") +
                ".SH NAME\npgratchet \\- PostgreSQL migrations as a build\n"
                ".SH SYNOPSIS\n.B pgratchet\n.I COMMAND\n[options]\n"
                ".SH DESCRIPTION\n"
                "Compiles a folder of plain SQL migrations into a plan, locates databases by their catalogs alone,\n"
                "applies what is pending, each migration proven before it is committed, and verifies the result.\n"
                "CMake\\(aqs functions pgratchet_add_migrations() and pgratchet_add_bundle() run it behind targets,\n"
                "tests and packages.\n"
                ".SH COMMANDS\n";
    for (auto const& one : commands()) {
        text +=
            ".TP\n.BR pgratchet\\-" + escaped(one.name) + " (1)\n" + escaped(sentence(std::string{one.summary})) + "\n";
    }
    text += ".SH ENVIRONMENT\n"
            "Connection strings come in variables whose names are given as options, and libpq\\(aqs own variables\n"
            "are read as by\n.BR psql (1).\n"
            ".TP\n.B PGRATCHET_TRUSTED_KEY\n"
            "File of public keys. Only bundles that one of them has signed are used.\n"
            ".TP\n.B XDG_STATE_HOME\n"
            "Receipts are kept in its folder pgratchet; without it in ~/.local/state/pgratchet.\n";
    text += exit_status() + ".SH SEE ALSO\n";
    auto const& all = commands();
    for (auto const& one : all) {
        text += ".BR pgratchet\\-" + escaped(one.name) + " (1)" + (&one == &all.back() ? "\n" : ",\n");
    }
    return text;
}

} // namespace pgratchet::cli
