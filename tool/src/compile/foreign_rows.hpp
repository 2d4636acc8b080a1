// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "database/session.hpp"
#include "script/script.hpp"

#include <string_view>

namespace pgratchet::compile {

/// True if a statement would change rows of a foreign table, by itself or through a view, a parent or a partitioned
/// table: they are another server's, and no throwaway. Not known of what functions, triggers and DO do. Nothing is
/// changed; in a transaction it works behind a savepoint.
[[nodiscard]] bool changes_foreign_rows(database::session&, std::string_view text, script::statement const&);

} // namespace pgratchet::compile
