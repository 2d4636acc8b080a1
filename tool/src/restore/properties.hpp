// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "database/session.hpp"

#include <string>
#include <vector>

namespace pgratchet::restore {

/// A database as both its name and its OID.
struct database_id {
    std::string name;
    std::string oid;
};

/// Gives a new database, of the same owner, the privileges on the old one: before anything is restored into it, as
/// owners of schemas need theirs then. Throws backup_failed if they cannot be had in full.
void copy_privileges(database::session& admin, database_id const& from, database_id const& to);

/// What ALTER DATABASE ... SET and ALTER ROLE ... IN DATABASE ... SET said, the comment and the security labels. After
/// the restore, as a setting may stand in its way. Throws database::sql_error.
void copy_settings(database::session& admin, database_id const& from, database_id const& to);

/// Does the same and takes it back: a setting that only another role may copy is found out before hours of work. Throws
/// database::sql_error.
void try_settings(database::session& admin, database_id const& from, database_id const& to);

/// The elements of a list in a stored setting, such as `"$user", public`, without their quotes. Pure.
[[nodiscard]] std::vector<std::string> elements_of_list(std::string const& stored);

} // namespace pgratchet::restore
