// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace pgratchet::backup {

/// pg_dump and pg_restore of one installation.
struct dump_programs {
    std::filesystem::path pg_dump;
    std::filesystem::path pg_restore;
    int major = 0;       ///< 17 for 17.5
    std::string version; ///< as --version says it: "17.5 (Debian 17.5-1)"
};

/// The newest pg_dump on the machine that is not older than the server, with the pg_restore beside it. Looks in
/// `bindir`, in PATH and in Debian's versioned folders. pg_dump refuses a newer server (PostgreSQL manual, "pg_dump").
/// Throws configuration_error, naming what there is and the package to install.
[[nodiscard]] dump_programs find_dump_programs(int server_major, std::optional<std::filesystem::path> const& bindir);

/// pg_restore alone.
struct restore_program {
    std::filesystem::path pg_restore;
    int major = 0;
    std::string version;
};

/// A pg_restore that can read what a pg_dump of `archive_major` wrote: one that is not older. Of several it takes the
/// one whose major version is nearest, since a newer one may send settings that an older server does not know.
/// Throws configuration_error, naming what there is and the package to install.
[[nodiscard]] restore_program find_pg_restore(int archive_major, std::optional<std::filesystem::path> const& bindir);

} // namespace pgratchet::backup
