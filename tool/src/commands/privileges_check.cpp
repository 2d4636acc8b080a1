// SPDX-License-Identifier: Apache-2.0
#include "commands/privileges_check.hpp"

#include "plan/timeline.hpp"
#include "preflight/demands.hpp"
#include "preflight/runtime_role.hpp"

#include <set>
#include <spdlog/spdlog.h>

namespace pgratchet::commands {

namespace {

/// The tables that the application works with: those of the version that is there. A partition is reached through its
/// parent, which is asked for.
preflight::runtime_needs needs_of(plan::plan const& compiled, located const& at)
{
    preflight::runtime_needs needs{*compiled.runtime_role, compiled.runtime_privileges, {}, {}};
    std::set<std::string> schemas;
    for (auto const& [id, value] : plan::snapshot_at(compiled, at.found.version)) {
        if (id.kind == "schema") {
            schemas.insert(preflight::schema_of(id.identity + "."));
        }
        if (id.kind != "table" || value.attributes.contains("partition of") || !at.live.contains(id) ||
            plan::tolerated(compiled, {}, id, "runtime privileges")) {
            continue;
        }
        needs.tables.push_back(id.identity);
        schemas.insert(preflight::schema_of(id.identity));
    }
    needs.schemas.assign(schemas.begin(), schemas.end());
    return needs;
}

} // namespace

std::optional<check> privileges_check(database::session& on, environment const& where, plan::plan const& compiled,
                                      located const& at)
{
    if (!compiled.runtime_role) {
        return std::nullopt;
    }
    auto const needs = needs_of(compiled, at);
    check result{"schema.privileges", false, preflight::runtime_objections(on, needs)};
    result.passed = result.lines.empty();
    if (result.passed) {
        result.lines.push_back("role " + needs.role + " has what it needs on " + std::to_string(needs.tables.size()) +
                               " tables, and no more");
    }
    shorten(result.lines);
    if (!result.passed) {
        result.lines.emplace_back(
            "hint: what concerns objects that the migrations make belongs into the next migration: "
            "said by hand, it is missing wherever they are made anew");
    }
    if (auto const deployer = preflight::superuser_deployer(on); !deployer.empty() && !where.is_local()) {
        auto const warning = "warning: " + where.name() + " is reached as role " + deployer + ", which is a superuser";
        spdlog::warn(warning);
        result.lines.push_back(warning);
    }
    return result;
}

} // namespace pgratchet::commands
