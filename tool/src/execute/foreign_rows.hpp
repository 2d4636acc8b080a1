// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "database/session.hpp"
#include "script/script.hpp"

#include <string_view>

namespace pgratchet::execute {

/// What a statement does to rows of foreign tables: they are another server's, and no throwaway.
enum class foreign_work {
    none,
    rows,       ///< it changes some, and need not be run: see script::planned_only()
    more_beside ///< it changes some, and makes a table as well
};

/// Asks the server, before a statement is run that may change rows: by itself or through a view, a child table or a
/// partition. Not known of what functions, triggers and DO do, and of rows that an UPDATE moves into a foreign
/// partition. Nothing is changed; in a transaction it works behind a savepoint. A statement that cannot be planned has
/// none: it will fail.
[[nodiscard]] foreign_work foreign_work_of(database::session&, std::string_view text, script::statement const&);

} // namespace pgratchet::execute
