// SPDX-License-Identifier: Apache-2.0
#include "backup/dump.hpp"

#include "backup/compression.hpp"
#include "backup/partial.hpp"
#include "database/child_connection.hpp"
#include "errors.hpp"
#include "interrupt/interrupt.hpp"
#include "report/progress.hpp"

#include <charconv>
#include <chrono>
#include <sys/statvfs.h>
#include <tuple>

namespace pgratchet::backup {

namespace fs = std::filesystem;

namespace {

using namespace std::chrono_literals;

constexpr auto between_looks = 200ms;

/// pg_dump locks every table for reading, all at once at its start. Behind somebody's ALTER it would wait for ever,
/// and hold up everyone behind it.
constexpr auto lock_wait = "--lock-wait-timeout=300s";

template <typename Number>
Number number(std::string const& text)
{
    Number value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

/// Which database this is, on which cluster: a restore asks for it.
void identify(database::session& on, receipt& about)
{
    auto const row = on.execute("SELECT pg_catalog.current_database(), d.oid, pg_catalog.pg_database_size(d.oid) "
                                "FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()")
                         .at(0);
    about.database = row.at(0).value();
    about.database_oid = number<std::uint32_t>(row.at(1).value());
    about.database_bytes = number<std::uint64_t>(row.at(2).value());
    about.server_version = on.server_version();
    try {
        about.system_identifier =
            on.execute("SELECT system_identifier FROM pg_catalog.pg_control_system()").at(0).at(0).value();
    } catch (database::sql_error const& problem) {
        if (problem.sqlstate() != "42501") { // some managed servers do not let everyone read it
            throw;
        }
    }
}

void demand_space(fs::path const& folder, receipt const& about)
{
    struct statvfs system = {};
    if (::statvfs(folder.c_str(), &system) != 0) {
        return; // it cannot be told; a full disk is still noticed
    }
    auto const free = static_cast<std::uint64_t>(system.f_bavail) * system.f_frsize;
    if (free < about.database_bytes) {
        throw backup_failed{folder.string() + " has " + report::readable_bytes(free) + " free, and the database " +
                                about.database + " has " + report::readable_bytes(about.database_bytes),
                            "make room or name another folder: --backup-dir DIR; a dump is often a good deal smaller "
                            "than its database: --no-space-check tries it"};
    }
}

database::command dump_command(dump_programs const& programs, dump_settings const& how, compression const& packed,
                               partial const& archive)
{
    database::command what;
    what.arguments = {programs.pg_dump.string(),
                      "--format=" + std::string{name_of(how.format)},
                      "--file=" + archive.path().string(),
                      compress_argument(packed, programs),
                      "--no-password",
                      lock_wait};
    if (how.format == archive_format::directory) {
        what.arguments.push_back("--jobs=" + std::to_string(how.jobs));
    }
    what.input = archive.lock();
    return what;
}

backup_failed dump_failure(database::outcome const& ended, database::child_connection const& connection)
{
    constexpr int killed = 128;
    auto said = connection.hide(ended.output);
    said.erase(said.find_last_not_of(" \r\n") + 1);
    auto const how = ended.exit_status > killed ? "was killed by signal " + std::to_string(ended.exit_status - killed)
                                                : "failed with exit status " + std::to_string(ended.exit_status);
    return backup_failed{"pg_dump " + how + (said.empty() ? "" : ": " + said)};
}

/// Runs pg_dump to its end.
void run_dump(database::session const& on, database::command const& what, partial const& archive, observer const& watch)
{
    auto const connection = on.for_child("pgratchet backup");
    database::child running{connection.apply_to(what)};
    for (;;) {
        auto const ended = running.wait(between_looks);
        interrupt::check();
        if (ended && ended->exit_status != 0) {
            interrupt::sleep_for(between_looks); // Ctrl-C reaches pg_dump, too, and perhaps sooner
            throw dump_failure(*ended, connection);
        }
        if (ended) {
            return;
        }
        watch(archive.bytes());
    }
}

} // namespace

found_backup make_backup(database::session& on, dump_settings const& how, occasion const& why, observer const& watch)
{
    constexpr int per_major = 10000; // PQserverVersion
    auto const start = std::chrono::steady_clock::now();
    auto const programs = find_dump_programs(on.server_version() / per_major, how.bindir);
    auto const packed = choose_compression(how.compression, programs);
    receipt about;
    about.format = how.format;
    about.compression = packed.text();
    about.project = why.project;
    about.environment = why.environment;
    about.condition = why.condition;
    about.version = why.version;
    about.accepted_drift = why.accepted_drift;
    about.plan_sha256 = why.plan_sha256;
    about.pg_dump_major = programs.major;
    about.pg_dump_version = programs.version;
    identify(on, about);

    auto const folder = how.folder.has_filename() ? how.folder : how.folder.parent_path(); // no slash at its end
    demand_folder(folder);
    remove_leftovers(folder);
    if (how.check_space) {
        demand_space(folder, about);
    }
    partial archive{folder, why.name, how.format};
    about.archive = archive.final_name();
    about.started = moment_text(archive.started());
    run_dump(on, dump_command(programs, how, packed, archive), archive, watch);
    archive.flush();
    auto const look = [&] {
        interrupt::check();
        watch(archive.bytes());
    };
    auto const written = digest_of(archive.path(), look);
    if (written.bytes == 0) {
        throw backup_failed{"pg_dump says that it is done, and wrote nothing"};
    }
    std::ignore = contents_of(archive.path(), programs.pg_restore);
    about.bytes = written.bytes;
    about.sha256 = written.sha256;
    about.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    about.finished = moment_text(std::chrono::system_clock::now());
    interrupt::check();
    return {archive.keep(about), about};
}

} // namespace pgratchet::backup
