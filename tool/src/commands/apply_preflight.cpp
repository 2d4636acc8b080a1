// SPDX-License-Identifier: Apache-2.0
#include "commands/apply_preflight.hpp"

#include "errors.hpp"
#include "preflight/problems.hpp"
#include "preflight/read_rights.hpp"

#include <spdlog/spdlog.h>

namespace pgratchet::commands {

namespace {

std::vector<preflight::pending_file> pending_files(plan_source const& source, plan::state const& found,
                                                   std::size_t last)
{
    std::vector<preflight::pending_file> files;
    for (auto k = found.version + 1; k <= last; ++k) {
        files.push_back({&source.compiled.migrations[k - 1], source.script_of(k),
                         k == found.version + 1 ? found.statements_done : 0});
    }
    return files;
}

} // namespace

void demand_rights(database::session& on, plan_source const& source, environment const& where, located const& at,
                   std::size_t last)
{
    auto const wanted = preflight::demands_of(pending_files(source, at.found, last), at.live, source.compiled.roles);
    auto const has = preflight::read_rights(on, wanted);
    if (has.is_superuser && (source.compiled.runtime_role || where.is_protected()) && !where.is_local()) {
        spdlog::warn("warning: {} is migrated by role {}, which is a superuser", where.name(), has.role);
        spdlog::warn(
            "hint: let a role of its own own the objects and run the migrations: docs/how-to/roles-and-guards.md");
    }
    if (auto const problems = preflight::problems_of(wanted, has); !problems.empty()) {
        throw configuration_error{"role " + has.role + " lacks what the pending migrations need in database " +
                                      has.database + "; nothing was changed" + preflight::in_words(problems),
                                  "when these commands have been run, apply again; --no-preflight leaves it to the "
                                  "server"};
    }
}

} // namespace pgratchet::commands
