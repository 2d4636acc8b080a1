// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace pgratchet::observe {

/// What one statement did to one relation that was there before its migration, read from the shadow.
struct observation {
    std::string relation;   ///< its identity, "public.orders"
    std::string lock;       ///< the strongest lock that it took, as in pg_locks: "AccessExclusiveLock"; empty for none
    bool rewritten = false; ///< the file node changed
    bool scanned = false;   ///< read in full: a constraint's validation, an index build
    bool index_built = false; ///< an index was built without CONCURRENTLY

    friend bool operator==(observation const&, observation const&) = default;
};

} // namespace pgratchet::observe
