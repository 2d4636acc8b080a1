// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "commands/located.hpp"
#include "commands/plan_source.hpp"

#include <optional>
#include <string>

namespace pgratchet::commands {

/// What of an environment looks like the work of migrations that a bundle does not have yet. There is no bookkeeping
/// table that could tell, but the catalog can: at the bundle's newest version, objects are there that no version of
/// its plan knows.
struct newer_than_bundle {
    /// Columns that the plan does not know on relations that it knows: nobody's but a migration's, or a hand's.
    std::vector<catalog::object_id> columns;
    /// Anything else that the plan does not know, which may well be another application's.
    std::vector<catalog::object_id> others;
};

/// Nothing for a plan that is in no bundle (there the newer files are at hand), and while something is pending.
[[nodiscard]] newer_than_bundle look_for_newer(plan_source const&, located const&);

/// That, in words, if there are such columns: "prod is newer than this bundle, which ends at 003, or was changed by
/// hand: ...".
[[nodiscard]] std::optional<std::string> why_too_old(plan_source const&, located const&,
                                                     std::string const& environment);

/// Throws state_refused for a bundle that is too old; says on the log if it might be.
void refuse_downgrade(plan_source const&, located const&, std::string const& environment);

} // namespace pgratchet::commands
