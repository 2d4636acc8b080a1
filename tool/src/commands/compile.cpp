// SPDX-License-Identifier: Apache-2.0
#include "commands/compile.hpp"

#include "commands/compile_input.hpp"
#include "commands/shadow_for.hpp"
#include "compile/lint.hpp"
#include "compile/moment.hpp"
#include "compile/replay.hpp"
#include "compile/revert_rule.hpp"
#include "compile/rules.hpp"
#include "compile/telling_probes.hpp"
#include "files/files.hpp"
#include "plan/plan_file.hpp"
#include "script/migration_set.hpp"

#include <algorithm>
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <spdlog/spdlog.h>

namespace pgratchet::commands {

namespace {

namespace fs = std::filesystem;

std::unique_ptr<compile::shadow> shadow_of(compile_options const& chosen)
{
    auto options = shadow_for(chosen.data_dir, chosen.bindir, chosen.shadow_url_variable);
    options.roles = chosen.roles;
    return open_shadow(std::move(options), chosen.shadow_url_variable);
}

/// The day of the replay and its neighbours, as the server writes dates.
std::vector<std::string> days_around_now(database::session& on)
{
    std::vector<std::string> days;
    for (auto const& row : on.execute(
             "SELECT to_char((now() AT TIME ZONE 'UTC')::date + d, 'YYYY-MM-DD') FROM generate_series(-1, 1) d")) {
        days.push_back(row.at(0).value());
    }
    return days;
}

/// Those objects of the empty database that some effect speaks of, or that of a single statement: a file without a
/// transaction may change an object and change it back (pg_dump takes a right on the schema public and gives it again).
catalog::snapshot initial_objects(catalog::snapshot const& empty, std::vector<compile::source> const& sources)
{
    catalog::snapshot named;
    auto const keep = [&](plan::effect const& changes) {
        for (auto const& one : changes) {
            if (auto const place = empty.find(one.id); place != empty.end()) {
                named.insert(*place);
            }
        }
    };
    for (auto const& source : sources) {
        keep(source.entry.changes);
        std::for_each(source.entry.statements.begin(), source.entry.statements.end(), keep);
    }
    return named;
}

std::string relative_to(fs::path const& folder, fs::path const& what)
{
    return fs::relative(what, folder).generic_string();
}

plan::plan skeleton(compile_options const& chosen)
{
    plan::plan compiled;
    auto const folder = fs::absolute(chosen.plan).parent_path();
    std::error_code problem;
    fs::create_directories(folder, problem);
    if (problem) {
        throw configuration_error{"cannot make the folder " + folder.string() + ": " + problem.message()};
    }
    compiled.migrations_directory = relative_to(folder, chosen.migrations);
    if (chosen.probes) {
        compiled.probes_directory = relative_to(folder, *chosen.probes);
    }
    compiled.baseline = chosen.baseline;
    if (chosen.baseline_schema) {
        compiled.baseline_schema = relative_to(folder, *chosen.baseline_schema);
    }
    compiled.search_path = chosen.search_path;
    compiled.roles = chosen.roles;
    compiled.runtime_role = chosen.runtime_role;
    compiled.runtime_privileges = chosen.runtime_privileges;
    compiled.ignored = chosen.ignored;
    compiled.job_managed_partitions = chosen.job_managed_partitions;
    return compiled;
}

void check_baseline(compile_options const& chosen, std::vector<compile::source> const& sources)
{
    bool const is_known =
        !chosen.baseline || std::any_of(sources.begin(), sources.end(), [&](compile::source const& one) {
            return script::compare_versions(one.entry.version, *chosen.baseline) == 0;
        });
    if (!is_known) {
        throw configuration_error{"there is no migration " + *chosen.baseline + " to be the baseline"};
    }
}

/// The document has what else ends the command, too: a server that is not there, for instance.
void finish_document(diagnostics& say, exit_code code, std::exception const& problem,
                     std::optional<std::string> const& hint)
{
    say.note_failure(problem.what(), hint);
    say.finish(code);
}

exit_code run(compile_options const& chosen, diagnostics& say)
{
    auto const report = [&](report::diagnostic one) {
        say(std::move(one));
    };
    auto compiled = skeleton(chosen);
    auto sources = load_migrations(chosen, say);
    auto probes = load_probes(chosen, sources, say);
    if (say.errors() > 0) {
        for (auto const& one : sources) {
            compile::report_unparsed(one.text, 0, 0, report);
        }
        return exit_code::sql_failed;
    }
    check_baseline(chosen, sources);
    auto const opened = shadow_of(chosen);
    auto& shadow = *opened;
    compiled.server_version = shadow.session().server_version();
    auto const dates = days_around_now(shadow.session());
    compile::replay replay{shadow, chosen.search_path, probes, report};
    if (!replay.run(sources)) {
        return exit_code::sql_failed;
    }
    compile::replace_frozen_moments(sources, dates, report);
    compile::demand_partitioned_tables(sources, chosen.job_managed_partitions);
    compile::leave_out_job_managed_partitions(sources, chosen.job_managed_partitions);
    for (auto& rule : compile::rules_for_job_managed_partitions(sources, chosen.job_managed_partitions)) {
        compiled.ignored.push_back(std::move(rule));
    }
    for (auto const& one : probes) {
        compiled.probes.push_back(one.entry);
    }
    compiled.initial = initial_objects(replay.initial(), sources);
    for (auto const& one : sources) {
        compiled.migrations.push_back(one.entry);
    }
    bool const is_proven = compile::reverts_are_proven(compiled, sources, report);
    bool const good = compile::can_be_located(compiled, sources, report) && is_proven;
    if (good) {
        compile::warn_of_probes_that_tell_nothing(shadow, chosen.search_path, compiled, sources, probes, report);
    }
    say.report_unused_allowances();
    if (!good || say.errors() > 0) {
        return exit_code::sql_failed;
    }
    files::write(chosen.plan, plan::to_json(compiled));
    auto const count = say.count();
    spdlog::info("compiled {} migration{} on PostgreSQL {}.{}{}", sources.size(), sources.size() == 1 ? "" : "s",
                 compiled.server_version / 10000, compiled.server_version % 10000, count.empty() ? "" : ": " + count);
    return exit_code::done;
}

} // namespace

exit_code compile(compile_options const& chosen)
{
    lint::demand_known_names(chosen.warnings);
    diagnostics say{chosen.format, chosen.warnings};
    try {
        auto const code = run(chosen, say);
        // One error alone needs no sum.
        if (code != exit_code::done && say.errors() + say.warnings() > 1) {
            spdlog::info("{}", say.count());
        }
        say.finish(code);
        return code;
    } catch (failure const& problem) {
        finish_document(say, problem.code(), problem, problem.hint());
        throw;
    } catch (database::connection_lost const& problem) {
        finish_document(say, exit_code::configuration, problem, std::nullopt);
        throw;
    } catch (database::sql_error const& problem) {
        finish_document(say, exit_code::sql_failed, problem, std::nullopt);
        throw;
    }
}

} // namespace pgratchet::commands
