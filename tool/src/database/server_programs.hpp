// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>

namespace pgratchet::database {

/// Where a PostgreSQL server's programs are.
struct server_programs {
    std::filesystem::path bindir;
    int major = 0; ///< 15 for 15.18
};

/// Finds initdb, pg_ctl and postgres in one folder: the one given, else that of the pg_ctl in PATH, else what pg_config
/// says, else the newest of Debian's. Throws configuration_error with the package to install.
[[nodiscard]] server_programs find_server_programs(std::optional<std::filesystem::path> const& bindir);

} // namespace pgratchet::database
