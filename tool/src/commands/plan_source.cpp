// SPDX-License-Identifier: Apache-2.0
#include "commands/plan_source.hpp"

#include "errors.hpp"
#include "files/files.hpp"
#include "plan/plan_file.hpp"
#include "script/checksum.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace pgratchet::commands {

namespace {

namespace fs = std::filesystem;

constexpr auto hint_compile = "compile the plan again: build the target schema_plan";

/// What is not as it was compiled.
struct staleness {
    fs::file_time_type compiled_at;
    std::vector<std::string> changes;        ///< one line each
    std::vector<std::string> seem_unchanged; ///< files that a build takes for unchanged: it compares times

    void note_changed(fs::path const& file, std::string change)
    {
        std::error_code problem;
        if (auto const time = fs::last_write_time(file, problem); !problem && time <= compiled_at) {
            seem_unchanged.push_back(file.filename().string());
        }
        changes.push_back(std::move(change));
    }
};

std::string list_of(std::vector<std::string> const& lines)
{
    std::string list;
    for (auto const& one : lines) {
        list += (list.empty() ? "" : ", ") + one;
    }
    return list;
}

void compare_folder(fs::path const& folder, std::map<std::string, std::string> const& compiled,
                    std::set<std::string> const& there, staleness& found)
{
    for (auto const& [name, sha256] : compiled) {
        if (!there.contains(name)) {
            found.changes.push_back(name + " was removed");
        } else if (script::sha256(files::read(folder / name)) != sha256) {
            found.note_changed(folder / name, name + " was changed");
        }
    }
    for (auto const& name : there) {
        if (!compiled.contains(name)) {
            found.changes.push_back(name + " was added");
        }
    }
}

/// Relative where it lies below the working folder, else absolute: an editor can go there either way.
fs::path as_shown(fs::path const& folder)
{
    auto relative = fs::proximate(folder);
    return relative.empty() || *relative.begin() == ".." ? folder : relative;
}

std::set<std::string> migration_files(plan_source const& source)
{
    std::set<std::string> there;
    for (auto const& one : files::names_in(source.migrations)) {
        auto const name = script::parse_name(one);
        if (name && !(source.compiled.baseline_schema &&
                      script::compare_versions(name->version, *source.compiled.baseline) <= 0)) {
            there.insert(one);
        }
    }
    return there;
}

void refuse_stale(plan_source const& source, fs::path const& plan)
{
    staleness found{fs::last_write_time(plan), {}, {}};
    std::map<std::string, std::string> compiled;
    for (std::size_t k = 1; k <= source.compiled.migrations.size(); ++k) {
        auto const& one = source.compiled.migrations[k - 1];
        if (k == 1 && source.compiled.baseline_schema) {
            auto const schema = source.file_of(1);
            if (!fs::exists(schema) || script::sha256(files::read(schema)) != one.sha256) {
                found.note_changed(schema, schema.filename().string() + " was changed or removed");
            }
        } else {
            compiled.emplace(one.file, one.sha256);
        }
    }
    compare_folder(source.migrations, compiled, migration_files(source), found);
    if (source.probes) {
        std::map<std::string, std::string> probes;
        for (auto const& one : source.compiled.probes) {
            probes.emplace(one.file, one.sha256);
        }
        std::set<std::string> there;
        for (auto const& one : probe_names(*source.probes)) {
            there.insert(one.file);
        }
        compare_folder(*source.probes, probes, there, found);
    }
    if (found.changes.empty()) {
        return;
    }
    std::string hint = hint_compile;
    if (!found.seem_unchanged.empty()) {
        hint += "; touch " + list_of(found.seem_unchanged) +
                " before, whose time is no newer than the plan's: the build would take that for unchanged";
    }
    throw state_refused{"the plan is stale: " + list_of(found.changes), hint};
}

} // namespace

fs::path plan_source::file_of(std::size_t k) const
{
    if (k == 1 && compiled.baseline_schema) {
        return (folder / *compiled.baseline_schema).lexically_normal();
    }
    return migrations / compiled.migrations.at(k - 1).file;
}

script::script plan_source::script_of(std::size_t k) const
{
    auto const file = file_of(k);
    auto const bytes = files::read(file);
    if (script::sha256(bytes) != compiled.migrations.at(k - 1).sha256) {
        throw state_refused{file.string() + " is not the file that was compiled", hint_compile};
    }
    bool const is_schema = k == 1 && compiled.baseline_schema;
    return script::parse(file.string(), bytes, is_schema ? script::dialect::schema_dump : script::dialect::migration)
        .result;
}

std::vector<script::migration_name> probe_names(fs::path const& folder)
{
    std::vector<script::migration_name> names;
    for (auto const& one : files::names_in(folder)) {
        if (auto name = script::parse_name(one)) {
            names.push_back(std::move(*name));
        }
    }
    return names;
}

std::string project_of(fs::path const& plan)
{
    auto name = plan.filename();
    for (auto const* ending : {".json", ".plan"}) {
        if (name.extension() == ending) {
            name = name.stem();
        }
    }
    return name.string();
}

plan_source load_plan(fs::path const& file)
{
    if (!fs::exists(file)) {
        throw configuration_error{"there is no plan at " + file.string(),
                                  "compile the migrations: build the target schema_plan"};
    }
    auto const text = files::read(file);
    auto in_bundle = bundle::examine_around(file, text);
    plan_source source{plan::from_json(text, file.string()),
                       project_of(file),
                       {},
                       std::nullopt,
                       fs::weakly_canonical(fs::absolute(file).parent_path()),
                       script::sha256(text),
                       std::move(in_bundle)};
    source.migrations = as_shown((source.folder / source.compiled.migrations_directory).lexically_normal());
    if (source.compiled.probes_directory) {
        source.probes = (source.folder / *source.compiled.probes_directory).lexically_normal();
    }
    refuse_stale(source, file);
    return source;
}

} // namespace pgratchet::commands
