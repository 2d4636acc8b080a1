// SPDX-License-Identifier: Apache-2.0
#include "commands/rehearse.hpp"

#include "apply/deployer_lock.hpp"
#include "backup/archive.hpp"
#include "commands/pending.hpp"
#include "commands/rehearsed.hpp"
#include "commands/restored_state.hpp"
#include "commands/shadow_for.hpp"
#include "execute/clean_session.hpp"
#include "interrupt/interrupt.hpp"
#include "plan/accepted.hpp"
#include "report/progress.hpp"
#include "report/receipt.hpp"
#include "restore/archived.hpp"
#include "restore/load.hpp"

#include <cstdio>
#include <exception>
#include <spdlog/spdlog.h>
#include <string_view>
#include <tuple>
#include <utility>

namespace pgratchet::commands {

namespace {

using std::chrono::steady_clock;

constexpr auto rehearse_application = "pgratchet rehearse";

struct chosen_backup {
    backup::found_backup found;
    bool is_of_now = false;
};

/// The one that is named, the newest, or one that is made now.
chosen_backup choose_backup(rehearse_options const& chosen, plan_source const& source)
{
    if (chosen.from) {
        return {backup::open_backup(*chosen.from)};
    }
    auto const folder = backup_folder(chosen.backups.folder,
                                      chosen.receipts.value_or(report::default_receipts_folder()), chosen.environment);
    std::vector<std::string> complaints;
    auto all = chosen.new_backup ? std::vector<backup::found_backup>{}
                                 : backup::backups_in(folder, source.project, chosen.environment, &complaints);
    for (auto const& one : complaints) {
        spdlog::warn("warning: {}", one);
    }
    if (!all.empty()) {
        return {std::move(all.back())};
    }
    if (!chosen.connection) {
        throw usage_error{"rehearse: there is no backup of " + chosen.environment + " in " + folder.string(),
                          "name one: --from FILE; or say where " + chosen.environment +
                              " is, and one is made: --url-variable VAR"};
    }
    backup_options how;
    how.plan = chosen.plan;
    how.connection = *chosen.connection;
    how.receipts = chosen.receipts;
    how.how = chosen.backups;
    return {backup_now(how, source), true};
}

class rehearsal {
public:
    rehearsal(rehearse_options const& chosen, plan_source source)
        : m_chosen{chosen}, m_source{std::move(source)}, m_taken{choose_backup(chosen, m_source)},
          m_program{backup::find_pg_restore(m_backup.about.pg_dump_major, chosen.bindir)}, m_name{"the rehearsal of " +
                                                                                                  chosen.environment}
    {
        demand_known_version(m_source, m_backup);
    }

    exit_code run()
    {
        auto const untouched = m_chosen.environment + " was not touched";
        try {
            carry_out();
            return exit_code::done;
        } catch (interrupt::interrupted const& asked) {
            throw asked.with(untouched);
        } catch (report::diagnosed const& failed) {
            auto what = failed.what_and_where();
            what.details.push_back(untouched);
            throw report::diagnosed{failed.code(), std::move(what)};
        }
    }

private:
    void carry_out()
    {
        look_whether_it_is_of_now();
        m_progress.started("checking " + m_backup.about.archive);
        backup::verify(m_backup, m_program, [] { interrupt::check(); });
        m_progress.finished();
        auto const original = restore::read_archived(backup::schema_of(m_backup, m_program));
        demand_space();
        auto const place = open(original);
        load(*place);
        copy_settings(*place, original);
        auto const session = place->connect(rehearse_application);
        apply::deployer_lock const lock{*session, std::chrono::seconds{10}, [](std::string const&) {
                                        }};
        execute::clean_session(*session, m_source.compiled.search_path);
        m_source.compiled = seen_by(*session, std::move(m_source.compiled));
        demand_state_of_receipt(*session, m_source, m_backup);
        m_progress.started("ANALYZE");
        session->execute("ANALYZE");
        m_progress.finished();
        apply_pending(*session, *place);
    }

    /// Said before the hours that a restore may take, and again with the result.
    void look_whether_it_is_of_now()
    {
        if (m_taken.is_of_now || !m_chosen.connection) {
            return;
        }
        m_gone_on = gone_on(*m_chosen.connection, m_source, m_backup.about);
        if (!m_gone_on) {
            return;
        }
        auto const state = state_of(m_backup.about);
        auto const begin = state == "empty" ? "the empty database" : state;
        spdlog::warn("warning: the backup is of {}, and {}: the rehearsal begins at {}, and what was written since is "
                     "not in it",
                     begin, *m_gone_on, begin);
        spdlog::warn("hint: to rehearse on what is there now, make a new one: build backup_{} before, or --new-backup",
                     m_chosen.environment);
    }

    [[nodiscard]] std::string without_what_came_since() const
    {
        return m_gone_on ? "; " + *m_gone_on + ", with data that is not in this backup" : "";
    }

    /// A private server is on this disk; where a named one has its data cannot be seen.
    void demand_space() const
    {
        std::error_code problem;
        if (!m_chosen.data_dir) {
            return;
        }
        std::filesystem::create_directories(*m_chosen.data_dir, problem);
        auto const free = std::filesystem::space(*m_chosen.data_dir, problem).available;
        if (!problem && free < m_backup.about.database_bytes) {
            throw backup_failed{m_chosen.data_dir->string() + " has " + report::readable_bytes(free) +
                                    " free, and the database takes about " +
                                    report::readable_bytes(m_backup.about.database_bytes),
                                "make room, or name another folder: --data-dir DIR"};
        }
    }

    /// An empty database like the one that was dumped, with all roles that the archive or a migration names.
    [[nodiscard]] std::unique_ptr<compile::shadow> open(restore::archived const& original) const
    {
        auto options = shadow_for(m_chosen.data_dir, m_chosen.bindir, m_chosen.shadow_url_variable);
        auto named = original.roles;
        named.insert(m_source.compiled.roles.begin(), m_source.compiled.roles.end());
        options.roles.assign(named.begin(), named.end());
        options.quiet = true;
        auto plain = options;
        if (!original.options.empty()) {
            options.creation = original.options;
        }
        try {
            return open_shadow(std::move(options), m_chosen.shadow_url_variable);
        } catch (database::sql_error const& problem) {
            spdlog::warn("warning: the server of the rehearsal cannot make a database with {}: {}", original.options,
                         problem.what());
            spdlog::warn("hint: text may sort and compare otherwise there; rehearse on a server that has the locale");
            return open_shadow(std::move(plain), m_chosen.shadow_url_variable);
        }
    }

    /// Sessions that begin from now on have them.
    static void copy_settings(compile::shadow& place, restore::archived const& original)
    {
        for (auto const& one : original.settings) {
            auto const alter = "ALTER DATABASE " + database::quoted_name(place.database()) + " ";
            auto const do_without = [&](std::exception const& problem) {
                spdlog::warn("warning: the database of the rehearsal has not the setting {}: {}", one, problem.what());
            };
            try {
                place.session().execute(alter + one);
                std::ignore = place.connect(rehearse_application); // one that names a library may keep everybody out
            } catch (database::sql_error const& problem) {
                do_without(problem);
            } catch (database::connection_lost const& problem) {
                do_without(problem);
                auto const name = one.substr(0, one.find(" TO ")).substr(std::string_view{"SET "}.size());
                place.session().execute(alter + "RESET " + name);
            }
        }
    }

    void load(compile::shadow& place)
    {
        auto const start = steady_clock::now();
        m_progress.started("restoring " + m_backup.about.archive);
        restore::load(place.session(), place.database(), m_backup, m_program, {m_chosen.jobs, false}, [] {});
        m_progress.finished();
        m_progress.make_room();
        spdlog::info("{} of the database {}, made at {}, is restored for a rehearsal, in {}", m_backup.about.archive,
                     m_backup.about.database, m_backup.about.started, report::readable(steady_clock::now() - start));
    }

    [[nodiscard]] located locate(database::session& on) const
    {
        auto const& about = m_backup.about;
        auto const assumed = about.version ? plan::index_of(m_source.compiled, *about.version) : std::nullopt;
        auto at = locate_environment(on, m_source.compiled, plan::accepting(about.accepted_drift, m_source.compiled),
                                     assumed);
        auto const is_cut_off = at.found.is == plan::condition::partial &&
                                m_source.compiled.migrations[at.found.version].mode == script::transaction_mode::none;
        if (at.found.is != plan::condition::applied && at.found.is != plan::condition::empty && !is_cut_off) {
            throw state_refused{"the backup is at no version of the plan (" + std::string{plan::name_of(at.found.is)} +
                                    "), so nothing can be applied to it",
                                "name another backup: --from FILE; or make one when " + m_chosen.environment +
                                    " is at a version"};
        }
        return at;
    }

    void apply_pending(database::session& on, compile::shadow const& place)
    {
        auto const& compiled = m_source.compiled;
        auto at = locate(on);
        auto const from = at.found.version;
        auto const newest = compiled.migrations.size();
        if (from == newest) {
            spdlog::info("nothing is pending after {}{}", plan::version_name(compiled, from),
                         without_what_came_since());
            return;
        }
        table_files before;
        auto next = from;
        run_pending(
            {on,
             m_source,
             at,
             {.one_by_one = true, .plans_foreign_rows = true, .another_run_follows = false},
             m_name,
             on.role(),
             m_progress,
             [&] { return place.connect(rehearse_application); },
             [&] {
                 before = files_of_tables(on);
                 add_foreign_rows_here(on, m_source, ++next);
             },
             [&](finished_migration const& one) {
                 m_progress.make_room();
                 std::fputs(
                     rehearsed_in_words(compiled.migrations[one.k - 1], one, before, files_of_tables(on)).c_str(),
                     stdout);
                 std::fflush(stdout);
             }},
            newest);
        spdlog::info("{} went through, from {} to {}; {} was not touched{}", m_name, plan::version_name(compiled, from),
                     plan::version_name(compiled, newest), m_chosen.environment, without_what_came_since());
    }

    rehearse_options const& m_chosen;
    plan_source m_source; ///< from the copy on, as the session's user there sees it
    chosen_backup m_taken;
    backup::found_backup const& m_backup = m_taken.found;
    backup::restore_program m_program;
    std::string m_name;
    std::optional<std::string> m_gone_on; ///< where the environment is, if not where the backup is
    report::progress m_progress;
};

} // namespace

exit_code rehearse(rehearse_options const& chosen)
{
    auto const source = load_plan(chosen.plan);
    return rehearsal{chosen, source}.run();
}

} // namespace pgratchet::commands
