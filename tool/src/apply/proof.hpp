// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "database/session.hpp"
#include "plan/agreement.hpp"
#include "plan/plan.hpp"

#include <string>
#include <vector>

namespace pgratchet::apply {

/// What the proof works with, carried from one migration to the next.
struct picture {
    catalog::snapshot expected; ///< the plan's catalog before the migration
    catalog::snapshot live;     ///< the environment's, unmanaged objects included
};

/// What a migration did otherwise than compiled: one line for each object, "column public.t.c: type: expected integer,
/// found text".
using objections = std::vector<std::string>;

/// Compares the live catalog, as the open transaction sees it, with the effect of a migration: what was expected is
/// there, and nothing else appeared on what the migration touched (an event trigger of the database may add). Reads
/// only what the effect names. Afterwards the picture is that after the migration, if there are no objections.
[[nodiscard]] objections prove(database::session&, plan::plan const&, plan::effect const&, plan::tolerance const&,
                               picture&);

} // namespace pgratchet::apply
