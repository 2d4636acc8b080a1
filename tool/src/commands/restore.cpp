// SPDX-License-Identifier: Apache-2.0
#include "commands/restore.hpp"

#include "apply/deployer_lock.hpp"
#include "backup/partial.hpp"
#include "commands/apply_refusals.hpp"
#include "commands/lock_watch.hpp"
#include "commands/plan_source.hpp"
#include "commands/restored_state.hpp"
#include "execute/clean_session.hpp"
#include "interrupt/interrupt.hpp"
#include "report/progress.hpp"
#include "report/receipt.hpp"
#include "restore/load.hpp"
#include "restore/names.hpp"
#include "restore/new_database.hpp"
#include "restore/original.hpp"
#include "restore/properties.hpp"
#include "restore/refusals.hpp"
#include "restore/swap.hpp"

#include <cstdio>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

namespace pgratchet::commands {

namespace {

using std::chrono::steady_clock;

constexpr auto restore_application = "pgratchet restore";
constexpr auto unchanged = "; nothing was changed";

/// What goes wrong between the first refusal and the swap is why the restore failed, and has changed nothing.
template <typename Step>
void as_part_of_a_restore(Step const& step)
{
    try {
        step();
    } catch (backup_failed const& problem) {
        throw backup_failed{problem.what() + std::string{unchanged}, problem.hint()};
    } catch (database::sql_error const& problem) {
        throw backup_failed{std::string{problem.what()} + " [" + problem.sqlstate() + "]" + unchanged};
    } catch (database::connection_lost const& problem) {
        throw backup_failed{problem.what() + std::string{unchanged}};
    }
}

class restoration {
public:
    restoration(restore_options const& chosen, plan_source const& source, environment const& where,
                backup::found_backup const& from)
        : m_chosen{chosen}, m_source{source}, m_where{where}, m_from{from}, m_program{backup::find_pg_restore(
                                                                                from.about.pg_dump_major,
                                                                                where.bindir())}
    {
    }

    exit_code run()
    {
        auto const session = m_where.connect(restore_application);
        try {
            refuse_poolers(*session);
            apply::deployer_lock const lock{*session, m_chosen.patience, [](std::string const& holder) {
                                                spdlog::info("waiting for another deployer: {}", holder);
                                            }};
            execute::clean_session(*session, "pg_catalog");
            m_old = restore::read_original(*session);
            refuse(*session);
            as_part_of_a_restore([&] { carry_out(*session); });
        } catch (interrupt::interrupted const& asked) {
            throw asked.with("nothing was changed"); // it is held off from the swap on
        }
        tell();
        return exit_code::done;
    }

private:
    void refuse_poolers(database::session& on)
    {
        demand_primary(on, m_where);
        auto const pid = on.execute("SELECT pg_catalog.pg_backend_pid()").at(0).at(0).value();
        if (pid != std::to_string(on.backend_pid())) {
            throw configuration_error{"the connection goes through a pooler, which keeps sessions with the database "
                                      "open and knows no new one",
                                      "give the address of the server itself"};
        }
    }

    /// All that can be known before anything is done.
    void refuse(database::session& on)
    {
        if (!m_chosen.from_another_database) {
            restore::demand_own_backup(m_from.about, m_old, m_where.name());
        }
        restore::demand_replaceable(on, m_old);
        restore::demand_rights(on, m_old);
        if (m_chosen.check_space && !restore::demand_space(m_old, m_from.about)) {
            spdlog::info("whether the server's disk has room for a second database of {} cannot be seen from here",
                         report::readable_bytes(std::max(m_old.bytes, m_from.about.bytes)));
        }
        name_databases(on);
        report::demand_receipts_folder(receipts_folder(), m_where.name());
        m_admin = restore::maintenance_session(on, m_old, m_connect);
        execute::clean_session(*m_admin, "pg_catalog", {{"lock_timeout", "30s"}});
    }

    void name_databases(database::session& on)
    {
        auto const moment = backup::moment_text(std::chrono::system_clock::now());
        m_new_name = restore::derived_name(m_old.name, "restoring", moment);
        m_keep_as = m_chosen.keep_as.value_or(restore::derived_name(m_old.name, "before", moment));
        for (auto const& name : {m_new_name, m_keep_as}) {
            if (!on.execute("SELECT FROM pg_catalog.pg_database WHERE datname = " + on.quote(name)).empty()) {
                throw state_refused{"there is a database " + name + " already" + unchanged,
                                    "name another one: --keep-as NAME"};
            }
        }
        auto const left = restore::start_of_derived_name(m_old.name, "restoring");
        for (auto const& row :
             on.execute("SELECT datname FROM pg_catalog.pg_database WHERE pg_catalog.left(datname, " +
                        std::string{"pg_catalog.length("} + on.quote(left) + ")) = " + on.quote(left))) {
            spdlog::warn("warning: a restore that was killed left the database {}", row.at(0).value());
            spdlog::warn("hint: DROP DATABASE {};", database::quoted_name(row.at(0).value()));
        }
    }

    void carry_out(database::session& on)
    {
        lock_watch old_lock{on, "pg_restore"};
        step("verifying " + m_from.archive.filename().string());
        backup::verify(m_from, m_program, [&] {
            interrupt::check();
            old_lock.look();
        });
        restore::new_database fresh{*m_admin, m_connect, m_old, m_new_name};
        fill(fresh, old_lock);
        step("taking the place of " + m_old.name);
        auto const helper = m_connect(fresh.maintenance_database());
        execute::clean_session(*helper, "pg_catalog", {{"lock_timeout", "30s"}});
        restore::swap(*m_admin, *helper, m_connect, m_old, fresh, m_keep_as);
        m_progress.finished();
        m_progress.make_room();
    }

    /// Makes the new database what the old one is to become. Its sessions are gone at the end.
    void fill(restore::new_database const& fresh, lock_watch& old_lock)
    {
        restore::database_id const from{m_old.name, m_old.oid};
        restore::database_id const to{fresh.name(), fresh.oid()};
        auto const session = m_connect(fresh.name());
        if (session->execute("SELECT oid FROM pg_catalog.pg_database WHERE datname = "
                             "pg_catalog.current_database()")[0][0] != fresh.oid()) {
            throw backup_failed{"the connection string leads to another server now"};
        }
        execute::clean_session(*session, m_source.compiled.search_path, {{"lock_timeout", "0"}});
        apply::deployer_lock const lock{*session, m_chosen.patience, [](std::string const&) {
                                        }};
        lock_watch new_lock{*session, "pg_restore"};
        restore::copy_privileges(*m_admin, from, to);
        restore::try_settings(*m_admin, from, to);
        step("pg_restore");
        restore::load(*session, fresh.name(), m_from, m_program, {m_chosen.jobs}, [&] {
            show_size(fresh);
            old_lock.look();
            new_lock.look();
        });
        step("comparing it with the receipt");
        demand_state_of_receipt(*session, m_source, m_from);
        restore::copy_settings(*m_admin, from, to);
        step("ANALYZE");
        session->execute("ANALYZE");
        m_progress.finished();
    }

    void step(std::string const& what) { m_progress.started("restore of " + m_where.name() + ": " + what); }

    void show_size(restore::new_database const& fresh)
    {
        using namespace std::chrono_literals;
        if (steady_clock::now() < m_next_size) {
            return;
        }
        m_next_size = steady_clock::now() + 1s;
        auto const size = m_admin->execute("SELECT pg_catalog.pg_database_size(" + fresh.oid() + "::oid)")[0][0];
        m_progress.reached(report::readable_bytes(std::stoull(size.value())) + " restored");
    }

    void tell()
    {
        auto const took = steady_clock::now() - m_start;
        nlohmann::ordered_json receipt{{"did", "restore"},
                                       {"archive", std::filesystem::absolute(m_from.archive).string()},
                                       {"sha256", m_from.about.sha256},
                                       {"state", state_of(m_from.about)},
                                       {"pg_restore", m_program.version},
                                       {"seconds", std::chrono::duration<double>(took).count()},
                                       {"kept_as", m_keep_as},
                                       {"database", m_old.name},
                                       {"role", m_old.role},
                                       {"project", m_source.project}};
        if (!m_old.system_identifier.empty()) {
            receipt["system_identifier"] = m_old.system_identifier;
        }
        auto const state = state_of(m_from.about);
        spdlog::info("{} is {} again, as in {} ({})", m_where.name(), state == "empty" ? state : "at " + state,
                     m_from.archive.filename().string(), report::readable(took));
        spdlog::info("the database as it was before is kept as {}, closed to connections", m_keep_as);
        spdlog::info("hint: when nobody needs it any more, in another database: DROP DATABASE {};",
                     database::quoted_name(m_keep_as));
        std::puts(m_keep_as.c_str());
        std::fflush(stdout);
        report::write_receipt(receipts_folder(), m_where.name(), receipt);
    }

    [[nodiscard]] std::filesystem::path receipts_folder() const
    {
        return m_chosen.receipts.value_or(report::default_receipts_folder());
    }

    restore_options const& m_chosen;
    plan_source const& m_source;
    environment const& m_where;
    backup::found_backup const& m_from;
    backup::restore_program m_program;
    database::connector m_connect{[this](std::string const& database) {
        return m_where.connect_to(database, restore_application);
    }};
    restore::original m_old;
    std::unique_ptr<database::session> m_admin; ///< with another database
    std::string m_new_name;
    std::string m_keep_as;
    report::progress m_progress;
    steady_clock::time_point m_start = steady_clock::now();
    steady_clock::time_point m_next_size;
};

} // namespace

exit_code restore(restore_options const& chosen)
{
    auto const source = load_plan(chosen.plan);
    auto const from = backup::open_backup(chosen.from);
    demand_known_version(source, from);
    environment const where{chosen.connection, source.compiled.roles};
    return restoration{chosen, source, where, from}.run();
}

} // namespace pgratchet::commands
