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

/// True if a statement of a file without a transaction may be given one of its own on the shadow, so that its locks can
/// be seen: nothing is different for it. Where the server refuses (SQLSTATE 25001) nothing has happened yet.
[[nodiscard]] bool may_run_in_transaction(std::string_view text, script::statement const&);

/// True for a statement that makes new objects, changes none that is there, and runs no code of the user's.
[[nodiscard]] bool only_makes_objects(std::string_view text, script::statement const&);

} // namespace pgratchet::compile
