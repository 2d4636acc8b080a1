// SPDX-License-Identifier: Apache-2.0
#include "commands/bundle.hpp"

#include "bundle/archive.hpp"
#include "bundle/compare.hpp"
#include "bundle/fingerprint.hpp"
#include "bundle/runbook.hpp"
#include "bundle/trust.hpp"
#include "commands/frozen.hpp"
#include "commands/plan_source.hpp"
#include "files/files.hpp"
#include "plan/plan_file.hpp"
#include "script/checksum.hpp"

#include <cstdio>
#include <spdlog/spdlog.h>

namespace pgratchet::commands {

namespace {

namespace fs = std::filesystem;

bundle::contents contents_of(fs::path const& where, bundle::keep what)
{
    if (fs::is_directory(where)) {
        return bundle::read_folder(where, what);
    }
    if (!fs::exists(where)) {
        throw configuration_error{"there is no bundle at " + where.string()};
    }
    auto const bytes = files::read(where);
    if (bytes.starts_with("!<arch>\n")) { // deb(5)
        throw configuration_error{where.string() + " is a Debian package, and no archive of a bundle",
                                  "name the folder in usr/lib: where it is installed, or was unpacked with "
                                  "`dpkg-deb --extract`"};
    }
    return bundle::read_archive(bytes);
}

bundle::opened opened_from(fs::path const& where)
{
    auto const all = contents_of(where, bundle::keep::bytes);
    auto const good = bundle::examine(all, bundle::trusted_keys(), where.string());
    return {good.described, plan::from_json(all.bytes.at(good.described.plan), good.described.plan)};
}

/// The plan as it stands in the bundle, whose files are put beside it.
plan::plan moved_into(fs::path const& folder, plan_source const& source)
{
    auto moved = source.compiled;
    moved.migrations_directory = "migrations";
    for (std::size_t k = 1; k <= moved.migrations.size(); ++k) {
        auto const file = source.file_of(k);
        auto const bytes = files::read(file);
        if (script::sha256(bytes) != moved.migrations[k - 1].sha256) {
            throw state_refused{file.string() + " was changed meanwhile"};
        }
        if (k == 1 && moved.baseline_schema) {
            moved.baseline_schema = "baseline/" + file.filename().string();
            files::write(folder / *moved.baseline_schema, bytes);
        } else {
            files::write(folder / moved.migrations_directory / moved.migrations[k - 1].file, bytes);
        }
    }
    fs::create_directories(folder / moved.migrations_directory);
    if (source.probes) {
        moved.probes_directory = "probes";
        for (auto const& one : moved.probes) {
            auto const bytes = files::read(*source.probes / one.file);
            if (script::sha256(bytes) != one.sha256) {
                throw state_refused{(*source.probes / one.file).string() + " was changed meanwhile"};
            }
            files::write(folder / "probes" / one.file, bytes);
        }
    }
    return moved;
}

std::vector<bundle::environment_preset> environments_for(bundle_make_options const& chosen)
{
    std::vector<bundle::environment_preset> all;
    if (chosen.presets) {
        all = bundle::environments_of(*chosen.presets, chosen.target_prefix);
    }
    for (auto const& one : all) {
        if (one.name == chosen.environment) {
            return all;
        }
    }
    if (chosen.url_variable) {
        all.push_back(
            {chosen.environment,
             chosen.environment,
             {{"PGRATCHET_ENVIRONMENT", chosen.environment}, {"PGRATCHET_URL_VARIABLE", *chosen.url_variable}}});
    }
    if (all.empty()) {
        throw configuration_error{"there is no environment that the bundle could be for",
                                  "a preset with PGRATCHET_URL_VARIABLE makes one"};
    }
    return all;
}

void write_manifest(fs::path const& folder, bundle::manifest described)
{
    auto const all = bundle::read_folder(folder);
    if (all.manifest_text || all.signature_text) {
        throw configuration_error{folder.string() + " holds a finished bundle already", "name an empty folder"};
    }
    for (auto const& [path, one] : all.entries) {
        if (!one.oddity.empty() || !bundle::is_inner_path(path)) {
            throw configuration_error{"'" + bundle::printable(path) + "' cannot be part of a bundle" +
                                      (one.oddity.empty() ? "" : ": it is " + one.oddity)};
        }
        described.files.push_back({path, one.sha256, one.size});
    }
    files::write(folder / bundle::manifest_name, bundle::to_json(described));
}

bundle::secret_key secret_from(sign_options const& chosen)
{
    if (chosen.key) {
        auto const permissions = fs::status(*chosen.key).permissions();
        if (fs::exists(*chosen.key) &&
            (permissions & (fs::perms::group_all | fs::perms::others_all)) != fs::perms::none) {
            throw configuration_error{chosen.key->string() + " can be read by others, a secret key must not be",
                                      "chmod 600 " + chosen.key->string()};
        }
        return bundle::secret_key_from(files::read(*chosen.key), chosen.key->string());
    }
    auto const* const value = std::getenv(chosen.key_variable.value().c_str());
    if (value == nullptr || *value == '\0') {
        throw configuration_error{"the variable " + *chosen.key_variable +
                                  ", which is to hold the secret key, is not set"};
    }
    return bundle::secret_key_from(value, "what the variable " + *chosen.key_variable + " holds");
}

} // namespace

exit_code bundle_make(bundle_make_options const& chosen)
{
    auto const source = load_plan(chosen.plan);
    auto const& folder = chosen.folder;
    demand_frozen(source.compiled, source.migrations);
    auto const compiled = moved_into(folder, source);
    bundle::manifest described;
    described.name = chosen.name;
    described.version = chosen.version + "+" + compiled.migrations.back().version;
    described.pgratchet = PGRATCHET_VERSION;
    described.source_revision = chosen.source_revision;
    described.plan = chosen.name + ".plan.json";
    auto const text = plan::to_json(compiled);
    described.plan_sha256 = script::sha256(text);
    described.states = bundle::states_of(compiled);
    files::write(folder / described.plan, text);

    auto environments = environments_for(chosen);
    files::write(folder / "CMakePresets.json", bundle::presets_for(environments));
    for (auto& one : environments) { // the runbook has no CMake that would look for them
        one = bundle::with_own_settings(std::move(one), chosen.target_prefix);
    }
    files::write(folder / "RUNBOOK.md",
                 bundle::runbook({described.name, described.version, described.pgratchet, described.source_revision,
                                  described.plan, described.plan_sha256, environments, chosen.target_prefix,
                                  chosen.has_backup, chosen.has_restore},
                                 compiled));
    auto const version = described.version;
    write_manifest(folder, std::move(described));
    std::puts(version.c_str());
    return exit_code::done;
}

exit_code bundle_verify(fs::path const& where)
{
    auto const trusted = bundle::trusted_keys();
    auto const good = bundle::examine(contents_of(where, bundle::keep::nothing), trusted, where.string());
    auto const& is = good.described;
    std::printf("%s %s\n", is.name.c_str(), is.version.c_str());
    std::printf("  newest migration: %s\n", is.states.back().version.c_str());
    std::printf("  source revision: %s\n", is.source_revision.value_or("unknown").c_str());
    std::printf("  pgratchet: %s\n", is.pgratchet.c_str());
    std::printf("  plan: %s\n", is.plan_sha256.c_str());
    std::printf("  files: %zu, each as the manifest says\n", is.files.size());
    if (good.signed_by) {
        std::printf("  signed by: %s%s\n", bundle::key_id(*good.signed_by).c_str(),
                    trusted.empty() ? " (no trusted key is configured)" : ", which is trusted");
    } else {
        std::puts("  signed by: nobody");
    }
    return exit_code::done;
}

exit_code bundle_diff(fs::path const& older, fs::path const& newer)
{
    std::fputs(bundle::compare(opened_from(older), opened_from(newer)).c_str(), stdout);
    return exit_code::done;
}

exit_code make_key(fs::path const& name)
{
    fs::path const secret_file = name.string() + ".key";
    fs::path const public_file = name.string() + ".pub";
    for (auto const& file : {secret_file, public_file}) {
        if (fs::exists(fs::symlink_status(file))) {
            throw configuration_error{file.string() + " exists already; a key is never written over",
                                      "choose another name"};
        }
    }
    auto const made = bundle::make_key();
    files::write_secret(secret_file, bundle::to_text(made));
    files::write(public_file, bundle::to_text(bundle::public_half(made)));
    std::printf("%s\n", bundle::key_id(bundle::public_half(made)).c_str());
    std::fflush(stdout);
    spdlog::info("wrote {}, to be kept secret, and {}, for those who check", secret_file.string(),
                 public_file.string());
    return exit_code::done;
}

exit_code sign(sign_options const& chosen)
{
    auto const key = secret_from(chosen);
    auto all = bundle::read_folder(chosen.folder);
    all.signature_text.reset(); // it is replaced
    auto const good = bundle::examine(all, {}, chosen.folder.string());
    auto const made = bundle::sign(key, *all.manifest_text);
    files::write(chosen.folder / bundle::signature_name, bundle::to_text(made));
    spdlog::info("signed {} {} with the key {}", good.described.name, good.described.version, bundle::key_id(made.by));
    return exit_code::done;
}

} // namespace pgratchet::commands
