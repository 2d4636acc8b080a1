// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pgratchet::cli {

struct option_description {
    std::string letter; ///< of the short form; empty if there is none
    std::string name;
    std::string value; ///< what its value is called, "FILE"; empty for a switch
    std::string text;
    bool takes_value_attached = false; ///< the value may be left out, and follows "=" otherwise
    std::vector<std::string> words;    ///< all values that there are; empty if nobody knows them
};

/// A word that an option takes as its value, and what is said of it behind it in parentheses.
struct choice {
    std::string_view word;
    std::string_view note = {};
};

/// A command as its --help has it. Manual pages and completions are made of this, so that they say the same.
struct description {
    std::string name;
    std::string summary;
    std::string about;
    std::vector<std::string> synopses; ///< each as it follows "pgratchet "
    std::vector<std::string> words;    ///< the first arguments that stand for themselves: start, stop
    std::string operand;               ///< what the other arguments without a name are, "DIR"; empty if there are none
    std::vector<option_description> options;
};

/// Given to a command as its only argument, makes its command_line throw `described` instead of parsing.
constexpr std::string_view describe_yourself = "--describe-yourself";

struct described {
    description what;
};

/// The words that a synopsis starts with: "start|stop --data-dir DIR" gives start and stop, "DIR --key FILE" nothing.
[[nodiscard]] std::vector<std::string> leading_words(std::string_view synopsis);

/// "text, json or sarif".
[[nodiscard]] std::string alternatives(std::vector<std::string> const&);

/// All commands of the table.
[[nodiscard]] std::vector<description> describe_commands();

struct exit_code_text {
    int code;
    std::string_view text;
};

[[nodiscard]] std::vector<exit_code_text> const& exit_code_texts();

} // namespace pgratchet::cli
