// SPDX-License-Identifier: Apache-2.0
#include "restore/load.hpp"

#include "database/child_connection.hpp"
#include "database/server_process.hpp"
#include "errors.hpp"
#include "interrupt/interrupt.hpp"
#include "restore/complaints.hpp"

#include <optional>
#include <utility>

namespace pgratchet::restore {

namespace {

using namespace std::chrono_literals;

constexpr auto between_looks = 200ms;

constexpr int per_major = 10000; ///< of PQserverVersion

/// The first major version that knows transaction_timeout: a newer pg_restore sets it, an older server refuses that.
constexpr int knows_transaction_timeout = 17;

bool will_complain(database::session const& into, backup::restore_program const& program)
{
    return program.major >= knows_transaction_timeout && into.server_version() / per_major < knows_transaction_timeout;
}

database::command load_command(std::string const& name, backup::found_backup const& from,
                               backup::restore_program const& program, load_options const& how, bool goes_on)
{
    database::command what;
    what.arguments = {program.pg_restore.string(), "--dbname=dbname=" + database::quoted(name), "--no-password",
                      "--jobs=" + std::to_string(how.jobs)};
    if (!how.with_tablespaces) {
        what.arguments.emplace_back("--no-tablespaces");
    }
    if (!goes_on) {
        what.arguments.emplace_back("--exit-on-error");
    }
    what.arguments.push_back(from.archive.string());
    what.environment["LC_ALL"] = "C"; // see complaints.hpp
    what.unset = {"LANGUAGE"};
    return what;
}

std::optional<std::string> hint_about(backup::found_backup const& from, database::session const& into)
{
    auto const was = from.about.server_version / per_major;
    auto const is = into.server_version() / per_major;
    if (was <= is) {
        return std::nullopt;
    }
    return "the backup is of PostgreSQL " + std::to_string(was) + ", and this server is of " + std::to_string(is) +
           ", which may not know what is in it: take a server that is not older";
}

backup_failed load_failure(database::outcome const& ended, database::child_connection const& connection,
                           std::optional<std::string> hint)
{
    constexpr int killed = 128;
    constexpr std::size_t longest = 3000; // it may have gone on after the first error
    auto said = connection.hide(ended.output);
    if (said.size() > longest) {
        said = said.substr(0, longest) + "...";
    }
    said.erase(said.find_last_not_of(" \r\n") + 1);
    auto const how = ended.exit_status > killed ? "was killed by signal " + std::to_string(ended.exit_status - killed)
                                                : "failed with exit status " + std::to_string(ended.exit_status);
    return backup_failed{"pg_restore " + how + (said.empty() ? "" : ": " + said), std::move(hint)};
}

} // namespace

void load(database::session const& into, std::string const& name, backup::found_backup const& from,
          backup::restore_program const& program, load_options const& how, std::function<void()> const& watch)
{
    auto const goes_on = will_complain(into, program);
    auto const connection = into.for_child("pgratchet restore");
    database::child running{connection.apply_to(load_command(name, from, program, how, goes_on))};
    for (;;) {
        auto const ended = running.wait(between_looks);
        interrupt::check();
        if (!ended) {
            watch();
            continue;
        }
        if (ended->exit_status == 0 ||
            (goes_on && ended->exit_status == 1 && only_about_transaction_timeout(ended->output))) {
            return;
        }
        interrupt::sleep_for(between_looks); // Ctrl-C reaches pg_restore, too, and perhaps sooner
        throw load_failure(*ended, connection, hint_about(from, into));
    }
}

} // namespace pgratchet::restore
