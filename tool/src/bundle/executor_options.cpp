// SPDX-License-Identifier: Apache-2.0
#include "bundle/executor_options.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <string_view>

namespace pgratchet::bundle {

namespace {

/// Options for one environment; those of a variable that is not set are left out.
class option_line {
public:
    explicit option_line(environment_preset const& of) : m_of{of} {}

    void word(std::string const& option) { m_text += " " + option; }

    void value_of(std::string const& variable, std::string const& option)
    {
        if (auto const value = setting(m_of, variable); !value.empty()) {
            m_text += " " + option + " " + shell_word(value);
        }
    }

    [[nodiscard]] bool is_on(std::string const& variable) const
    {
        auto value = setting(m_of, variable);
        std::transform(value.begin(), value.end(), value.begin(), [](unsigned char c) { return std::toupper(c); });
        return value == "ON" || value == "TRUE" || value == "YES" || value == "1";
    }

    /// Which database, and what makes sure that it is the right one: _pgratchet_read_environment().
    void connection()
    {
        value_of("URL_VARIABLE", "--url-variable");
        value_of("PG_BINDIR", "--pg-bindir");
        if (is_on("PROTECTED")) {
            word("--protected");
        }
        value_of("TLS", "--tls");
        value_of("EXPECT_DATABASE", "--expect-database");
        value_of("EXPECT_SYSTEM_IDENTIFIER", "--expect-system-identifier");
        value_of("WAIT_FOR", "--wait-for");
    }

    /// How and where backups are made: _pgratchet_backup_arguments().
    void backups(std::string const& prefix)
    {
        value_of("BACKUP_DIR", "--backup-dir");
        if (!setting(m_of, "BACKUP_JOBS").empty()) {
            word("--" + prefix + "format directory");
            value_of("BACKUP_JOBS", "--" + prefix + "jobs");
        }
    }

    [[nodiscard]] std::string text() && { return std::move(m_text); }

private:
    environment_preset const& m_of;
    std::string m_text;
};

bool is_safe(std::string_view text)
{
    constexpr std::string_view safe{"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:@%+,"};
    return !text.empty() && text.find_first_not_of(safe) == std::string_view::npos;
}

bool is_variable(std::string_view name)
{
    constexpr std::string_view in_names{"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"};
    return !name.empty() && name.find_first_not_of(in_names) == std::string_view::npos;
}

std::string quoted_literally(std::string_view text)
{
    if (text.empty() || is_safe(text)) {
        return std::string{text};
    }
    std::string word{"'"};
    for (char const c : text) {
        word += c == '\'' ? std::string{"'\\''"} : std::string{c};
    }
    return word + "'";
}

/// What a macro at the start of `text` is in a shell, and how long it is.
struct shell_macro {
    std::string word;
    std::size_t length = 0;
};

std::optional<shell_macro> macro_at(std::string_view text)
{
    static constexpr auto folders = std::to_array<std::pair<std::string_view, std::string_view>>(
        {{"${sourceDir}", "\"$PWD\""}, {"${fileDir}", "\"$PWD\""}, {"${dollar}", "'$'"}});
    for (auto const& [macro, word] : folders) {
        if (text.starts_with(macro)) {
            return shell_macro{std::string{word}, macro.size()};
        }
    }
    for (std::string_view const start : {"$env{", "$penv{"}) {
        auto const end = text.find('}');
        if (text.starts_with(start) && end != std::string_view::npos) {
            auto const name = text.substr(start.size(), end - start.size());
            if (!is_variable(name)) {
                return std::nullopt;
            }
            return shell_macro{"\"${" + std::string{name} + "}\"", end + 1};
        }
    }
    return std::nullopt;
}

} // namespace

std::string setting(environment_preset const& of, std::string const& name)
{
    auto const found = of.variables.find("PGRATCHET_" + name);
    return found == of.variables.end() ? std::string{} : found->second;
}

std::string environment_name(environment_preset const& of)
{
    auto const name = setting(of, "ENVIRONMENT");
    return name.empty() ? of.name : name;
}

std::string shell_word(std::string const& text)
{
    std::string word;
    std::size_t begin = 0; // of what is no macro
    for (auto at = text.find('$'); at != std::string::npos; at = text.find('$', at)) {
        if (auto const macro = macro_at(std::string_view{text}.substr(at))) {
            word += quoted_literally(std::string_view{text}.substr(begin, at - begin)) + macro->word;
            at += macro->length;
            begin = at;
        } else {
            ++at;
        }
    }
    word += quoted_literally(std::string_view{text}.substr(begin));
    return word.empty() ? "''" : word;
}

std::string executor_options(environment_preset const& of, std::string const& command)
{
    option_line options{of};
    options.word("--environment " + shell_word(environment_name(of)));
    if (command != "history") {
        options.connection();
    }
    if (command == "apply") {
        options.value_of("LOCK_TIMEOUT", "--lock-timeout");
        if (setting(of, "BACKUP") == "REQUIRED") {
            options.word("--backup required");
            options.backups("backup-");
        }
    } else if (command == "backup" || command == "rehearse") {
        options.backups("");
    }
    if (command == "restore" || command == "rehearse") {
        options.value_of("BACKUP_JOBS", command == "restore" ? "--jobs" : "--restore-jobs");
    }
    if (command != "status" && command != "verify") {
        options.value_of("RECEIPTS_DIR", "--receipts-dir");
    }
    return std::move(options).text();
}

} // namespace pgratchet::bundle
