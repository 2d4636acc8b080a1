// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "database/session.hpp"
#include "plan/locate.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pgratchet::commands {

/// Where an environment stands, and what that was read from.
struct located {
    catalog::snapshot live;
    plan::tolerance settled; ///< with what the server has proven equal
    plan::state found;
};

/// The plan as the session's user finds in the catalog what the files leave. To be had before the plan is compared with
/// anything that the session reads.
[[nodiscard]] plan::plan seen_by(database::session&, plan::plan);

/// Reads the environment's catalog and locates it. Hand-written probes are asked only where the schema alone cannot
/// tell, or drift is accepted, or a pending file has one that denies; the server defines texts only where
/// nothing fits.
[[nodiscard]] located locate_environment(database::session&, plan::plan const&, plan::tolerance,
                                         std::optional<std::size_t> assumed);

/// What a probe says; nothing if it fails (an object that it speaks of is not there). `why` is then the server's
/// message.
[[nodiscard]] std::optional<bool> ask(database::session&, plan::plan const&, plan::probe const&,
                                      std::string* why = nullptr);

/// The migrations that count as applied although a probe of theirs says that they have not run, ascending. A probe that
/// takes longer than two seconds is not waited for.
[[nodiscard]] std::vector<std::size_t> not_run_by_probe(database::session&, plan::plan const&, plan::state const&);

/// A line about a disagreement: "column public.t.c: type: expected integer, found text".
[[nodiscard]] std::string described(plan::disagreement const&);

} // namespace pgratchet::commands
