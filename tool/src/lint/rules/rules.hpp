// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lint/facts.hpp"
#include "lint/warning.hpp"

#include <vector>

/// One function to a warning, for the table. Each is pure; the file that it is in groups what looks at the same things.
namespace pgratchet::lint::rules {

// gone.cpp
[[nodiscard]] std::vector<finding> column_dropped(migration_facts const&);
[[nodiscard]] std::vector<finding> table_dropped(migration_facts const&);
[[nodiscard]] std::vector<finding> object_dropped(migration_facts const&);
[[nodiscard]] std::vector<finding> drop_cascade(migration_facts const&);
[[nodiscard]] std::vector<finding> default_dropped(migration_facts const&);

// renames.cpp
[[nodiscard]] std::vector<finding> column_renamed(migration_facts const&);
[[nodiscard]] std::vector<finding> table_renamed(migration_facts const&);
[[nodiscard]] std::vector<finding> object_renamed(migration_facts const&);

// privileges.cpp
[[nodiscard]] std::vector<finding> grant_to_public(migration_facts const&);

// settings.cpp
[[nodiscard]] std::vector<finding> set_without_local(migration_facts const&);
[[nodiscard]] std::vector<finding> zero_lock_timeout(migration_facts const&);
[[nodiscard]] std::vector<finding> replication_role(migration_facts const&);

// data.cpp
[[nodiscard]] std::vector<finding> all_rows(migration_facts const&);
[[nodiscard]] std::vector<finding> truncate_cascade(migration_facts const&);
[[nodiscard]] std::vector<finding> password_in_file(migration_facts const&);

} // namespace pgratchet::lint::rules
