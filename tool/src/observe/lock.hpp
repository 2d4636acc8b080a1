// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

/// Table-level locks, by their names in pg_locks (PostgreSQL manual, "Explicit Locking", "Table-Level Locks").
namespace pgratchet::observe {

/// How strong a lock is: 1 for "AccessShareLock" to 8 for "AccessExclusiveLock"; 0 for what is none of the eight.
[[nodiscard]] int strength(std::string_view lock);

/// What other sessions cannot do to the relation while somebody holds the lock.
enum class blocked {
    nothing,
    schema_changes, ///< nor VACUUM; a running application does not notice
    writes,         ///< and SELECT FOR UPDATE under "ExclusiveLock"; reading goes on
    reads_and_writes,
};
[[nodiscard]] blocked blocked_by(std::string_view lock);

/// In words: "reads and writes", "writes", "schema changes"; empty for nothing.
[[nodiscard]] std::string in_words(blocked);

/// True for a lock that stops an application: it blocks writes, or more.
[[nodiscard]] bool is_strong(std::string_view lock);

/// The name in the manual's words: "ACCESS EXCLUSIVE" for "AccessExclusiveLock".
[[nodiscard]] std::string manual_name(std::string_view lock);

} // namespace pgratchet::observe
