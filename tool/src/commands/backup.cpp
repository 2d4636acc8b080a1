// SPDX-License-Identifier: Apache-2.0
#include "commands/backup.hpp"

#include "apply/deployer_lock.hpp"
#include "commands/apply_refusals.hpp"
#include "commands/downgrade.hpp"
#include "commands/located.hpp"
#include "commands/lock_watch.hpp"
#include "report/progress.hpp"
#include "report/receipt.hpp"

#include <cstdio>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

namespace pgratchet::commands {

namespace {

using plan::condition;

/// "pre-004" before 004; "at-003" where nothing follows yet; where no version can be told, why that is.
std::string name_for(plan::plan const& compiled, plan::state const& found)
{
    if (found.is == condition::drift || found.is == condition::ambiguous) {
        return std::string{plan::name_of(found.is)};
    }
    if (found.version < compiled.migrations.size()) {
        return "pre-" + plan::version_name(compiled, found.version + 1);
    }
    return "at-" + plan::version_name(compiled, found.version);
}

backup::occasion occasion_of(plan_source const& source, environment const& where, plan::state const& found)
{
    backup::occasion made;
    made.project = source.project;
    made.environment = where.name();
    made.condition = plan::name_of(found.is);
    if (found.version > 0 && (found.is == condition::applied || found.is == condition::partial)) {
        made.version = plan::version_name(source.compiled, found.version);
    }
    for (auto const& one : found.accepted) {
        auto name = one.id.kind + " " + one.id.identity;
        if (made.accepted_drift.empty() || made.accepted_drift.back() != name) {
            made.accepted_drift.push_back(std::move(name));
        }
    }
    made.name = name_for(source.compiled, found);
    made.plan_sha256 = source.sha256;
    return made;
}

/// What the server and the file system say about a backup is why that failed, and nothing else.
backup::found_backup made_with(database::session& on, backup::dump_settings const& settings,
                               backup::occasion const& why, report::progress& progress)
{
    lock_watch lock{on, "pg_dump"};
    try {
        return backup::make_backup(on, settings, why, [&](std::uint64_t bytes) {
            progress.reached(report::readable_bytes(bytes) + " written");
            lock.look();
        });
    } catch (database::sql_error const& problem) {
        throw backup_failed{std::string{problem.what()} + " [" + problem.sqlstate() + "]"};
    } catch (database::connection_lost const& problem) {
        throw backup_failed{problem.what()};
    } catch (std::filesystem::filesystem_error const& problem) {
        throw backup_failed{problem.what()};
    }
}

void write_receipt(std::filesystem::path const& receipts, backup::found_backup const& made)
{
    auto const& about = made.about;
    report::write_receipt(receipts, about.environment,
                          {{"did", "backup"},
                           {"archive", std::filesystem::absolute(made.archive).string()},
                           {"sha256", about.sha256},
                           {"bytes", about.bytes},
                           {"state", about.version.value_or(about.condition)},
                           {"pg_dump", about.pg_dump_version},
                           {"seconds", about.seconds},
                           {"database", about.database},
                           {"project", about.project}});
}

} // namespace

std::filesystem::path backup_folder(std::optional<std::filesystem::path> const& chosen,
                                    std::filesystem::path const& receipts, std::string const& environment)
{
    return chosen ? *chosen : receipts / environment / "backups";
}

backup::found_backup take_backup(database::session& on, plan_source const& source, environment const& where,
                                 plan::state const& found, backup_choice const& how,
                                 std::filesystem::path const& receipts)
{
    report::demand_receipts_folder(receipts, where.name());
    backup::dump_settings const settings{backup_folder(how.folder, receipts, where.name()),
                                         how.format,
                                         how.jobs,
                                         how.compression,
                                         where.bindir(),
                                         how.check_space};
    report::progress progress;
    progress.started("backup of " + where.name());
    auto made = made_with(on, settings, occasion_of(source, where, found), progress);
    progress.finished();
    progress.make_room();
    write_receipt(receipts, made);
    spdlog::info("backup of {}: {} ({} in {})", where.name(), made.archive.string(),
                 report::readable_bytes(made.about.bytes),
                 report::readable(std::chrono::duration_cast<std::chrono::steady_clock::duration>(
                     std::chrono::duration<double>(made.about.seconds))));
    return made;
}

backup::found_backup backup_now(backup_options const& chosen, plan_source source)
{
    environment const where{chosen.connection, source.compiled.roles};
    auto const session = where.connect("pgratchet backup");
    source.compiled = seen_by(*session, std::move(source.compiled));
    demand_primary(*session, where);
    apply::refuse_transaction_pooler(*session, [&] { return std::move(*where.connect("pgratchet backup")); });
    apply::deployer_lock const lock{*session, chosen.patience, [](std::string const& holder) {
                                        spdlog::info("waiting for another deployer: {}", holder);
                                    }};
    auto const at = locate_environment(*session, source.compiled, {}, std::nullopt);
    if (at.found.is == condition::drift || at.found.is == condition::ambiguous) {
        spdlog::warn("{} is at no version of the plan ({}); its backup says so", where.name(),
                     plan::name_of(at.found.is));
    }
    if (auto const why = why_too_old(source, at, where.name())) {
        spdlog::warn("warning: {}", *why);
        spdlog::warn("hint: make the backup with the newer bundle: a restore with either one will find that it is not "
                     "what its receipt says");
    }
    return take_backup(*session, source, where, at.found, chosen.how,
                       chosen.receipts.value_or(report::default_receipts_folder()));
}

exit_code backup(backup_options const& chosen)
{
    std::puts(backup_now(chosen, load_plan(chosen.plan)).archive.c_str());
    return exit_code::done;
}

} // namespace pgratchet::commands
