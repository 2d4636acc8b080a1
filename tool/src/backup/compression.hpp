// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "backup/programs.hpp"

#include <optional>
#include <string>

namespace pgratchet::backup {

/// How an archive is compressed: a method that pg_dump knows, and its level.
struct compression {
    std::string method; ///< none, gzip, lz4, zstd
    int level = 0;      ///< 0 goes with none alone

    /// "zstd:1", "none": as receipts have it, and pg_dump 16 and later takes it.
    [[nodiscard]] std::string text() const;
};

/// Reads "none", "gzip", "gzip:6", "lz4:1", "zstd:3". Without a level it is 1, the fastest. Throws usage_error.
[[nodiscard]] compression parse_compression(std::string const& text);

/// The argument for pg_dump. Throws configuration_error if this one has no such compression: zstd and lz4 came with
/// PostgreSQL 16, and can be left out when it is built.
[[nodiscard]] std::string compress_argument(compression const&, dump_programs const&);

/// The one that is wanted, else the best at level 1 that this pg_dump has: zstd, lz4, gzip. Throws like the two above.
[[nodiscard]] compression choose_compression(std::optional<std::string> const& wanted, dump_programs const&);

} // namespace pgratchet::backup
