// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.hpp"

#include "bundle/trust.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace pgratchet::cli {

namespace {

bool is_variable_name(std::string const& text)
{
    auto const is_word = [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '_';
    };
    return !text.empty() && std::isdigit(static_cast<unsigned char>(text.front())) == 0 &&
           std::all_of(text.begin(), text.end(), is_word);
}

/// It becomes the name of a folder of receipts, and stands in messages.
bool is_environment_name(std::string const& text)
{
    auto const is_part = [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '_' || c == '-';
    };
    return !text.empty() && std::isalpha(static_cast<unsigned char>(text.front())) != 0 &&
           std::all_of(text.begin(), text.end(), is_part);
}

/// An argument, as far as it may be repeated: a connection string may hold a password.
std::string shown(std::string const& argument)
{
    bool const may_hold_secret = argument.find("://") != std::string::npos || argument.find('=') != std::string::npos;
    return may_hold_secret ? "(not repeated, it may hold a password)" : "'" + argument + "'";
}

} // namespace

command_line::command_line(std::string const& name, std::string const& about, std::string const& synopsis)
    : m_name{name}, m_about{about}, m_synopsis{synopsis}, m_options{"pgratchet " + name, about}
{
    m_options.custom_help(synopsis).positional_help("").set_width(100);
    add()("h,help", "print this help");
}

void command_line::allow_positional(std::string const& name, std::string const& wanted)
{
    m_options.parse_positional({name});
    m_positional = name;
    m_wanted = wanted;
}

void command_line::add_words(std::string const& option, std::vector<std::string> words)
{
    m_words[option] = std::move(words);
}

void command_line::add_choice(std::string const& option, std::string const& text, std::string const& value,
                              std::vector<choice> const& words)
{
    std::vector<std::string> listed;
    for (auto const& one : words) {
        m_words[option].emplace_back(one.word);
        listed.push_back(std::string{one.word} + (one.note.empty() ? "" : " (" + std::string{one.note} + ")"));
    }
    add()(option, text + (text.empty() ? "" : ": ") + alternatives(listed), cxxopts::value<std::string>(), value);
}

void command_line::add_connection()
{
    add()("environment", "name of the environment, for messages and receipts", cxxopts::value<std::string>(), "NAME")(
        "url-variable", "environment variable that holds the connection string", cxxopts::value<std::string>(),
        "VAR")("local", "folder of a local server instead; started on demand", cxxopts::value<std::string>(),
               "DIR")("database", "database on the local server, made on demand", cxxopts::value<std::string>(),
                      "NAME")("pg-bindir", "where initdb and pg_ctl of the local server are, and pg_dump",
                              cxxopts::value<std::string>(), "DIR");
    add()("wait-for", "how long to wait for a server that is away (default: not at all)", cxxopts::value<std::string>(),
          "TIME");
    add_guards();
    add_trusted_key();
    add_end_with_build();
}

void command_line::add_end_with_build()
{
    add()("end-with-build", "stop when the cmake, ninja or make that runs this does");
}

void command_line::add_guards()
{
    add()("expect-database", "refuse any other database than this one", cxxopts::value<std::string>(), "NAME")(
        "expect-system-identifier", "refuse any other server: what pg_control_system() gives",
        cxxopts::value<std::string>(), "NUMBER")("protected", "somebody's work depends on this environment: warn more");
    add_choice("tls", "to another machine without sslmode verify-full", "RULE",
               {{"warn"}, {"require", "refuse"}, {"off"}});
}

void command_line::add_trusted_key()
{
    add()("trusted-key", "accept only bundles signed by a key of this file", cxxopts::value<std::string>(), "FILE");
}

void command_line::take_trusted_key() const
{
    if (has("trusted-key")) {
        ::setenv(bundle::trusted_key_variable, required("trusted-key").c_str(), 1);
    }
}

bool command_line::parse(std::vector<std::string> const& arguments)
{
    if (arguments.size() == 1 && arguments.front() == describe_yourself) {
        throw described{describe()};
    }
    std::vector<char const*> argv{m_name.c_str()};
    for (auto const& one : arguments) {
        argv.push_back(one.c_str());
    }
    try {
        m_result = m_options.parse(static_cast<int>(argv.size()), argv.data());
    } catch (cxxopts::exceptions::exception const& problem) {
        throw usage_error{m_name + ": " + problem.what(), "see: pgratchet " + m_name + " --help"};
    }
    if (has("help")) {
        std::fputs(help().c_str(), stdout);
        return true;
    }
    if (!m_result.unmatched().empty()) {
        throw usage_error{m_name + ": unexpected argument " + shown(m_result.unmatched().front()),
                          "see: pgratchet " + m_name + " --help"};
    }
    return false;
}

std::string command_line::required(std::string const& option) const
{
    auto value = optional(option);
    if ((!value || value->empty()) && option == m_positional) {
        throw usage_error{m_name + ": " + m_wanted,
                          "pgratchet " + m_name + " " + m_synopsis.substr(0, m_synopsis.find('\n'))};
    }
    if (!value || value->empty()) {
        throw usage_error{m_name + ": --" + option + " is missing", "see: pgratchet " + m_name + " --help"};
    }
    return *value;
}

std::optional<std::string> command_line::optional(std::string const& option) const
{
    if (!has(option)) {
        return std::nullopt;
    }
    if (m_result.count(option) > 1) {
        throw usage_error{m_name + ": --" + option + " is given " + std::to_string(m_result.count(option)) + " times"};
    }
    return m_result[option].as<std::string>();
}

std::optional<std::string> command_line::one_of(std::string const& option) const
{
    auto value = optional(option);
    auto const& words = m_words.at(option);
    if (value && std::ranges::find(words, *value) == words.end()) {
        throw usage_error{m_name + ": --" + option + " is '" + *value + "'", "write " + alternatives(words)};
    }
    return value;
}

std::optional<std::string> command_line::variable(std::string const& option) const
{
    auto name = optional(option);
    if (name && !is_variable_name(*name)) {
        throw usage_error{m_name + ": the value of --" + option + " is not the name of an environment variable",
                          "put the connection string into a variable, and give that variable's name"};
    }
    return name;
}

std::optional<std::filesystem::path> command_line::path(std::string const& option) const
{
    auto const given = optional(option);
    return given ? std::optional<std::filesystem::path>{*given} : std::nullopt;
}

std::optional<int> command_line::count(std::string const& option, int most) const
{
    auto const given = optional(option);
    if (!given) {
        return std::nullopt;
    }
    int number = -1;
    auto const [end, problem] = std::from_chars(given->data(), given->data() + given->size(), number);
    if (problem != std::errc{} || end != given->data() + given->size() || number < 0 || number > most) {
        throw usage_error{m_name + ": --" + option + " is '" + *given + "', which is no number from 0 to " +
                          std::to_string(most)};
    }
    return number;
}

std::vector<std::string> command_line::list(std::string const& option) const
{
    return has(option) ? m_result[option].as<std::vector<std::string>>() : std::vector<std::string>{};
}

std::optional<std::chrono::milliseconds> command_line::duration(std::string const& option) const
{
    auto const text = optional(option);
    if (!text) {
        return std::nullopt;
    }
    long number = 0;
    auto const [end, problem] = std::from_chars(text->data(), text->data() + text->size(), number);
    std::string const unit{end, text->data() + text->size()};
    constexpr long most = 24L * 3600 * 1000;
    long const factor = unit == "ms" ? 1 : unit == "s" ? 1000 : unit == "min" ? 60000 : 0;
    if (problem != std::errc{} || factor == 0 || number < 1 || number > most / factor) {
        throw usage_error{m_name + ": --" + option + " is '" + *text + "', which is no duration between 1ms and a day",
                          "write a whole number and ms, s or min: 5s"};
    }
    return std::chrono::milliseconds{number * factor};
}

std::string command_line::environment_name() const
{
    auto name = required("environment");
    if (!is_environment_name(name)) {
        throw usage_error{m_name + ": --environment is " + shown(name) + ", which is no name for an environment",
                          "write letters, digits, _ and -, a letter first: prod"};
    }
    return name;
}

commands::connection_guards command_line::guards() const
{
    commands::connection_guards chosen;
    chosen.database = optional("expect-database");
    if (chosen.database && chosen.database->empty()) {
        throw usage_error{m_name + ": --expect-database is empty"};
    }
    chosen.system_identifier = optional("expect-system-identifier");
    if (chosen.system_identifier && (chosen.system_identifier->empty() ||
                                     chosen.system_identifier->find_first_not_of("0123456789") != std::string::npos)) {
        throw usage_error{m_name + ": --expect-system-identifier is no number",
                          "ask the server: SELECT system_identifier FROM pg_control_system()"};
    }
    chosen.is_protected = has("protected");
    if (auto const rule = one_of("tls")) {
        using commands::tls_rule;
        chosen.tls = *rule == "warn" ? tls_rule::warn : *rule == "require" ? tls_rule::require : tls_rule::off;
    }
    return chosen;
}

commands::connection_options command_line::connection() const
{
    take_trusted_key();
    commands::connection_options chosen;
    chosen.environment = environment_name();
    chosen.guards = guards();
    chosen.wait_for = duration("wait-for").value_or(chosen.wait_for);
    chosen.url_variable = variable("url-variable");
    if (has("url-variable") == has("local")) {
        throw usage_error{m_name + ": give one of --url-variable and --local"};
    }
    if (auto const folder = optional("local")) {
        chosen.local = *folder;
    }
    if (chosen.local && !has("database")) {
        throw usage_error{m_name + ": --local needs --database, the name of the database on that server",
                          "CMake's targets use the name given to pgratchet_add_migrations()"};
    }
    if (auto const name = optional("database")) {
        if (!chosen.local) {
            throw usage_error{m_name + ": --database goes with --local; a connection string names its own"};
        }
        if (name->empty() || name->find('"') != std::string::npos) {
            throw usage_error{m_name + ": --database is '" + *name + "', which is no name for a database"};
        }
        chosen.database = *name;
    }
    if (auto const folder = optional("pg-bindir")) {
        chosen.bindir = *folder;
    }
    return chosen;
}

} // namespace pgratchet::cli
