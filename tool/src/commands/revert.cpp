// SPDX-License-Identifier: Apache-2.0
#include "commands/revert.hpp"

#include "catalog/identity.hpp"
#include "commands/new_migration.hpp"
#include "commands/plan_source.hpp"
#include "commands/shadow_for.hpp"
#include "compile/shadow.hpp"
#include "execute/catalog_reader.hpp"
#include "execute/clean_session.hpp"
#include "files/files.hpp"
#include "plan/take_back.hpp"
#include "revert/file_text.hpp"
#include "revert/renames.hpp"
#include "revert/undo.hpp"
#include "script/tree.hpp"

#include <cstdio>
#include <spdlog/spdlog.h>

namespace pgratchet::commands {

namespace {

namespace fs = std::filesystem;

/// Makes sure that the migration can be taken back by itself.
std::size_t version_to_revert(plan::plan const& compiled, std::string const& version)
{
    auto const k = plan::index_of(compiled, version);
    if (!k) {
        throw usage_error{"the plan has no version " + version,
                          "its newest is " + plan::version_name(compiled, compiled.migrations.size())};
    }
    auto const& one = compiled.migrations[*k - 1];
    if (*k == 1 && compiled.baseline_schema) {
        throw state_refused{version + " is the baseline, which is taken as given"};
    }
    if (one.changes.empty()) {
        throw state_refused{one.file + " leaves no trace in the schema, so there is nothing to take back there",
                            one.schema_only
                                ? "write the statements that take it back: pgratchet new"
                                : "what it did to rows is taken back by statements about rows: pgratchet new"};
    }
    if (auto const by = plan::in_force_against(compiled, *k, compiled.migrations.size())) {
        auto const& other = compiled.migrations[*by - 1];
        throw state_refused{version + " is taken back already, by " + other.file,
                            "to have it again, take that file back: pgratchet revert " + other.version};
    }
    if (auto const later = plan::depends_on(compiled, *k, compiled.migrations.size())) {
        throw state_refused{compiled.migrations[later->later - 1].file + " builds on what " + version +
                                " did: " + later->what.kind + " " + later->what.identity,
                            "take that one back first"};
    }
    return *k;
}

void play(database::session& on, script::script const& file, std::string const& search_path)
{
    execute::clean_session(on, search_path);
    for (auto const* const one : {&file.begin, &file.set_transaction}) {
        if (*one) {
            on.execute(std::string{file.text_of(**one)});
        }
    }
    for (auto const& one : file.body) {
        on.execute(std::string{file.text_of(one)});
    }
    if (file.commit) {
        on.execute(std::string{file.text_of(*file.commit)});
    }
    execute::clean_session(on, search_path);
}

/// The first schema of a search_path: where a name without one is made.
std::string first_schema(std::string const& search_path)
{
    auto const first = catalog::parts_of(search_path, ',').front();
    return first.starts_with('"') ? first.substr(1, first.size() - 2) : first;
}

/// What is there now, with the objects that migration k changes as they were before it.
catalog::snapshot wanted_schema(catalog::snapshot now, catalog::snapshot const& before, plan::effect const& changes)
{
    for (auto const& one : changes) {
        if (auto const* const was = catalog::find(before, one.id)) {
            now.insert_or_assign(one.id, *was);
        } else {
            now.erase(one.id);
        }
    }
    return now;
}

std::string file_that_reverts(plan_source const& source, std::size_t k, database::session& on)
{
    auto const& compiled = source.compiled;
    auto const& reverted = compiled.migrations[k - 1];
    on.on_notice({});
    for (std::size_t i = 1; i < k; ++i) {
        play(on, source.script_of(i), compiled.search_path);
    }
    auto const before = execute::read_snapshot(on);
    auto prints = revert::read_blueprints(on);
    for (auto i = k; i <= compiled.migrations.size(); ++i) {
        play(on, source.script_of(i), compiled.search_path);
    }
    revert::sql_names const names{revert::keywords(on)};
    auto const file = source.script_of(k);

    on.execute("BEGIN");
    revert::undo work{on, wanted_schema(execute::read_snapshot(on), before, reverted.changes), std::move(prints),
                      names};
    std::vector<std::string> renamings;
    for (auto one = file.body.rbegin(); one != file.body.rend(); ++one) {
        if (auto back =
                revert::renamed_back(script::tree_of(file.text_of(*one)), names, first_schema(compiled.search_path))) {
            renamings.push_back(std::move(*back));
        }
    }
    work.try_renamings(renamings, reverted.renamed);
    work.start();
    work.run();
    auto const left = work.left();
    on.execute("ROLLBACK");
    if (!left.empty()) {
        spdlog::warn("{} of what {} changed cannot be taken back; the file says which", left.size(), reverted.version);
    }
    if (plan::does_more_than_it_shows(reverted)) {
        spdlog::info("{} does more than the schema shows: the file may need a probe, which compile asks for then",
                     reverted.version);
    }
    return revert::file_text(reverted.file, reverted.mode,
                             revert::losses(work.differed(), left, work.tables(), file, reverted, work.has_old_names()),
                             work.done(), revert::drops_of_partitioned(work.differed(), names));
}

} // namespace

exit_code revert(revert_options const& chosen)
{
    auto const source = load_plan(chosen.plan);
    auto const& compiled = source.compiled;
    if (fs::weakly_canonical(fs::absolute(chosen.migrations)) !=
        fs::weakly_canonical(fs::absolute(source.migrations))) {
        throw usage_error{"revert: the plan is not of the migrations in " + chosen.migrations.string()};
    }
    auto const k = version_to_revert(compiled, chosen.version);
    auto const name = script::parse_name(compiled.migrations[k - 1].file).value();
    auto const path = next_file(chosen.migrations, "revert_" + name.version + "_" + name.description,
                                compiled.baseline_schema ? compiled.baseline : std::nullopt);
    compile::shadow::options options = shadow_for(chosen.data_dir ? chosen.data_dir : source.folder / "shadow",
                                                  chosen.bindir, chosen.shadow_url_variable);
    options.roles = compiled.roles;
    auto const shadow = open_shadow(std::move(options), chosen.shadow_url_variable);
    files::write_new(path, file_that_reverts(source, k, shadow->session()));
    std::puts(path.c_str());
    return exit_code::done;
}

} // namespace pgratchet::commands
