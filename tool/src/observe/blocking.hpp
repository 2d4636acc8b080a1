// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "observe/lock.hpp"
#include "observe/observation.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace pgratchet::observe {

/// A statement that was run on real data.
struct timed_statement {
    std::vector<observation> relations; ///< may be none
    std::chrono::steady_clock::duration took{};
};

/// How long an application was stopped.
struct stop {
    std::string relation;
    blocked what = blocked::nothing; ///< writes, or reads and writes
    std::chrono::steady_clock::duration time{};
};

/// For each relation with a strong lock (is_strong) how long it was held: in a transaction from the statement that took
/// it up to the end, and with each stronger lock from there on as one of its own; without one as long as its
/// statements took together. Ordered by relation, the weaker lock first.
[[nodiscard]] std::vector<stop> stops(std::vector<timed_statement> const&, bool in_transaction);

} // namespace pgratchet::observe
