// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/describe.hpp"
#include "commands/environment.hpp"
#include "errors.hpp"

// A list option is given several times; a comma is part of its value.
#define CXXOPTS_VECTOR_DELIMITER '\0'
#include <chrono>
#include <cxxopts.hpp>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pgratchet::cli {

/// A command of the executor: its name, one line about it, and what it does with its arguments.
struct command {
    std::string_view name;
    std::string_view summary;
    exit_code (*run)(std::vector<std::string> const& arguments);
};

/// All commands, in the order in which help lists them.
[[nodiscard]] std::vector<command> const& commands();

/// The options of one command, with its help. Parsing takes every argument or throws usage_error, quoting
/// the bad one. `--help` is an option of each command; ask `wants_help` first.
class command_line {
public:
    /// `synopsis` follows "pgratchet NAME " in the usage line.
    command_line(std::string const& name, std::string const& about, std::string const& synopsis);

    [[nodiscard]] cxxopts::OptionAdder add() { return m_options.add_options(); }
    /// The option `name` stands for the arguments without a name. `wanted` says what to do if it is missing.
    void allow_positional(std::string const& name, std::string const& wanted);
    /// An option that takes one of these words; they end its text.
    void add_choice(std::string const& option, std::string const& text, std::string const& value,
                    std::vector<choice> const& words);
    /// The words that an option takes where its text has no room for them: completions have.
    void add_words(std::string const& option, std::vector<std::string> words);
    void add_connection();
    void add_trusted_key();
    void add_end_with_build();

    /// What --trusted-key says wins over the variable: it is put there, where every command that reads a plan looks.
    void take_trusted_key() const;

    /// True if --help was given; the help is then printed.
    [[nodiscard]] bool parse(std::vector<std::string> const& arguments);

    [[nodiscard]] bool has(std::string const& option) const { return m_result.count(option) > 0; }
    [[nodiscard]] std::string required(std::string const& option) const;
    [[nodiscard]] std::optional<std::string> optional(std::string const& option) const;
    /// The value of an add_choice().
    [[nodiscard]] std::optional<std::string> one_of(std::string const& option) const;
    /// The name of an environment variable. What is none is not repeated: it may be a connection string with a
    /// password.
    [[nodiscard]] std::optional<std::string> variable(std::string const& option) const;
    [[nodiscard]] std::optional<std::filesystem::path> path(std::string const& option) const;
    [[nodiscard]] std::vector<std::string> list(std::string const& option) const;
    /// A whole number from 0 to `most`.
    [[nodiscard]] std::optional<int> count(std::string const& option, int most) const;
    [[nodiscard]] std::optional<std::chrono::milliseconds> duration(std::string const& option) const;
    [[nodiscard]] std::string environment_name() const;
    [[nodiscard]] commands::connection_options connection() const;

private:
    void add_guards();
    [[nodiscard]] commands::connection_guards guards() const;
    [[nodiscard]] description describe() const;
    [[nodiscard]] std::string help() const;

    std::string m_name;
    std::string m_about;
    std::string m_synopsis;
    std::string m_positional; ///< the option that stands for the arguments without a name
    std::string m_wanted;     ///< said where they are missing
    std::map<std::string, std::vector<std::string>> m_words; ///< by the option that takes one of them
    cxxopts::Options m_options;
    cxxopts::ParseResult m_result;
};

/// The commands, each in a file of its name.
exit_code run_apply(std::vector<std::string> const&);
exit_code run_backup(std::vector<std::string> const&);
exit_code run_bundle(std::vector<std::string> const&);
exit_code run_compile(std::vector<std::string> const&);
exit_code run_diff(std::vector<std::string> const&);
exit_code run_freeze(std::vector<std::string> const&);
exit_code run_explain(std::vector<std::string> const&);
exit_code run_init(std::vector<std::string> const&);
exit_code run_key(std::vector<std::string> const&);
exit_code run_new(std::vector<std::string> const&);
exit_code run_revert(std::vector<std::string> const&);
exit_code run_rehearse(std::vector<std::string> const&);
exit_code run_restore(std::vector<std::string> const&);
exit_code run_server(std::vector<std::string> const&);
exit_code run_sign(std::vector<std::string> const&);
exit_code run_status(std::vector<std::string> const&);
exit_code run_verify(std::vector<std::string> const&);

} // namespace pgratchet::cli
