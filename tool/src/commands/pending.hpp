// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "apply/run.hpp"
#include "commands/located.hpp"
#include "commands/plan_source.hpp"
#include "database/session.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace pgratchet::commands {

/// A migration that was run.
struct finished_migration {
    std::size_t k = 0;                ///< counted from 1
    std::size_t landed = 0;           ///< so many of its statements had been run before, by a run that was cut off
    std::vector<apply::timing> times; ///< of those that followed
    std::chrono::steady_clock::duration took{}; ///< with proof and commit
};

/// A run of pending migrations, one after the other, on a session that holds the deployer lock.
struct pending_run {
    database::session& on;
    plan_source const& source;
    located& at; ///< what is live in it is taken
    apply::settings how;
    std::string environment; ///< for messages: "prod"
    std::string role;        ///< likewise, as whom the files run
    report::progress& progress;
    /// Makes another connection of the same kind, or throws connection_lost at once.
    std::function<std::unique_ptr<database::session>()> reconnect;
    std::function<void()> before; ///< called before each migration; may be empty
    /// Told of each: before the next begins if there is a `before`, or else as soon as the server works on the next.
    /// The session is not to be used in it, then.
    std::function<void(finished_migration const&)> done;
};

/// Runs what follows on the located version, up to `target`. Throws what run_migration() throws; what was done before
/// stays, and has been told.
void run_pending(pending_run const&, std::size_t target);

} // namespace pgratchet::commands
