// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "backup/archive.hpp"
#include "database/session.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace pgratchet::backup {

struct dump_settings {
    std::filesystem::path folder; ///< where backups go; made if it is not there
    archive_format format = archive_format::custom;
    int jobs = 1;                           ///< more than one needs the directory format
    std::optional<std::string> compression; ///< none, gzip:N, lz4:N, zstd:N; the fastest that pg_dump has if absent
    std::optional<std::filesystem::path> bindir;
    bool check_space = true; ///< that the folder has room for the database's size
};

/// What a backup is of, and why it is made.
struct occasion {
    std::string project; ///< as in a receipt
    std::string environment;
    std::string condition;                   ///< as in a receipt
    std::optional<std::string> version;      ///< likewise
    std::vector<std::string> accepted_drift; ///< likewise
    std::string name;                        ///< the first part of the file's name: "pre-004"
    std::string plan_sha256;
};

/// Called while pg_dump runs, about five times a second, with the bytes written so far. May throw: pg_dump is then
/// ended, and nothing is left of the archive.
using observer = std::function<void(std::uint64_t bytes)>;

/// Makes a backup of the database that `on` is connected with, and keeps to the same server: the caller holds the
/// deployer lock on `on`, which stays free to be used by `watch`. The archive is written under a name that ends in
/// .partial, flushed, read back with pg_restore, renamed, and its receipt written. On any fault nothing is left that
/// looks like a backup; what a killed run left is removed by the next. Files are open to their owner alone.
/// Throws configuration_error if no pg_dump fits the server or the settings, backup_failed otherwise.
[[nodiscard]] found_backup make_backup(database::session& on, dump_settings const&, occasion const&,
                                       observer const& watch);

} // namespace pgratchet::backup
