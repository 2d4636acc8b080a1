// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "apply/bodies.hpp"
#include "apply/fate.hpp"
#include "apply/proof.hpp"
#include "catalog/settings.hpp"
#include "database/session.hpp"
#include "plan/plan.hpp"
#include "report/diagnosed.hpp"
#include "report/progress.hpp"
#include "script/script.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace pgratchet::apply {

struct settings {
    std::chrono::milliseconds lock_timeout{5000};
    int lock_retries = 5;
    bool dry_run = false;
    bool one_by_one = false;         ///< each statement is sent when the last is done: so its time is its own
    bool plans_foreign_rows = false; ///< rows of other servers are let be: in a rehearsal
    bool another_run_follows = true; ///< which finds what this one leaves; not so in a rehearsal
};

/// How long a statement took.
struct timing {
    report::location where;
    std::string command;
    std::chrono::steady_clock::duration took{};
};

/// What a run needs and talks to.
struct workplace {
    database::session& session;
    plan::plan const& compiled;
    plan::tolerance const& settled;
    picture& known;
    settings how;
    std::string environment; ///< for messages: "prod"
    std::string role;        ///< as whom the files run, for messages
    report::progress& progress;
    std::function<void(report::diagnostic const&)> say; ///< NOTICEs, with their place
    /// Makes another connection of the same kind, or throws connection_lost at once.
    std::function<std::unique_ptr<database::session>()> reconnect;
    std::function<fitting(database::session&, std::size_t k)> look; ///< is it at k - 1, or at k?
    bodies& routines;                                               ///< for places within them
    /// Called when the server has been given work, once for each attempt at a migration; before a file without a
    /// transaction is begun. The session is not to be used in it.
    std::function<void()> meanwhile;
    bool is_clean = false; ///< the session is as a migration may find it: kept from one to the next
};

/// Applies migration k (counted from 1) whose script is given, on an environment that stands at k - 1; for a
/// migration without a transaction after its first `statements_done` statements. The deployer lock is held.
///
/// A transactional migration is proven before it is committed; when anything is wrong it is rolled back. Throws
/// report::diagnosed (a statement failed, or the effect is another than compiled), lock_unavailable,
/// commit_in_doubt, or connection_lost.
std::vector<timing> run_migration(workplace&, std::size_t k, script::script const&, std::size_t statements_done);

/// The parts of it, by the file's transaction mode.
std::vector<timing> run_in_transaction(workplace&, std::size_t k, script::script const&);
std::vector<timing> run_statements(workplace&, std::size_t k, script::script const&, std::size_t statements_done);

/// What a session that runs migrations is set to, besides what they rely on: how long it waits for locks, and that the
/// backend of a killed executor does not work on (PostgreSQL 14 and later).
[[nodiscard]] catalog::settings session_settings(workplace const&);

/// Runs one statement with progress, notices and timing: `answer` sends it, or waits for the answer if it was sent
/// already. Throws report::diagnosed with the server's error at its place, or lock_timed_out.
timing run_statement(workplace&, std::size_t k, script::script const&, script::statement const&, std::size_t number,
                     std::function<void()> const& answer);

/// Says that a statement is not run, as what it makes is there.
void say_left_out(workplace&, script::statement const&, catalog::object_id const& there);

/// What the server said about a statement of migration k, at its place (execute::diagnose).
[[nodiscard]] report::diagnostic diagnose(workplace&, std::size_t k, script::script const&, script::statement const&,
                                          database::server_message const&);

/// A lock timeout (55P03) or a deadlock (40P01).
[[nodiscard]] bool is_lock_trouble(database::sql_error const&);

/// Thrown inside this room when a statement met a lock timeout or a deadlock: the file may be tried again.
class lock_timed_out : public report::diagnosed {
public:
    explicit lock_timed_out(report::diagnostic what) : diagnosed{exit_code::locked, std::move(what)} {}
};

} // namespace pgratchet::apply
