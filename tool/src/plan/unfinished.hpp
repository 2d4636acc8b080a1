// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plan/agreement.hpp"

#include <cstddef>
#include <vector>

namespace pgratchet::plan {

/// How far a no-transaction migration got.
struct progress_made {
    /// How many of its statements have landed; to run those after them is right or does no harm.
    std::size_t done = 0;
    bool exact = false;     ///< after so many statements all was as it is now
    bool half_done = false; ///< the statement behind them has begun, and is to be run again: half_dropped()
    /// How many of its objects that the plan knows differ from the version before it.
    std::ptrdiff_t differing = 0;
};

/// How far the no-transaction migration after version k got, by the objects that its statements touch. The answer is
/// the first number of statements after which all of them were as they are now: a statement without a trace is
/// repeated, which compiling allows only for those that do no work on data. Failing that, those before the first whose
/// effect is missing. The last of them is left out again if it is half done. Linear in its statements.
[[nodiscard]] progress_made unfinished(plan const&, timelines const&, std::size_t k, catalog::snapshot const& live,
                                       tolerance const&);

/// The invalid indexes that a statement's DROP INDEX CONCURRENTLY left behind when it was cut off: it marks an index
/// invalid, and commits that, long before the index is gone (PostgreSQL manual, "DROP INDEX").
[[nodiscard]] std::vector<catalog::object_id> half_dropped(effect const& statement, catalog::snapshot const& live);

/// What is there of the objects that the migration after version k makes for a while only and drops again itself.
[[nodiscard]] std::vector<catalog::object_id> left_for_a_while(plan const&, timelines const&, std::size_t k,
                                                               catalog::snapshot const& live);

} // namespace pgratchet::plan
