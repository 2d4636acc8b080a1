// SPDX-License-Identifier: Apache-2.0
#include "cli/backup_choice.hpp"

#include "backup/compression.hpp"

#include <tuple>

namespace pgratchet::cli {

void add_backup_options(command_line& line, std::string const& prefix)
{
    line.add()("backup-dir", "where backups go (default: backups in the environment's folder of receipts)",
               cxxopts::value<std::string>(), "DIR");
    line.add_choice(prefix + "format", "", "FORMAT",
                    {{"custom", "default: one file"}, {"directory", "a file for each table"}});
    line.add()(prefix + "jobs", "how many tables are dumped at a time; with the directory format",
               cxxopts::value<std::string>(), "N")(
        prefix + "compress",
        "none, gzip:N, lz4:N or zstd:N (default: level 1 of the best of zstd, lz4 and gzip that pg_dump has)",
        cxxopts::value<std::string>(),
        "HOW")("no-space-check", "do not ask that the folder has as much room as the database takes on the server");
}

bool has_backup_options(command_line const& line, std::string const& prefix)
{
    return line.has("backup-dir") || line.has(prefix + "format") || line.has(prefix + "jobs") ||
           line.has(prefix + "compress") || line.has("no-space-check");
}

commands::backup_choice backup_choice_of(command_line const& line, std::string const& prefix)
{
    commands::backup_choice chosen;
    chosen.folder = line.path("backup-dir");
    if (chosen.folder && chosen.folder->empty()) {
        throw usage_error{"--backup-dir is empty"};
    }
    auto const format = line.one_of(prefix + "format").value_or("custom");
    chosen.format = format == "custom" ? backup::archive_format::custom : backup::archive_format::directory;
    constexpr int most_jobs = 100;
    chosen.jobs = line.count(prefix + "jobs", most_jobs).value_or(1);
    if (chosen.jobs < 1) {
        throw usage_error{"--" + prefix + "jobs is 0", "write 1 or more"};
    }
    if (chosen.jobs > 1 && chosen.format != backup::archive_format::directory) {
        throw usage_error{"--" + prefix + "jobs goes with the directory format: one file cannot be written by several",
                          "add --" + prefix + "format directory"};
    }
    chosen.compression = line.optional(prefix + "compress");
    if (chosen.compression) {
        std::ignore = backup::parse_compression(*chosen.compression);
    }
    chosen.check_space = !line.has("no-space-check");
    return chosen;
}

} // namespace pgratchet::cli
