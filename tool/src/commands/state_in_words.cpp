// SPDX-License-Identifier: Apache-2.0
#include "commands/state_in_words.hpp"

#include "plan/other_file.hpp"

#include <algorithm>

namespace pgratchet::commands {

namespace {

using plan::condition;

/// Of what the application makes while it runs, a schema for each tenant say, there may be thousands.
constexpr std::size_t most_unmanaged = 50;

std::string version_list(plan::plan const& compiled, std::vector<std::size_t> const& versions)
{
    std::string list;
    for (auto const k : versions) {
        list += (list.empty() ? "" : ", ") + plan::version_name(compiled, k);
    }
    return list;
}

constexpr auto about_drift =
    "was an applied file edited? undo that, and write the next one; is it a hotfix that all are to have? write it down "
    "as the next migration, with the same words; else bring the listed objects back, or name those that do not matter: "
    "--accept-drift 'KIND IDENTITY'; what only has the same name can be renamed";

/// A branch that was merged late, most often; or what later files make was made by hand.
std::string about_one_left_out(plan::plan const& compiled, plan::gap const& gap)
{
    auto const& file = compiled.migrations[gap.file - 1].file;
    return "has " + file + " come in when later ones had run here? give it a number above " +
           plan::version_name(compiled, gap.version) +
           ", and it runs; was what later ones make made by hand? take that away; if " + file +
           " has run, bring back what is missing, or name what does not matter: --accept-drift 'KIND IDENTITY'; its "
           "objects made by hand would leave undone what else it does";
}

std::string about_a_denial(plan::plan const& compiled, std::size_t denying)
{
    return "bring the listed objects back, or name those that do not matter and the version that it is at: "
           "--accept-drift 'KIND IDENTITY' --assume NNN; if " +
           plan::version_name(compiled, denying) +
           " has not run, whatever its probe says, that version alone: --assume NNN";
}

/// Of what stands between a version and the next.
std::string about_a_part(plan::plan const& compiled, std::size_t version)
{
    if (compiled.baseline_schema && version == 0) {
        return "it is at an older version: bring it to the baseline with a plan that has the files up to it; or "
               "something is missing that is to be brought back";
    }
    auto const next = plan::version_name(compiled, version + 1);
    if (compiled.migrations[version].mode == script::transaction_mode::wrapped) {
        return "was the file edited since it was run? undo that, and write the next one; if " + next +
               " has run, bring back what is missing, or let it pass: --accept-drift 'KIND IDENTITY'; if it has not, "
               "take back what is there, or let the file make that IF NOT EXISTS; what only has the same name can be "
               "renamed";
    }
    return "go on to " + next + ": it is taken up where it was cut off";
}

} // namespace

std::string missing_in_words(plan::disagreement const& one)
{
    if (!one.attribute.empty()) {
        return described(one);
    }
    return one.id.kind + " " + one.id.identity + (one.expected ? "" : " is to be dropped");
}

std::string not_run_in_words(plan::plan const& compiled, std::size_t k)
{
    return "counts as applied, but a probe says that it has not run: " + compiled.migrations[k - 1].file;
}

std::string where_it_stands(std::string const& environment, plan::plan const& compiled, plan::state const& found)
{
    auto const at = plan::version_name(compiled, found.version);
    switch (found.is) {
    case condition::empty:
        return environment + " is empty";
    case condition::applied:
        return environment + " is at " + at;
    case condition::partial:
        return environment + " is between " + at + " and " + plan::version_name(compiled, found.version + 1) +
               ": partial";
    case condition::drift:
        return environment +
               (found.denied_by
                    ? " has the schema of " + version_list(compiled, found.fitting) + ", but a probe says that " +
                          plan::version_name(compiled, *found.denied_by) + " has run: drift, nearest to "
                    : " fits no version: drift, nearest to ") +
               at;
    case condition::ambiguous:
        return environment + " is ambiguous: the schema is that of " + version_list(compiled, found.candidates);
    }
    return environment;
}

std::string in_words(std::string const& environment, plan::plan const& compiled, plan::state const& found)
{
    auto text = where_it_stands(environment, compiled, found) +
                (found.is == condition::empty ? ": no migration has been applied\n" : "\n");
    auto const line = [&](std::string const& what) {
        text += "  " + what + "\n";
    };
    for (auto const k : found.by_probe) {
        line("counts as applied, as a probe says: " + compiled.migrations[k - 1].file);
    }
    for (auto const& one : found.lacking) {
        line("lacking: " + one);
    }
    for (auto k = found.version + 1; k <= compiled.migrations.size() && found.is != condition::ambiguous; ++k) {
        line("pending: " + compiled.migrations[k - 1].file);
    }
    if (found.statements_done > 0) {
        line("statements done: " + std::to_string(found.statements_done));
    }
    for (auto const& one : found.drift) {
        line((found.is == condition::partial ? "partial: " : "drift: ") + described(one));
    }
    if (auto const about = plan::drift_in_words(compiled, found, environment); !about.empty()) {
        line(about);
    }
    for (auto const& one : found.missing) {
        line("missing: " + missing_in_words(one));
    }
    for (auto const& one : found.accepted) {
        line("accepted: " + described(one));
    }
    for (auto const& one : found.anticipated) {
        line("anticipated: " + one.kind + " " + one.identity);
    }
    auto const shown = std::min(found.unmanaged.size(), most_unmanaged);
    for (std::size_t i = 0; i < shown; ++i) {
        line("unmanaged: " + found.unmanaged[i].kind + " " + found.unmanaged[i].identity);
    }
    if (auto const more = found.unmanaged.size() - shown; more > 0) {
        line("unmanaged: and " + std::to_string(more) + " more (status --format json has them all)");
    }
    return text;
}

std::optional<std::string> what_to_do(plan::plan const& compiled, plan::state const& found)
{
    switch (found.is) {
    case condition::drift:
        if (found.denied_by) {
            return about_a_denial(compiled, *found.denied_by);
        }
        if (found.left_out) {
            return about_one_left_out(compiled, *found.left_out);
        }
        return about_drift;
    case condition::ambiguous:
        return "find it out, and say it: --assume NNN";
    case condition::partial:
        return about_a_part(compiled, found.version);
    case condition::empty:
    case condition::applied:
        break;
    }
    return std::nullopt;
}

} // namespace pgratchet::commands
