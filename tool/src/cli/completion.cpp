// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.hpp"
#include "cli/documentation.hpp"
#include "files/files.hpp"

#include <set>

namespace pgratchet::cli {

namespace {

/// What a value is completed by.
enum class values { anything, files, folders, words };

values kind_of(option_description const& one)
{
    static std::set<std::string> const files{"FILE", "REPORT", "PATH"};
    return one.value == "DIR"          ? values::folders
           : one.value == "FORMAT"     ? values::words
           : files.contains(one.value) ? values::files
                                       : values::anything;
}

/// The words of "text (default) or json".
std::string words_in(std::string const& text)
{
    std::string list;
    std::string word;
    for (auto const c : text + " ") {
        if (c >= 'a' && c <= 'z') {
            word += c;
            continue;
        }
        if (!word.empty() && word != "or" && word != "default") {
            list += (list.empty() ? "" : " ") + word;
        }
        word.clear();
    }
    return list;
}

std::string_view summary_of(std::string const& name)
{
    for (auto const& one : commands()) {
        if (one.name == name) {
            return one.summary;
        }
    }
    return {};
}

std::string command_names(std::vector<description> const& all)
{
    std::string names = "help --help --version";
    for (auto const& one : all) {
        names += " " + one.name;
    }
    return names;
}

std::string with_escapes(std::string_view text, std::string_view special, std::string_view escape)
{
    std::string out;
    for (auto const c : text) {
        if (special.find(c) != std::string_view::npos) {
            out += escape;
        }
        out += c;
    }
    return out;
}

/// Within single quotes of a shell.
std::string in_quotes(std::string_view text)
{
    std::string out;
    for (auto const c : text) {
        out += c == '\'' ? std::string{"'\\''"} : std::string{c};
    }
    return out;
}

std::string bash_values(option_description const& one)
{
    switch (kind_of(one)) {
    case values::files:
        return "-f";
    case values::folders:
        return "-d";
    case values::words:
        return "-W '" + in_quotes(words_in(one.text)) + "'";
    case values::anything:
        return "-W ''";
    }
    return {};
}

} // namespace

std::string bash_completion(std::vector<description> const& all)
{
    std::string text = "# bash completion for pgratchet, generated from its --help\n"
                       "_pgratchet()\n{\n"
                       "    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}\n"
                       "    local how\n"
                       "    COMPREPLY=()\n"
                       "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
                       "        COMPREPLY=($(compgen -W '" +
                       command_names(all) +
                       "' -- \"$current\"))\n"
                       "        return\n"
                       "    fi\n"
                       "    case ${COMP_WORDS[1]} in\n";
    for (auto const& one : all) {
        text += "    " + one.name + ")\n        case $previous in\n";
        std::string options;
        for (auto const& option : one.options) {
            options += " --" + option.name;
            if (!option.value.empty()) {
                text += "        --" + option.name + ") COMPREPLY=($(compgen " + bash_values(option) +
                        " -- \"$current\")); return ;;\n";
            }
        }
        text += "        esac\n        how='";
        for (auto const& word : one.words) {
            text += word + " ";
        }
        text += "'\n        case $current in\n        -*) how='" + options.substr(options.empty() ? 0 : 1) +
                "' ;;\n        esac\n        ;;\n";
    }
    return text + "    *) return ;;\n"
                  "    esac\n"
                  "    case $current in\n"
                  "    -*) COMPREPLY=($(compgen -W \"$how\" -- \"$current\")) ;;\n"
                  "    *) COMPREPLY=($(compgen -W \"$how\" -- \"$current\") $(compgen -f -- \"$current\")) ;;\n"
                  "    esac\n"
                  "}\n"
                  "complete -o filenames -F _pgratchet pgratchet\n";
}

std::string zsh_completion(std::vector<description> const& all)
{
    std::string text = "#compdef pgratchet\n# zsh completion for pgratchet, generated from its --help\n\n"
                       "_pgratchet() {\n"
                       "  if (( CURRENT == 2 )); then\n"
                       "    local -a commands\n    commands=(\n";
    for (auto const& one : all) {
        text += "      '" + one.name + ":" + in_quotes(with_escapes(summary_of(one.name), ":", "\\")) + "'\n";
    }
    text += "    )\n    _describe command commands\n    return\n  fi\n"
            "  local command=$words[2]\n"
            "  shift words\n  (( CURRENT-- ))\n"
            "  case $command in\n";
    for (auto const& one : all) {
        text += "  (" + one.name + ")\n    _arguments";
        for (auto const& option : one.options) {
            text += " \\\n      '*--" + option.name + "[" + in_quotes(with_escapes(option.text, "[]\\:", "\\")) + "]";
            if (!option.value.empty()) {
                auto const kind = kind_of(option);
                text += ":" + option.value + ":" +
                        (kind == values::files     ? "_files"
                         : kind == values::folders ? "_files -/"
                         : kind == values::words   ? "(" + words_in(option.text) + ")"
                                                   : "");
            }
            text += "'";
        }
        if (!one.words.empty()) {
            text += " \\\n      '1:action:(";
            for (auto const& word : one.words) {
                text += (&word == &one.words.front() ? "" : " ") + word;
            }
            text += ")'";
        }
        text += " \\\n      '*:file:_files'\n    ;;\n";
    }
    return text + "  esac\n}\n\n_pgratchet \"$@\"\n";
}

std::string fish_completion(std::vector<description> const& all)
{
    std::string text = "# fish completion for pgratchet, generated from its --help\n"
                       "complete -c pgratchet -n __fish_use_subcommand -f\n";
    auto const quote = [](std::string_view what) {
        return "'" + with_escapes(what, "\\'", "\\") + "'";
    };
    for (auto const& one : all) {
        text += "complete -c pgratchet -n __fish_use_subcommand -a " + one.name + " -d " + quote(summary_of(one.name)) +
                "\n";
    }
    for (auto const& one : all) {
        auto const within = "complete -c pgratchet -n '__fish_seen_subcommand_from " + one.name + "'";
        for (auto const& word : one.words) {
            text += within + " -a " + word + "\n";
        }
        for (auto const& option : one.options) {
            text += within + " -l " + option.name + " -d " + quote(option.text);
            if (!option.value.empty()) {
                auto const kind = kind_of(option);
                text += kind == values::files     ? " -r -F"
                        : kind == values::folders ? " -x -a '(__fish_complete_directories)'"
                        : kind == values::words   ? " -x -a " + quote(words_in(option.text))
                                                  : " -x";
            }
            text += "\n";
        }
    }
    return text;
}

void write_documentation(std::filesystem::path const& folder)
{
    auto const all = describe_commands();
    files::write(folder / "man1" / "pgratchet.1", main_manual_page());
    for (auto const& one : all) {
        files::write(folder / "man1" / ("pgratchet-" + one.name + ".1"), manual_page(one));
    }
    files::write(folder / "bash" / "pgratchet", bash_completion(all));
    files::write(folder / "zsh" / "_pgratchet", zsh_completion(all));
    files::write(folder / "fish" / "pgratchet.fish", fish_completion(all));
}

} // namespace pgratchet::cli
