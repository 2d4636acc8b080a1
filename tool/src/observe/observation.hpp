// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace pgratchet::observe {

/// What one statement did to one relation that was there before its migration, read from the shadow.
struct observation {
    std::string relation; ///< its identity before the migration, "public.orders"
    /// The strongest lock that the statement took and the transaction did not hold yet, as in pg_locks:
    /// "AccessExclusiveLock". Where it took no new one and did something all the same, the strongest that was held.
    std::string lock;
    bool rewritten = false;   ///< the file node changed
    bool scanned = false;     ///< read in full: a constraint's validation, an index build
    bool index_built = false; ///< an index was built without CONCURRENTLY

    friend bool operator==(observation const&, observation const&) = default;
};

/// A statement of a migration and what it did to such relations, as the plan keeps it.
struct observed_statement {
    std::size_t number = 0;             ///< in the body, counted from 1
    std::size_t line = 0;               ///< of its first character
    std::string command;                ///< its first words: "ALTER TABLE"
    std::vector<observation> relations; ///< ordered by identity, never empty

    friend bool operator==(observed_statement const&, observed_statement const&) = default;
};

} // namespace pgratchet::observe
