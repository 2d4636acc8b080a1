// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "backup/programs.hpp"
#include "backup/receipt.hpp"
#include "errors.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace pgratchet::backup {

/// "cannot WHAT WHERE: the system's reason", of an errno.
[[nodiscard]] backup_failed trouble(std::string const& what, std::filesystem::path const& where, int reason);

/// Size and SHA-256 of an archive.
struct digest {
    std::uint64_t bytes = 0;
    std::string sha256; ///< lower-case hexadecimal

    friend bool operator==(digest const&, digest const&) = default;
};

/// A file's digest is that of its bytes. A folder's is the SHA-256 of what `sha256sum *` prints in it (LC_ALL=C): a
/// line for each file, in byte order of names. Reads in blocks, so the memory stays small.
/// Throws backup_failed if it is neither, cannot be read, or the folder holds anything but regular files.
/// `watch` is called for every block, and may throw.
[[nodiscard]] digest digest_of(std::filesystem::path const& archive, std::function<void()> const& watch = {});

/// An archive with its receipt.
struct found_backup {
    std::filesystem::path archive;
    receipt about;
};

/// Reads the receipt of an archive; `archive` may also be the path of the receipt itself, or of the folder of a
/// directory-format archive with a slash at its end. Looks at the receipt only, not at the archive's content.
/// Throws backup_failed if there is no archive or no receipt, configuration_error if the receipt is damaged or speaks
/// of another archive.
[[nodiscard]] found_backup open_backup(std::filesystem::path const& archive);

/// The complete backups of a project's environment in a folder, oldest first by the moment they were started. Damaged
/// receipts and archives without one are left out; `complain` is told of each. Those of format 1 name no project, and
/// count as any's. No folder: no backups.
[[nodiscard]] std::vector<found_backup> backups_in(std::filesystem::path const& folder, std::string const& project,
                                                   std::string const& environment,
                                                   std::vector<std::string>* complain = nullptr);

/// The script that pg_restore makes of an archive's schema, with CREATE DATABASE and the database's settings, without
/// tablespaces. Throws backup_failed if the archive cannot be read.
[[nodiscard]] std::string schema_of(found_backup const&, restore_program const&);

/// The names that `pg_restore --list` prints: what the archive holds, without its comments. Throws backup_failed if the
/// archive cannot be read, with what pg_restore says.
[[nodiscard]] std::vector<std::string> contents_of(std::filesystem::path const& archive,
                                                   std::filesystem::path const& pg_restore);

/// Makes sure that an archive is what its receipt says: there, of that size, of that SHA-256, and readable by
/// pg_restore. Throws backup_failed. `watch` as with digest_of().
void verify(found_backup const&, restore_program const&, std::function<void()> const& watch = {});

} // namespace pgratchet::backup
