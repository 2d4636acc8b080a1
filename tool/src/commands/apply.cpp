// SPDX-License-Identifier: Apache-2.0
#include "commands/apply.hpp"

#include "apply/deployer_lock.hpp"
#include "commands/downgrade.hpp"
#include "commands/located.hpp"
#include "commands/plan_source.hpp"
#include "commands/status.hpp"
#include "execute/clean_session.hpp"
#include "plan/effect.hpp"
#include "report/progress.hpp"
#include "report/receipt.hpp"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

namespace pgratchet::commands {

namespace {

using plan::condition;

std::size_t target_of(apply_options const& chosen, plan::plan const& compiled)
{
    if (!chosen.to) {
        return compiled.migrations.size();
    }
    auto const k = plan::index_of(compiled, *chosen.to);
    if (!k) {
        throw usage_error{"the plan has no migration " + *chosen.to};
    }
    return *k;
}

std::optional<std::size_t> assumed_by(apply_options const& chosen, plan::plan const& compiled)
{
    if (!chosen.assume) {
        return std::nullopt;
    }
    if (*chosen.assume == "empty") {
        return 0;
    }
    auto const k = plan::index_of(compiled, *chosen.assume);
    if (!k) {
        throw usage_error{"the plan has no migration " + *chosen.assume + " to assume"};
    }
    return k;
}

/// The objects that --accept-drift names, by identity alone or as the list of drift prints them, with their kind.
std::set<std::string> accepted_by(apply_options const& chosen, plan::plan const& compiled)
{
    std::set<std::string> accepted;
    auto const known = plan::timelines_of(compiled);
    for (auto const& given : chosen.accepted_drift) {
        auto const before = accepted.size();
        for (auto const& [id, line] : known) {
            if (given == id.identity || given == id.kind + " " + id.identity) {
                accepted.insert(id.identity);
            }
        }
        if (accepted.size() == before && !accepted.contains(given)) {
            throw usage_error{"apply: --accept-drift is '" + given + "', and the plan knows no such object",
                              "write it as status prints it: 'column public.customers.email'"};
        }
    }
    return accepted;
}

/// Throws state_refused unless the environment stands where a migration can follow.
void demand_good_state(plan_source const& source, environment const& where, plan::state const& found,
                       std::optional<std::size_t> assumed)
{
    auto const refuse = [&](std::string const& why, std::string const& hint) {
        std::fputs(in_words(where.name(), source.compiled, found).c_str(), stderr);
        return state_refused{why + "; nothing was changed", hint};
    };
    switch (found.is) {
    case condition::drift:
        throw refuse(
            where.name() + " has drifted from the plan",
            "was an applied file edited? undo that, and write the next one; else bring the listed objects back, or "
            "name those that do not matter: --accept-drift IDENTITY");
    case condition::ambiguous:
        throw refuse("which version " + where.name() + " is at cannot be told from its schema", "say it: --assume NNN");
    case condition::partial:
        if (source.compiled.migrations[found.version].mode == script::transaction_mode::wrapped) {
            throw refuse("a part of " + plan::version_name(source.compiled, found.version + 1) + " is there already",
                         "was it run by hand, without its transaction? finish it by hand, or take its part back");
        }
        break;
    case condition::empty:
    case condition::applied:
        if (assumed && *assumed != found.version) {
            throw refuse("the schema of " + where.name() + " is that of " +
                             plan::version_name(source.compiled, found.version) + ", which --assume contradicts",
                         "--assume settles an ambiguity, it does not override the catalog");
        }
        break;
    }
}

/// A pending file may pass by accepted drift only if it leaves the object alone.
void demand_untouched(plan_source const& source, plan::state const& found, std::size_t to)
{
    std::set<std::string> accepted;
    for (auto const& one : found.accepted) {
        accepted.insert(one.id.identity);
    }
    for (auto k = found.version + 1; k <= to; ++k) {
        for (auto const& one : source.compiled.migrations[k - 1].changes) {
            if (accepted.contains(one.id.identity) || (one.after && accepted.contains(one.after->root))) {
                throw state_refused{source.compiled.migrations[k - 1].file + " works on " + one.id.kind + " " +
                                        one.id.identity + ", whose drift cannot be accepted then; nothing was changed",
                                    "bring the object back to what the plan expects first"};
            }
        }
    }
}

class deployment {
public:
    deployment(apply_options const& chosen, plan_source const& source, environment const& where)
        : m_chosen{chosen}, m_source{source}, m_where{where}, m_session{where.connect("pgratchet apply")}
    {
    }

    exit_code run()
    {
        m_database = m_session->execute("SELECT pg_catalog.current_database()").at(0).at(0).value();
        if (m_session->execute("SELECT pg_catalog.pg_is_in_recovery()").at(0).at(0) == "t") {
            throw configuration_error{m_where.name() + " is a standby, which takes no changes",
                                      "give the address of the primary"};
        }
        apply::refuse_transaction_pooler(*m_session, [&] { return std::move(*m_where.connect("pgratchet apply")); });
        apply::deployer_lock const lock{*m_session, m_chosen.patience, [&](std::string const& holder) {
                                            spdlog::info("waiting for another deployer: {}", holder);
                                        }};
        auto const& compiled = m_source.compiled;
        auto const target = target_of(m_chosen, compiled);
        auto const assumed = assumed_by(m_chosen, compiled);
        m_accepted = accepted_by(m_chosen, compiled);
        auto at = locate_environment(*m_session, compiled, {{}, m_accepted}, assumed);
        refuse_downgrade(m_source, at, m_where.name());
        demand_good_state(m_source, m_where, at.found, assumed);
        if (target <= at.found.version && at.found.is == condition::partial) {
            std::fputs(in_words(m_where.name(), compiled, at.found).c_str(), stderr);
            throw state_refused{"a part of " + plan::version_name(compiled, at.found.version + 1) + " is there already",
                                "go on to that version: it is taken up where it was cut off"};
        }
        if (target <= at.found.version) {
            spdlog::info("{} is at {}, nothing is pending", m_where.name(),
                         plan::version_name(compiled, at.found.version));
            return exit_code::done;
        }
        demand_untouched(m_source, at.found, target);
        if (!m_chosen.how.dry_run) {
            report::demand_receipts_folder(receipts_folder(), m_where.name());
        }
        note_decisions(at.found);
        apply_pending(at, target);
        return m_chosen.how.dry_run ? exit_code::done : look_again(target);
    }

private:
    void note_decisions(plan::state const& found)
    {
        if (m_chosen.assume && !m_chosen.how.dry_run) {
            receipt({{"did", "assume"}, {"state", plan::version_name(m_source.compiled, found.version)}});
        }
        for (auto const& one : found.accepted) {
            spdlog::warn("accepted drift: {}", described(one));
            if (!m_chosen.how.dry_run) {
                receipt({{"did", "accept drift"}, {"object", one.id.identity}, {"difference", described(one)}});
            }
        }
    }

    void apply_pending(located& at, std::size_t target)
    {
        report::progress progress;
        apply::picture known{plan::snapshot_at(m_source.compiled, at.found.version), std::move(at.live)};
        apply::workplace place{
            *m_session,
            m_source.compiled,
            at.settled,
            known,
            m_chosen.how,
            m_where.name(),
            progress,
            [&](report::diagnostic const& one) { std::fputs((report::to_gcc(one) + "\n").c_str(), stderr); },
            [&] {
                return m_where.connect("pgratchet apply");
            }};
        for (auto k = at.found.version + 1; k <= target; ++k) {
            auto const file = m_source.script_of(k);
            if (m_chosen.how.dry_run) {
                rehearse(place, k, file);
                return;
            }
            auto const start = std::chrono::steady_clock::now();
            auto const done = k == at.found.version + 1 ? at.found.statements_done : 0;
            for (std::size_t i = 0; i < done; ++i) {
                plan::play(m_source.compiled.migrations[k - 1].statements[i], known.expected);
            }
            apply::run_migration(place, k, file, done);
            applied(k, std::chrono::steady_clock::now() - start, progress);
        }
    }

    void rehearse(apply::workplace& place, std::size_t k, script::script const& file)
    {
        if (file.mode == script::transaction_mode::none) {
            throw state_refused{m_source.compiled.migrations[k - 1].file +
                                    " has no transaction, so it cannot be played and rolled back",
                                "try it on a copy of the database"};
        }
        for (auto const& one : apply::run_migration(place, k, file, 0)) {
            std::printf("%s:%zu: %s: %s\n", one.where.file.c_str(), one.where.line, one.command.c_str(),
                        report::readable(one.took).c_str());
        }
        std::fflush(stdout); // before what is said about it
        spdlog::info("dry run: {} was played to its end, proven and rolled back; {}",
                     m_source.compiled.migrations[k - 1].version,
                     plan::stays(m_where.name(), m_source.compiled, k - 1));
    }

    void applied(std::size_t k, std::chrono::steady_clock::duration took, report::progress& progress)
    {
        auto const& compiled = m_source.compiled;
        progress.make_room();
        spdlog::info("applied {} in {}", compiled.migrations[k - 1].file, report::readable(took));
        receipt({{"did", "apply"},
                 {"migration", compiled.migrations[k - 1].file},
                 {"sha256", compiled.migrations[k - 1].sha256},
                 {"from", plan::version_name(compiled, k - 1)},
                 {"to", plan::version_name(compiled, k)},
                 {"seconds", std::chrono::duration<double>(took).count()}});
    }

    /// Somebody else may have changed the schema meanwhile.
    exit_code look_again(std::size_t target)
    {
        execute::clean_session(*m_session, m_source.compiled.search_path); // the last file may have left a timeout
        auto const now = locate_environment(*m_session, m_source.compiled, {{}, m_accepted}, std::nullopt);
        auto const& fitting = now.found.fitting;
        if (std::find(fitting.begin(), fitting.end(), target) == fitting.end()) {
            std::fputs(in_words(m_where.name(), m_source.compiled, now.found).c_str(), stderr);
            throw state_refused{"the schema was changed by somebody else while the migrations ran",
                                "the migrations are applied; see what is listed above"};
        }
        spdlog::info("{} is at {}", m_where.name(), plan::version_name(m_source.compiled, target));
        return exit_code::done;
    }

    void receipt(nlohmann::ordered_json what)
    {
        what["database"] = m_database;
        report::write_receipt(receipts_folder(), m_where.name(), what);
    }

    [[nodiscard]] std::filesystem::path receipts_folder() const
    {
        return m_chosen.receipts.value_or(report::default_receipts_folder());
    }

    apply_options const& m_chosen;
    plan_source const& m_source;
    environment const& m_where;
    std::unique_ptr<database::session> m_session;
    std::set<std::string> m_accepted; ///< identities
    std::string m_database;
};

} // namespace

exit_code apply(apply_options const& chosen)
{
    auto const source = load_plan(chosen.plan);
    environment const where{chosen.connection, source.compiled.roles};
    return deployment{chosen, source, where}.run();
}

} // namespace pgratchet::commands
