// SPDX-License-Identifier: Apache-2.0
#include "commands/compile.hpp"

#include "commands/connection_errors.hpp"
#include "commands/plan_source.hpp"
#include "compile/moment.hpp"
#include "compile/replay.hpp"
#include "compile/rules.hpp"
#include "files/files.hpp"
#include "plan/plan_file.hpp"
#include "script/checksum.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <spdlog/spdlog.h>

namespace pgratchet::commands {

namespace {

namespace fs = std::filesystem;
using report::diagnostic;
using report::severity;

/// Prints diagnostics and counts the errors among them.
class diagnostics {
public:
    void operator()(diagnostic const& one)
    {
        m_errors += one.level == severity::error ? 1U : 0U;
        std::fputs((report::to_gcc(one) + "\n").c_str(), stderr);
    }
    void operator()(std::vector<diagnostic> const& several)
    {
        for (auto const& one : several) {
            (*this)(one);
        }
    }
    [[nodiscard]] std::size_t errors() const { return m_errors; }

private:
    std::size_t m_errors = 0;
};

plan::migration entry_for(script::script const& text, std::string version, std::string file, std::string sha256)
{
    plan::migration entry;
    entry.version = std::move(version);
    entry.file = std::move(file);
    entry.sha256 = std::move(sha256);
    entry.mode = text.mode;
    entry.schema_only = text.schema_only();
    entry.may_destroy = compile::may_destroy(text);
    return entry;
}

compile::source load(fs::path const& path, std::string const& version, script::dialect dialect, diagnostics& say)
{
    auto const bytes = files::read(path);
    auto taken = script::parse(path.string(), bytes, dialect);
    say(taken.diagnostics);
    auto entry = entry_for(taken.result, version, path.filename().string(), script::sha256(bytes));
    return {std::move(entry), std::move(taken.result)};
}

std::vector<compile::source> load_migrations(compile_options const& chosen, diagnostics& say)
{
    std::vector<compile::source> sources;
    bool const from_schema = chosen.baseline_schema.has_value();
    if (from_schema) {
        sources.push_back(load(*chosen.baseline_schema, chosen.baseline.value(), script::dialect::schema_dump, say));
    }
    auto names = files::names_in(chosen.migrations);
    if (from_schema) {
        std::erase_if(names, [&](std::string const& one) {
            auto const name = script::parse_name(one);
            return name && script::compare_versions(name->version, *chosen.baseline) <= 0;
        });
    }
    auto const set = script::order(names, chosen.migrations.string(), from_schema ? chosen.baseline : std::nullopt);
    say(set.diagnostics);
    if (set.migrations.empty() && sources.empty() && say.errors() == 0) {
        throw configuration_error{"there is no migration in " + chosen.migrations.string(),
                                  "name the first one 001_initial_schema.sql"};
    }
    for (auto const& one : set.migrations) {
        sources.push_back(load(chosen.migrations / one.file, one.version, script::dialect::migration, say));
    }
    return sources;
}

std::vector<plan::probe> load_probes(compile_options const& chosen, std::vector<compile::source> const& sources,
                                     diagnostics& say)
{
    std::vector<plan::probe> probes;
    if (!chosen.probes) {
        return probes;
    }
    for (auto const& name : probe_names(*chosen.probes)) {
        auto const path = *chosen.probes / name.file;
        auto const bytes = files::read(path);
        auto const taken = script::parse(path.string(), bytes, script::dialect::schema_dump);
        say(taken.diagnostics);
        bool const is_known = std::any_of(sources.begin(), sources.end(), [&](compile::source const& one) {
            return script::compare_versions(one.entry.version, name.version) == 0;
        });
        if (!is_known) {
            say({severity::error,
                 {path.string(), 1, 1},
                 "there is no migration " + name.version + " for this probe",
                 "probe-version",
                 {},
                 "a probe's name starts with the version of the migration that it speaks for"});
        } else if (taken.result.body.size() != 1) {
            say({severity::error,
                 {path.string(), 1, 1},
                 "a probe is one SELECT, this file has " + std::to_string(taken.result.body.size()) + " statements",
                 "probe-form",
                 {},
                 "join several conditions by AND"});
        } else {
            probes.push_back({path.stem().string(), name.version, name.file, script::sha256(bytes),
                              std::string{taken.result.text_of(taken.result.body.front())}});
        }
    }
    return probes;
}

compile::shadow::options shadow_options(compile_options const& chosen)
{
    compile::shadow::options options;
    options.roles = chosen.roles;
    if (chosen.shadow_url_variable) {
        auto const* value = std::getenv(chosen.shadow_url_variable->c_str());
        if (value == nullptr || *value == '\0') {
            throw configuration_error{"the variable " + *chosen.shadow_url_variable +
                                          ", which is to name the shadow's server, is not set",
                                      "set it to the connection string of a server on which databases may be made"};
        }
        options.conninfo = value;
    } else {
        options.server = {chosen.data_dir.value(), chosen.bindir, true};
    }
    return options;
}

std::unique_ptr<compile::shadow> open_shadow(compile_options const& chosen)
{
    try {
        return std::make_unique<compile::shadow>(shadow_options(chosen));
    } catch (database::connection_lost const& problem) {
        throw explained(problem, "the shadow's server",
                        chosen.shadow_url_variable ? "the variable " + *chosen.shadow_url_variable : "its own folder");
    }
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

/// Those objects of the empty database that some effect speaks of.
catalog::snapshot initial_objects(catalog::snapshot const& empty, std::vector<compile::source> const& sources)
{
    catalog::snapshot named;
    for (auto const& source : sources) {
        for (auto const& one : source.entry.changes) {
            if (auto const place = empty.find(one.id); place != empty.end()) {
                named.insert(*place);
            }
        }
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

} // namespace

exit_code compile(compile_options const& chosen)
{
    diagnostics say;
    auto const report = [&](diagnostic const& one) {
        say(one);
    };
    auto compiled = skeleton(chosen);
    auto sources = load_migrations(chosen, say);
    compiled.probes = load_probes(chosen, sources, say);
    if (say.errors() > 0) {
        return exit_code::sql_failed;
    }
    check_baseline(chosen, sources);

    auto const opened = open_shadow(chosen);
    auto& shadow = *opened;
    compiled.server_version = shadow.session().server_version();
    auto const dates = days_around_now(shadow.session());
    auto probes = compiled.probes; // under the names that diagnostics give them
    for (auto& one : probes) {
        one.file = (*chosen.probes / one.file).string();
    }
    compile::replay replay{shadow, chosen.search_path, probes, report};
    if (!replay.run(sources)) {
        return exit_code::sql_failed;
    }
    compile::replace_frozen_moments(sources, dates, report);
    compile::leave_out_job_managed_partitions(sources, chosen.job_managed_partitions);
    compiled.initial = initial_objects(replay.initial(), sources);
    for (auto const& one : sources) {
        compiled.migrations.push_back(one.entry);
    }
    if (!compile::can_be_located(compiled, sources, report)) {
        return exit_code::sql_failed;
    }
    files::write(chosen.plan, plan::to_json(compiled));
    spdlog::info("compiled {} migration{} on PostgreSQL {}.{}", sources.size(), sources.size() == 1 ? "" : "s",
                 compiled.server_version / 10000, compiled.server_version % 10000);
    return exit_code::done;
}

} // namespace pgratchet::commands
