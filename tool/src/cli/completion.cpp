// SPDX-License-Identifier: Apache-2.0
#include "cli/documentation.hpp"
#include "files/files.hpp"

#include <set>

namespace pgratchet::cli {

namespace {

using texts = std::vector<std::string>;

/// What a value, or an argument without a name, is completed by.
enum class kind { anything, files, folders };

kind kind_of(std::string const& value)
{
    static std::set<std::string> const files{"FILE", "REPORT", "PATH"};
    return value == "DIR" ? kind::folders : files.contains(value) ? kind::files : kind::anything;
}

std::string joined(texts const& all)
{
    std::string list;
    for (auto const& one : all) {
        list += (list.empty() ? "" : " ") + one;
    }
    return list;
}

/// `pgratchet help` takes the name of a command.
std::vector<description> with_help(std::vector<description> all)
{
    description help{"help", "print the help of a command", {}, {}, {}, {}, {}};
    for (auto const& one : all) {
        help.words.push_back(one.name);
    }
    all.push_back(std::move(help));
    return all;
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

/// An option of compgen; nothing for what cannot be completed.
std::string bash_action(std::string const& value)
{
    auto const how = kind_of(value);
    return how == kind::files ? "-f" : how == kind::folders ? "-d" : "";
}

std::string bash_command(description const& of)
{
    auto text = "    " + of.name + ")\n        case $previous in\n";
    texts options;
    for (auto const& one : of.options) {
        auto const name = "--" + one.name;
        options.push_back(name);
        if (one.value.empty()) {
            continue;
        }
        auto const how = one.words.empty() ? bash_action(one.value) : "-W '" + joined(one.words) + "'";
        text += "        " + (one.takes_value_attached ? "" : name + " | ") + name + "=) " +
                (how.empty() ? "" : "COMPREPLY=($(compgen " + how + " -- \"$current\")); ") + "return ;;\n";
    }
    return text + "        esac\n        options='" + joined(options) + "' words='" + joined(of.words) +
           "' operand=" + bash_action(of.operand) + "\n        ;;\n";
}

std::string zsh_action(std::string const& value)
{
    auto const how = kind_of(value);
    return how == kind::files ? "_files" : how == kind::folders ? "_files -/" : "";
}

std::string zsh_command(description const& of)
{
    auto text = "  (" + of.name + ")\n    _arguments";
    for (auto const& one : of.options) {
        text += " \\\n      '*--" + one.name +
                (one.value.empty()          ? ""
                 : one.takes_value_attached ? "=-"
                                            : "=") +
                "[" + in_quotes(with_escapes(one.text, "[]\\:", "\\")) + "]";
        if (!one.value.empty()) {
            text += (one.takes_value_attached ? "::" : ":") + one.value + ":" +
                    (one.words.empty() ? zsh_action(one.value) : "(" + joined(one.words) + ")");
        }
        text += "'";
    }
    if (!of.words.empty()) {
        text += " \\\n      '1:action:(" + joined(of.words) + ")'";
    }
    if (auto const action = zsh_action(of.operand); !action.empty()) {
        text += " \\\n      '*:" + of.operand + ":" + action + "'";
    }
    return text + "\n    ;;\n";
}

std::string fish_quoted(std::string_view what)
{
    return "'" + with_escapes(what, "\\'", "\\") + "'";
}

/// Without files, unless it says so.
std::string fish_action(std::string const& value)
{
    auto const how = kind_of(value);
    return how == kind::files ? " -F" : how == kind::folders ? " -a '(__fish_complete_directories)'" : "";
}

std::string fish_command(description const& of)
{
    auto const begin = "complete -c pgratchet -n '__pgratchet_runs " + of.name;
    std::string text;
    auto const operand = fish_action(of.operand);
    if (!of.words.empty()) {
        text += begin + "; and not __pgratchet_has " + joined(of.words) + "' -a '" + joined(of.words) + "'\n";
    }
    if (!operand.empty()) {
        text += begin + (of.words.empty() ? "" : "; and __pgratchet_has " + joined(of.words)) + "'" + operand + "\n";
    }
    for (auto const& one : of.options) {
        text += begin + "' -l " + one.name + " -d " + fish_quoted(one.text);
        if (!one.value.empty()) {
            text += (one.takes_value_attached            ? ""
                     : kind_of(one.value) == kind::files ? " -r"
                                                         : " -x") +
                    (one.words.empty() ? fish_action(one.value) : " -a " + fish_quoted(joined(one.words)));
        }
        text += "\n";
    }
    return text;
}

} // namespace

std::string bash_completion(std::vector<description> const& described)
{
    auto const all = with_help(described);
    std::string text = "# bash completion for pgratchet, generated from its --help\n"
                       "_pgratchet()\n{\n"
                       "    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}\n"
                       "    local options words operand one\n"
                       "    COMPREPLY=()\n"
                       "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
                       "        COMPREPLY=($(compgen -W '--help --version";
    for (auto const& one : all) {
        text += " " + one.name;
    }
    text += "' -- \"$current\"))\n"
            "        return\n"
            "    fi\n"
            "    # --format=json is three words.\n"
            "    if [ \"$current\" = = ]; then\n"
            "        previous+== current=\n"
            "    elif [ \"$previous\" = = ]; then\n"
            "        previous=${COMP_WORDS[COMP_CWORD - 2]}=\n"
            "    fi\n"
            "    case ${COMP_WORDS[1]} in\n";
    for (auto const& one : all) {
        text += bash_command(one);
    }
    return text + "    *) return ;;\n"
                  "    esac\n"
                  "    for one in \"${COMP_WORDS[@]:2:COMP_CWORD-2}\"; do\n"
                  "        [[ -n $one && \" $words \" == *\" $one \"* ]] && words=\n"
                  "    done\n"
                  "    if [[ $current == -* ]]; then\n"
                  "        COMPREPLY=($(compgen -W \"$options\" -- \"$current\"))\n"
                  "    elif [ -n \"$words\" ]; then\n"
                  "        COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
                  "    elif [ -n \"$operand\" ]; then\n"
                  "        COMPREPLY=($(compgen $operand -- \"$current\"))\n"
                  "    fi\n"
                  "}\n"
                  "complete -o filenames -F _pgratchet pgratchet\n";
}

std::string zsh_completion(std::vector<description> const& described)
{
    auto const all = with_help(described);
    std::string text = "#compdef pgratchet\n# zsh completion for pgratchet, generated from its --help\n\n"
                       "_pgratchet() {\n"
                       "  if (( CURRENT == 2 )); then\n"
                       "    local -a commands\n    commands=(\n";
    for (auto const& one : all) {
        text += "      '" + one.name + ":" + in_quotes(with_escapes(one.summary, ":", "\\")) + "'\n";
    }
    text += "    )\n    _describe command commands\n    return\n  fi\n"
            "  local command=$words[2]\n"
            "  shift words\n  (( CURRENT-- ))\n"
            "  case $command in\n";
    for (auto const& one : all) {
        text += zsh_command(one);
    }
    return text + "  esac\n}\n\n_pgratchet \"$@\"\n";
}

std::string fish_completion(std::vector<description> const& described)
{
    auto const all = with_help(described);
    std::string text = "# fish completion for pgratchet, generated from its --help\n"
                       "function __pgratchet_runs\n"
                       "    set -l before (commandline -opc)\n"
                       "    test (count $before) -gt 1; and test \"$before[2]\" = $argv[1]\n"
                       "end\n"
                       "function __pgratchet_has\n"
                       "    set -l before (commandline -opc)\n"
                       "    for one in $before[3..]\n"
                       "        contains -- $one $argv; and return 0\n"
                       "    end\n"
                       "    return 1\n"
                       "end\n"
                       "complete -c pgratchet -f\n";
    for (auto const& one : all) {
        text +=
            "complete -c pgratchet -n __fish_use_subcommand -a " + one.name + " -d " + fish_quoted(one.summary) + "\n";
    }
    for (auto const& one : all) {
        text += fish_command(one);
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
