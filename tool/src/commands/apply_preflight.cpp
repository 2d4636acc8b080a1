// SPDX-License-Identifier: Apache-2.0
#include "commands/apply_preflight.hpp"

#include "errors.hpp"
#include "preflight/problems.hpp"
#include "preflight/read_rights.hpp"

#include <algorithm>
#include <spdlog/spdlog.h>
#include <vector>

namespace pgratchet::commands {

namespace {

bool makes_a_new_extension(plan::migration const& one, catalog::snapshot const& live)
{
    return std::ranges::any_of(one.changes, [&](plan::change const& each) {
        return each.id.kind == "extension" && each.after && !live.contains(each.id);
    });
}

/// The files to look at. A superuser lacks nothing but what the server does not have: reading the other files would
/// cost time for nothing.
std::vector<preflight::pending_file> files_to_look_at(plan_source const& source, located const& at, std::size_t last,
                                                      bool is_superuser)
{
    std::vector<preflight::pending_file> files;
    for (auto k = at.found.version + 1; k <= last; ++k) {
        auto const& entry = source.compiled.migrations[k - 1];
        if (!is_superuser || makes_a_new_extension(entry, at.live)) {
            files.push_back({&entry, source.script_of(k), k == at.found.version + 1 ? at.found.statements_done : 0});
        }
    }
    return files;
}

} // namespace

void demand_rights(database::session& on, plan_source const& source, environment const& where, located const& at,
                   std::size_t last)
{
    auto has = preflight::read_deployer(on);
    auto const files = files_to_look_at(source, at, last, has.is_superuser);
    auto const wanted = preflight::demands_of(files, at.live, source.compiled.roles);
    preflight::read_rights(on, wanted, has);
    if (has.is_superuser && (source.compiled.runtime_role || where.is_protected()) && !where.is_local()) {
        spdlog::warn("warning: {} is migrated by role {}, which is a superuser", where.name(), has.role);
        spdlog::warn(
            "hint: let a role of its own own the objects and run the migrations: docs/how-to/roles-and-guards.md of "
            "pgratchet's source");
    }
    if (auto const problems = preflight::problems_of(wanted, has); !problems.empty()) {
        throw configuration_error{"role " + has.role + " lacks what the pending migrations need in database " +
                                      has.database + "; nothing was changed" + preflight::in_words(problems),
                                  "when these commands have been run, apply again; --no-preflight leaves it to the "
                                  "server"};
    }
}

} // namespace pgratchet::commands
