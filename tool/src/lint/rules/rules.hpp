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

// type_changes.cpp
[[nodiscard]] std::vector<finding> lossy_type_change(migration_facts const&);

// new_columns.cpp
[[nodiscard]] std::vector<finding> volatile_default(migration_facts const&);
[[nodiscard]] std::vector<finding> required_column(migration_facts const&);

// column_types.cpp
[[nodiscard]] std::vector<finding> char_column(migration_facts const&);
[[nodiscard]] std::vector<finding> varchar_limit(migration_facts const&);
[[nodiscard]] std::vector<finding> timestamp_without_zone(migration_facts const&);
[[nodiscard]] std::vector<finding> json_column(migration_facts const&);
[[nodiscard]] std::vector<finding> money_column(migration_facts const&);
[[nodiscard]] std::vector<finding> serial_column(migration_facts const&);

// keys.cpp
[[nodiscard]] std::vector<finding> no_primary_key(migration_facts const&);
[[nodiscard]] std::vector<finding> narrow_key(migration_facts const&);
[[nodiscard]] std::vector<finding> foreign_key_without_index(migration_facts const&);
[[nodiscard]] std::vector<finding> wide_index(migration_facts const&);

// names.cpp
[[nodiscard]] std::vector<finding> name_truncated(migration_facts const&);

// locks.cpp
[[nodiscard]] std::vector<finding> table_rewrite(migration_facts const&);
[[nodiscard]] std::vector<finding> validation_scan(migration_facts const&);
[[nodiscard]] std::vector<finding> index_not_concurrent(migration_facts const&);
[[nodiscard]] std::vector<finding> second_strong_lock(migration_facts const&);
[[nodiscard]] std::vector<finding> work_under_lock(migration_facts const&);

// if_not_exists.cpp
[[nodiscard]] std::vector<finding> if_not_exists_differs(migration_facts const&);
[[nodiscard]] std::vector<finding> invalid_index(migration_facts const&);

// recreated.cpp
[[nodiscard]] std::vector<finding> privileges_lost(migration_facts const&);
[[nodiscard]] std::vector<finding> comment_lost(migration_facts const&);

// routines.cpp
[[nodiscard]] std::vector<finding> definer_without_path(migration_facts const&);

// safeguards.cpp
[[nodiscard]] std::vector<finding> trigger_disabled(migration_facts const&);
[[nodiscard]] std::vector<finding> row_security_off(migration_facts const&);
[[nodiscard]] std::vector<finding> unlogged_table(migration_facts const&);
[[nodiscard]] std::vector<finding> domain_constraint(migration_facts const&);

// privileges.cpp
[[nodiscard]] std::vector<finding> grant_to_public(migration_facts const&);

// settings.cpp
[[nodiscard]] std::vector<finding> set_without_local(migration_facts const&);
[[nodiscard]] std::vector<finding> zero_lock_timeout(migration_facts const&);
[[nodiscard]] std::vector<finding> replication_role(migration_facts const&);

// maintenance.cpp
[[nodiscard]] std::vector<finding> vacuum_full(migration_facts const&);
[[nodiscard]] std::vector<finding> reindex_not_concurrent(migration_facts const&);
[[nodiscard]] std::vector<finding> refresh_not_concurrent(migration_facts const&);
[[nodiscard]] std::vector<finding> detach_not_concurrent(migration_facts const&);
[[nodiscard]] std::vector<finding> lock_table(migration_facts const&);

// data.cpp
[[nodiscard]] std::vector<finding> all_rows(migration_facts const&);
[[nodiscard]] std::vector<finding> truncate_cascade(migration_facts const&);
[[nodiscard]] std::vector<finding> password_in_file(migration_facts const&);

} // namespace pgratchet::lint::rules
