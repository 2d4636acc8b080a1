// SPDX-License-Identifier: Apache-2.0
#include "commands/apply.hpp"

#include "apply/deployer_lock.hpp"
#include "commands/apply_choice.hpp"
#include "commands/apply_preflight.hpp"
#include "commands/apply_refusals.hpp"
#include "commands/downgrade.hpp"
#include "commands/located.hpp"
#include "commands/pending.hpp"
#include "commands/plan_source.hpp"
#include "commands/state_in_words.hpp"
#include "execute/clean_session.hpp"
#include "interrupt/interrupt.hpp"
#include "report/progress.hpp"
#include "report/receipt.hpp"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>
#include <utility>

namespace pgratchet::commands {

namespace {

class deployment {
public:
    deployment(apply_options const& chosen, plan_source source, environment const& where)
        : m_chosen{chosen}, m_source{std::move(source)}, m_where{where}, m_choice{resolve(chosen, m_source.compiled)},
          m_session{where.connect("pgratchet apply")}
    {
        m_source.compiled = seen_by(*m_session, std::move(m_source.compiled));
    }

    exit_code run()
    {
        try {
            return carry_out();
        } catch (interrupt::interrupted const& asked) { // but not within a migration, which says more
            throw asked.with(m_reached ? plan::stays(m_where.name(), m_source.compiled, *m_reached)
                                       : "nothing was changed");
        }
    }

private:
    exit_code carry_out()
    {
        identify();
        demand_primary(*m_session, m_where);
        apply::refuse_transaction_pooler(*m_session, [&] { return std::move(*m_where.connect("pgratchet apply")); });
        apply::deployer_lock const lock{*m_session, m_chosen.patience, [&](std::string const& holder) {
                                            spdlog::info("waiting for another deployer: {}", holder);
                                        }};
        auto at = locate_environment(*m_session, m_source.compiled, {{}, m_choice.accepted}, m_choice.assumed);
        refuse_downgrade(m_source, at, m_where.name());
        demand_good_state(m_source, m_where, at.found, m_choice);
        for (auto const k : at.found.by_probe) {
            spdlog::info("counts as applied, as a probe says: {}", m_source.compiled.migrations[k - 1].file);
        }
        for (auto const k : not_run_by_probe(*m_session, m_source.compiled, at.found)) {
            spdlog::warn("warning: {}", not_run_in_words(m_source.compiled, k));
            spdlog::warn("hint: has it come in when later ones had run here? give it a number above {}, and it runs",
                         plan::version_name(m_source.compiled, at.found.version));
        }
        if (m_choice.target <= at.found.version) {
            note_decisions(at.found);
            spdlog::info("{} is at {}, nothing is pending", m_where.name(),
                         plan::version_name(m_source.compiled, at.found.version));
            return exit_code::done;
        }
        m_reached = at.found.version;
        prepare(at);
        apply_pending(at);
        return m_chosen.how.dry_run ? exit_code::done : look_again();
    }

    /// For receipts and messages: which database this is, and as whom.
    void identify()
    {
        auto const row = m_session
                             ->execute("SELECT pg_catalog.current_database(), "
                                       "pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE')")
                             .at(0);
        m_database = row[0].value();
        m_role = m_session->role();
        if (row[1] == "t") {
            m_system_identifier =
                m_session->execute("SELECT system_identifier FROM pg_catalog.pg_control_system()").at(0).at(0);
        }
    }

    /// Under the lock and before the first statement of the pending files.
    void prepare(located const& at)
    {
        if (!m_chosen.no_preflight) {
            demand_rights(*m_session, m_source, m_where, at,
                          m_chosen.how.dry_run ? at.found.version + 1 : m_choice.target);
        }
        if (!m_chosen.how.dry_run) {
            report::demand_receipts_folder(receipts_folder(), m_where.name());
            back_up(at.found);
        }
        note_decisions(at.found);
    }

    /// Under the lock, so that no other deployer changes anything between it and the first migration.
    void back_up(plan::state const& found)
    {
        if (!m_chosen.backup) {
            return;
        }
        try {
            take_backup(*m_session, m_source, m_where, found, *m_chosen.backup, receipts_folder());
        } catch (failure const&) {
            spdlog::error("no backup, so no migration was started; {}",
                          plan::stays(m_where.name(), m_source.compiled, found.version));
            throw;
        }
    }

    void note_decisions(plan::state const& found)
    {
        if (found.is_assumed && !m_chosen.how.dry_run) {
            receipt({{"did", "assume"}, {"state", plan::version_name(m_source.compiled, found.version)}});
        }
        for (auto const& one : found.accepted) {
            spdlog::warn("accepted drift: {}", described(one));
            if (!m_chosen.how.dry_run) {
                receipt({{"did", "accept drift"},
                         {"object", one.id.kind + " " + one.id.identity},
                         {"difference", described(one)}});
            }
        }
    }

    void apply_pending(located& at)
    {
        auto const& compiled = m_source.compiled;
        auto const target = m_chosen.how.dry_run ? at.found.version + 1 : m_choice.target;
        if (m_chosen.how.dry_run && compiled.migrations[target - 1].mode == script::transaction_mode::none) {
            throw state_refused{compiled.migrations[target - 1].file +
                                    " has no transaction, so it cannot be played and rolled back",
                                "try it on a copy of the database: pgratchet rehearse"};
        }
        report::progress progress;
        run_pending({*m_session,
                     m_source,
                     at,
                     m_chosen.how,
                     m_where.name(),
                     m_role,
                     progress,
                     [&] { return m_where.connect_once("pgratchet apply"); },
                     {},
                     [&](finished_migration const& one) {
                         progress.make_room();
                         m_chosen.how.dry_run ? played(one) : applied(one);
                     }},
                    target);
    }

    void played(finished_migration const& one) const
    {
        for (auto const& each : one.times) {
            std::printf("%s:%zu: %s: %s\n", each.where.file.c_str(), each.where.line, each.command.c_str(),
                        report::readable(each.took).c_str());
        }
        std::fflush(stdout); // before what is said about it
        spdlog::info("dry run: {} was played to its end, proven and rolled back; {}",
                     m_source.compiled.migrations[one.k - 1].version,
                     plan::stays(m_where.name(), m_source.compiled, one.k - 1));
    }

    void applied(finished_migration const& one)
    {
        auto const& compiled = m_source.compiled;
        m_reached = one.k;
        spdlog::info("applied {} in {}", compiled.migrations[one.k - 1].file, report::readable(one.took));
        receipt({{"did", "apply"},
                 {"migration", compiled.migrations[one.k - 1].file},
                 {"sha256", compiled.migrations[one.k - 1].sha256},
                 {"from", plan::version_name(compiled, one.k - 1)},
                 {"to", plan::version_name(compiled, one.k)},
                 {"seconds", std::chrono::duration<double>(one.took).count()}});
    }

    /// Somebody else may have changed the schema meanwhile.
    exit_code look_again()
    {
        // What is committed when the connection is gone is so all the same. The old session keeps its place: the
        // lock's.
        auto const again =
            m_session->status() == database::transaction_status::unknown ? m_where.connect("pgratchet apply") : nullptr;
        auto& session = again ? *again : *m_session;
        execute::clean_session(session, m_source.compiled.search_path); // the last file may have left a timeout
        auto const now = locate_environment(session, m_source.compiled, {{}, m_choice.accepted}, std::nullopt);
        auto const& fitting = now.found.fitting;
        if (std::find(fitting.begin(), fitting.end(), m_choice.target) == fitting.end()) {
            std::fputs(in_words(m_where.name(), m_source.compiled, now.found).c_str(), stderr);
            throw state_refused{
                "the migrations are applied, and the schema is not what they leave: somebody else changed "
                "it meanwhile, or one of them did more here than when it was compiled",
                "see what is listed above"};
        }
        spdlog::info("{} is at {}", m_where.name(), plan::version_name(m_source.compiled, m_choice.target));
        return exit_code::done;
    }

    void receipt(nlohmann::ordered_json what)
    {
        what["database"] = m_database;
        what["role"] = m_role;
        what["project"] = m_source.project;
        if (m_system_identifier) {
            what["system_identifier"] = *m_system_identifier;
        }
        report::write_receipt(receipts_folder(), m_where.name(), what);
    }

    [[nodiscard]] std::filesystem::path receipts_folder() const
    {
        return m_chosen.receipts.value_or(report::default_receipts_folder());
    }

    apply_options const& m_chosen;
    plan_source m_source; ///< as the session's user sees it
    environment const& m_where;
    apply_choice m_choice;
    std::unique_ptr<database::session> m_session;
    std::string m_database;
    std::string m_role;
    std::optional<std::string> m_system_identifier; ///< of the server; nothing if the role may not ask
    std::optional<std::size_t> m_reached;           ///< the version that the environment is at, once it is known
};

} // namespace

exit_code apply(apply_options const& chosen)
{
    auto const source = load_plan(chosen.plan);
    environment const where{chosen.connection, source.compiled.roles};
    return deployment{chosen, source, where}.run();
}

} // namespace pgratchet::commands
