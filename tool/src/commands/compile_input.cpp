// SPDX-License-Identifier: Apache-2.0
#include "commands/compile_input.hpp"

#include "commands/frozen.hpp"
#include "commands/plan_source.hpp"
#include "compile/rules.hpp"
#include "files/files.hpp"
#include "script/checksum.hpp"
#include "script/traits.hpp"

#include <algorithm>
#include <utility>

namespace pgratchet::commands {

namespace {

namespace fs = std::filesystem;
using report::severity;

plan::migration entry_for(script::script const& text, std::string version, std::string file, std::string sha256)
{
    plan::migration entry;
    entry.version = std::move(version);
    entry.file = std::move(file);
    entry.sha256 = std::move(sha256);
    entry.mode = text.mode;
    entry.schema_only = text.schema_only();
    entry.untraced = text.untraced();
    entry.may_destroy = compile::may_destroy(text);
    return entry;
}

/// A history up to the baseline is taken as given.
bool is_given(compile_options const& chosen, std::string const& version)
{
    return chosen.baseline && script::compare_versions(version, *chosen.baseline) <= 0;
}

/// A file as it was read.
struct read_file {
    fs::path path;
    std::string version;
    std::string bytes;
    bool is_frozen = false; ///< and unchanged since
};

compile::source load(compile_options const& chosen, read_file const& file, script::dialect dialect, diagnostics& say)
{
    auto taken = script::parse(file.path.string(), file.bytes, dialect);
    say(std::move(taken.diagnostics));
    compile::source one;
    one.entry = entry_for(taken.result, file.version, file.path.filename().string(), script::sha256(file.bytes));
    one.text = std::move(taken.result);
    one.quiet = is_given(chosen, file.version);
    // What a frozen file did is still of interest, but nobody can change it any more.
    say.add(one.text, one.quiet || (file.is_frozen && !chosen.warn_frozen));
    return one;
}

/// Refuses what was done to frozen files, and marks those that are as they were.
void look_at_frozen(compile_options const& chosen, script::migration_set const& set, std::vector<read_file>& files,
                    diagnostics& say)
{
    auto const list = read_frozen_list(chosen.migrations);
    say(list.diagnostics);
    std::vector<script::migration_bytes> all;
    for (std::size_t i = 0; i < files.size(); ++i) {
        all.push_back({set.migrations[i], files[i].path.string(), files[i].bytes});
    }
    auto found = script::check_frozen(list, frozen_list_of(chosen.migrations).string(), all,
                                      chosen.baseline_schema ? chosen.baseline : std::nullopt);
    say(std::move(found.diagnostics));
    for (auto& one : files) {
        auto const name = one.path.filename().string();
        one.is_frozen = std::find(found.unchanged.begin(), found.unchanged.end(), name) != found.unchanged.end();
    }
}

} // namespace

std::vector<compile::source> load_migrations(compile_options const& chosen, diagnostics& say)
{
    std::vector<compile::source> sources;
    bool const from_schema = chosen.baseline_schema.has_value();
    if (from_schema) {
        auto const& dump = *chosen.baseline_schema;
        sources.push_back(
            load(chosen, {dump, chosen.baseline.value(), files::read(dump)}, script::dialect::schema_dump, say));
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
    std::vector<read_file> files;
    for (auto const& one : set.migrations) {
        auto const path = chosen.migrations / one.file;
        files.push_back({path, one.version, files::read(path)});
    }
    look_at_frozen(chosen, set, files, say);
    for (auto const& one : files) {
        sources.push_back(load(chosen, one, script::dialect::migration, say));
    }
    return sources;
}

std::vector<compile::probe_source> load_probes(compile_options const& chosen,
                                               std::vector<compile::source> const& sources, diagnostics& say)
{
    std::vector<compile::probe_source> probes;
    if (!chosen.probes) {
        return probes;
    }
    for (auto const& name : probe_names(*chosen.probes)) {
        auto const path = *chosen.probes / name.file;
        auto const bytes = files::read(path);
        auto taken = script::parse(path.string(), bytes, script::dialect::probe);
        say(std::move(taken.diagnostics));
        say.add(taken.result, is_given(chosen, name.version));
        auto const of = std::find_if(sources.begin(), sources.end(), [&](compile::source const& one) {
            return script::compare_versions(one.entry.version, name.version) == 0;
        });
        if (of == sources.end()) {
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
            plan::probe entry{path.stem().string(),
                              name.version,
                              name.file,
                              script::sha256(bytes),
                              std::string{taken.result.text_of(taken.result.body.front())},
                              !of->quiet &&
                                  std::any_of(of->text.body.begin(), of->text.body.end(), script::works_on_rows)};
            probes.push_back({std::move(entry), std::move(taken.result)});
        }
    }
    return probes;
}

} // namespace pgratchet::commands
