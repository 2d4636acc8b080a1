// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "script/script.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace pgratchet::compile {

/// What a statement that cannot run in a transaction is going to lock (PostgreSQL manual, "Explicit Locking" and the
/// page of the command): one look into pg_locks after it would come too late.
struct foresight {
    std::string lock;               ///< as in pg_locks; empty for a statement that is none of these
    std::vector<std::string> names; ///< of the relations, as SQL takes them; an index stands for its table. None: all
    bool scans = false;             ///< it reads them in full to build an index
};
[[nodiscard]] foresight foresee(std::string_view text, script::statement const&);

} // namespace pgratchet::compile
