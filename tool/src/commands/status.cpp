// SPDX-License-Identifier: Apache-2.0
#include "commands/status.hpp"

#include "commands/downgrade.hpp"
#include "commands/plan_source.hpp"
#include "commands/state_in_words.hpp"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace pgratchet::commands {

namespace {

using nlohmann::ordered_json;
using plan::condition;

ordered_json ids(std::vector<catalog::object_id> const& of)
{
    auto list = ordered_json::array();
    for (auto const& one : of) {
        list.push_back({{"kind", one.kind}, {"identity", one.identity}});
    }
    return list;
}

ordered_json disagreements(std::vector<plan::disagreement> const& of)
{
    auto const text = [](std::optional<std::string> const& value) {
        return value ? ordered_json(*value) : ordered_json(nullptr);
    };
    auto list = ordered_json::array();
    for (auto const& one : of) {
        ordered_json entry{{"kind", one.id.kind}, {"identity", one.id.identity}};
        if (!one.attribute.empty()) {
            entry["attribute"] = one.attribute;
        }
        entry["expected"] = text(one.expected);
        entry["actual"] = text(one.actual);
        list.push_back(std::move(entry));
    }
    return list;
}

/// Null for the empty database.
ordered_json version(plan::plan const& compiled, std::size_t k)
{
    return k == 0 ? ordered_json(nullptr) : ordered_json(plan::version_name(compiled, k));
}

ordered_json versions(plan::plan const& compiled, std::vector<std::size_t> const& of)
{
    auto list = ordered_json::array();
    for (auto const k : of) {
        list.push_back(version(compiled, k));
    }
    return list;
}

ordered_json as_json(std::string const& environment, std::string const& database, std::string const& server,
                     plan::plan const& compiled, plan::state const& found, std::vector<std::size_t> const& not_run)
{
    ordered_json out{{"environment", environment},
                     {"database", database},
                     {"server_version", server},
                     {"state", plan::name_of(found.is)},
                     {"version", version(compiled, found.version)},
                     {"pending", ordered_json::array()}};
    for (auto k = found.version + 1; k <= compiled.migrations.size(); ++k) {
        out["pending"].push_back(compiled.migrations[k - 1].version);
    }
    out["drift"] = disagreements(found.drift);
    out["anticipated"] = ids(found.anticipated);
    out["unmanaged"] = ids(found.unmanaged);
    if (found.is == condition::ambiguous) {
        out["candidates"] = versions(compiled, found.candidates);
        if (!found.lacking.empty()) {
            out["lacking"] = found.lacking;
        }
    }
    if (found.left_out) {
        out["left_out"] = compiled.migrations[found.left_out->file - 1].version;
    }
    if (found.denied_by) {
        out["denied_by"] = plan::version_name(compiled, *found.denied_by);
    }
    if (found.is == condition::partial) {
        out["missing"] = disagreements(found.missing);
    }
    if (!found.by_probe.empty()) {
        out["by_probe"] = versions(compiled, found.by_probe);
    }
    if (!not_run.empty()) {
        out["not_run_by_probe"] = versions(compiled, not_run);
    }
    if (found.is == condition::partial && found.statements_done > 0) {
        out["statements_done"] = found.statements_done;
    }
    return out;
}

} // namespace

exit_code status(status_options const& chosen)
{
    auto source = load_plan(chosen.plan);
    environment const where{chosen.connection, source.compiled.roles};
    auto const session = where.connect("pgratchet status");
    source.compiled = seen_by(*session, std::move(source.compiled));
    auto const at = locate_environment(*session, source.compiled, {}, std::nullopt);
    auto const not_run = not_run_by_probe(*session, source.compiled, at.found);
    if (chosen.json) {
        auto const about = session->execute("SELECT current_database(), current_setting('server_version')").at(0);
        std::puts(as_json(where.name(), about[0].value(), about[1].value(), source.compiled, at.found, not_run)
                      .dump(2)
                      .c_str());
    } else {
        std::fputs(in_words(where.name(), source.compiled, at.found).c_str(), stdout);
        for (auto const k : not_run) {
            std::printf("  %s\n", not_run_in_words(source.compiled, k).c_str());
        }
        if (auto const why = why_too_old(source, at, where.name())) {
            std::printf("  %s\n", why->c_str());
        }
        if (auto const hint = what_to_do(source.compiled, at.found)) {
            std::printf("  hint: %s\n", hint->c_str());
        }
    }
    return exit_code::done;
}

} // namespace pgratchet::commands
