// SPDX-License-Identifier: Apache-2.0
#include "compile/probes.hpp"

#include "execute/diagnose.hpp"
#include "execute/probe_answer.hpp"
#include "script/migration_set.hpp"

#include <optional>

namespace pgratchet::compile {

namespace {

/// What is wrong with a probe that was asked right after its migration.
std::optional<report::diagnostic> objection_to(database::session& on, probe_source const& source)
{
    auto const& probe = source.entry;
    auto const& statement = source.text.body.front();
    report::diagnostic what;
    what.where = statement.where;
    try {
        on.execute("BEGIN READ ONLY;SET LOCAL row_security = off");
        auto const rows = on.execute(probe.sql);
        on.execute("ROLLBACK");
        auto const answer = execute::probe_answer(rows);
        if (answer == true) {
            return std::nullopt;
        }
        if (answer == false) {
            what.message = "the probe is false right after " + probe.version + " was applied";
            what.name = "probe-fails";
            what.hint = "a probe is to be true once its migration is applied";
        } else {
            what.message = "a probe gives one row with one boolean";
            what.name = "probe-form";
            what.hint = "select one expression that is true once " + probe.version + " is applied";
        }
    } catch (database::sql_error const& problem) {
        on.execute("ROLLBACK");
        what = execute::diagnose(source.text, statement, problem.fields());
    }
    return what;
}

/// Asks a probe in a transaction that leaves nothing behind.
bool holds(database::session& on, plan::probe const& probe)
{
    bool answer = false;
    try {
        answer = execute::probe_answer(on.execute("BEGIN READ ONLY;SET LOCAL row_security = off;" + probe.sql))
                     .value_or(false);
    } catch (database::sql_error const&) {
        answer = false; // what it speaks of is not there yet
    }
    on.execute("ROLLBACK");
    return answer;
}

} // namespace

void warn_of_early_probes(database::session& on, std::vector<probe_source> const& all, std::string const& version,
                          reporter const& report)
{
    for (auto const& probe : all) {
        if (script::compare_versions(probe.entry.version, version) == 0 && holds(on, probe.entry)) {
            report({report::severity::warning,
                    probe.text.body.front().where,
                    "the probe is true already before " + version + " is applied",
                    "early-probe",
                    {"a database at the version before, where it is true as well, counts as " + version +
                     " where the schema does not tell"},
                    "let it look for what only " + version +
                        " leaves behind; if it cannot help it on tables without rows: -- pgratchet: allow early-probe: "
                        "REASON, in the probe's file"});
        }
    }
}

std::vector<probe_source const*> true_probes_of(database::session& on, std::vector<probe_source> const& all,
                                                std::string const& version)
{
    std::vector<probe_source const*> found;
    for (auto const& probe : all) {
        if (script::compare_versions(probe.entry.version, version) == 0) {
            if (!holds(on, probe.entry)) {
                return {};
            }
            found.push_back(&probe);
        }
    }
    return found;
}

bool probes_hold(database::session& on, std::vector<probe_source> const& all, std::string const& version,
                 reporter const& report)
{
    for (auto const& probe : all) {
        if (script::compare_versions(probe.entry.version, version) != 0) {
            continue;
        }
        if (auto what = objection_to(on, probe)) {
            report(std::move(*what));
            return false;
        }
    }
    return true;
}

} // namespace pgratchet::compile
