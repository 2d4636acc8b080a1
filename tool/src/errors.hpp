// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <stdexcept>
#include <string>

namespace pgratchet {

/// The stable exit codes of the executor, tested by tests/cli. CTest treats 77 as "skipped".
enum class exit_code : int {
    done = 0,
    usage = 1,
    configuration = 2,
    state_refused = 3,
    sql_failed = 4,
    locked = 5,
    in_doubt = 6,
    backup_failed = 7,
    internal = 12,
    skipped = 77,
    hung_up = 129,     ///< 128 + SIGHUP, as a shell counts
    interrupted = 130, ///< 128 + SIGINT
    terminated = 143,  ///< 128 + SIGTERM
};

/// Anything that ends a command other than well. The message is lowercase without a full stop;
/// the hint says what to do next. `main` is the one catch site that turns it into an exit code.
class failure : public std::runtime_error {
public:
    failure(exit_code code, std::string const& message, std::optional<std::string> hint = std::nullopt)
        : std::runtime_error{message}, m_code{code}, m_hint{std::move(hint)}
    {
    }

    [[nodiscard]] exit_code code() const noexcept { return m_code; }
    [[nodiscard]] std::optional<std::string> const& hint() const noexcept { return m_hint; }

private:
    exit_code m_code;
    std::optional<std::string> m_hint;
};

/// Thrown when the command line itself is wrong.
class usage_error : public failure {
public:
    explicit usage_error(std::string const& message, std::optional<std::string> hint = std::nullopt)
        : failure{exit_code::usage, message, std::move(hint)}
    {
    }
};

/// Thrown when a file, a variable, a program or a connection that the command needs is missing or unfit.
class configuration_error : public failure {
public:
    explicit configuration_error(std::string const& message, std::optional<std::string> hint = std::nullopt)
        : failure{exit_code::configuration, message, std::move(hint)}
    {
    }
};

/// Thrown when the state of the environment or of the plan forbids going on: drift, partial,
/// ambiguous, stale plan, tampered file. Nothing was changed.
class state_refused : public failure {
public:
    explicit state_refused(std::string const& message, std::optional<std::string> hint = std::nullopt)
        : failure{exit_code::state_refused, message, std::move(hint)}
    {
    }
};

/// Thrown when another deployer holds the lock, or lock timeouts ran out.
class lock_unavailable : public failure {
public:
    explicit lock_unavailable(std::string const& message, std::optional<std::string> hint = std::nullopt)
        : failure{exit_code::locked, message, std::move(hint)}
    {
    }
};

/// Thrown when COMMIT was sent, no answer came, and neither the server nor the catalog can say what became of it.
class commit_in_doubt : public failure {
public:
    explicit commit_in_doubt(std::string const& message, std::optional<std::string> hint = std::nullopt)
        : failure{exit_code::in_doubt, message, std::move(hint)}
    {
    }
};

/// Thrown when a backup or a restore failed. A backup that failed leaves nothing that looks like one, a restore that
/// failed has changed nothing.
class backup_failed : public failure {
public:
    explicit backup_failed(std::string const& message, std::optional<std::string> hint = std::nullopt)
        : failure{exit_code::backup_failed, message, std::move(hint)}
    {
    }
};

} // namespace pgratchet
