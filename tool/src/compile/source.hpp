// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "observe/observation.hpp"
#include "plan/plan.hpp"
#include "script/script.hpp"

#include <vector>

namespace pgratchet::compile {

/// A migration as it is to be replayed: its entry in the plan, whose effect the replay fills in, and its script.
struct source {
    plan::migration entry;
    script::script text;
    bool quiet = false; ///< nobody wants to be warned of it any more
    /// What each statement of the body did to the catalog. Empty for a quiet one, and where the whole catalog has to be
    /// read each time.
    std::vector<plan::effect> each;
    std::vector<std::vector<observe::observation>> observed; ///< and to relations that were there
};

} // namespace pgratchet::compile
