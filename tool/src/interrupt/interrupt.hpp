// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "errors.hpp"

#include <chrono>
#include <string>

namespace pgratchet::interrupt {

/// Thrown once where a command is asked to end early: by SIGINT, SIGTERM or SIGHUP, or because the build that started
/// it is gone. Its exit code is 128 + the signal's number, as shells count. What catches it rolls back and says which
/// state is left; the calls that do so are not disturbed.
class interrupted : public failure {
public:
    interrupted(int signal, std::string const& why)
        : failure{static_cast<exit_code>(128 + signal), why}, m_signal{signal}
    {
    }

    /// The same, with the state that is left.
    [[nodiscard]] interrupted with(std::string const& state) const { return {m_signal, what() + ("; " + state)}; }

private:
    int m_signal;
};

/// Throws interrupted if the command is asked to end and has not been told yet. To be called where it can end well;
/// every statement that a session sends begins with it.
void check();

/// As check(), without throwing.
[[nodiscard]] bool is_asked() noexcept;

/// Sleeps; throws interrupted as soon as the command is asked to end.
void sleep_for(std::chrono::milliseconds);

/// As long as it lives, what this thread waits for is cancelled when the command is asked to end, and again until it
/// gives up: what is cancelled may have just ended, with the next thing on its way.
class cancelling {
public:
    /// `cancel` is called from another thread.
    cancelling(void (*cancel)(void*) noexcept, void* of);
    /// Returns when no cancel is under way any more: a late one would hit what comes next.
    ~cancelling();
    cancelling(cancelling const&) = delete;
    cancelling& operator=(cancelling const&) = delete;

private:
    friend struct noted;
    void (*m_cancel)(void*) noexcept;
    void* m_of;
};

/// As long as it lives, nothing is cancelled and check() throws nothing: for a COMMIT, and for what cleans up.
class held_off {
public:
    held_off();
    ~held_off();
    held_off(held_off const&) = delete;
    held_off& operator=(held_off const&) = delete;
};

// ---- For the watch (watch.hpp) ----

/// The command is to end. `why` stands in the message: "interrupted by SIGINT".
void ask(int signal, std::string const& why);

/// Cancels what is waited for. False if nothing was asked, or it has been taken note of.
bool cancel_what_runs();

/// A new watch begins: nothing is asked.
void forget();

} // namespace pgratchet::interrupt
