// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pgratchet::backup {

/// pg_dump's two formats that pg_restore reads with a table of contents: one file, or a folder.
enum class archive_format { custom, directory };

[[nodiscard]] std::string_view name_of(archive_format);

/// What is kept beside an archive: what was dumped, from where, in which state, and how to know it again. An archive
/// without one does not count as a backup. It holds no secret.
struct receipt {
    std::string archive; ///< name of the file or folder, beside the receipt: "pre-004-20261123T101500Z.dump"
    archive_format format = archive_format::custom;
    std::string compression; ///< as pg_dump takes it: "zstd:1", "gzip:1", "none"
    std::uint64_t bytes = 0; ///< of the archive; all files of a folder together
    std::string sha256;      ///< of the archive, see digest_of() in archive.hpp

    std::string project; ///< as the plan file is named, "shop" of shop.plan.json; empty in format 1
    std::string environment;
    std::string database; ///< its name when it was dumped
    std::uint32_t database_oid = 0;
    std::uint64_t database_bytes = 0; ///< its size on the server; 0 in format 1
    std::string system_identifier;    ///< of the cluster, in digits; empty if the role was not allowed to read it
    int server_version = 0;           ///< as PQserverVersion: 150018 for 15.18

    std::string condition;                   ///< what locate() said: empty, applied, partial, drift, ambiguous
    std::optional<std::string> version;      ///< the state before: "003"; nothing if it was empty, or could not be told
    std::vector<std::string> accepted_drift; ///< "index public.i": whose drift was let pass when it was located
    std::string plan_sha256;                 ///< of the plan file

    int pg_dump_major = 0;       ///< a pg_restore that reads it is not older
    std::string pg_dump_version; ///< "17.5 (Debian 17.5-1)"
    double seconds = 0;
    std::string started; ///< UTC: "2026-11-23T10:15:00Z"
    std::string finished;

    friend bool operator==(receipt const&, receipt const&) = default;
};

/// The JSON text of a receipt, with its format's version, in lines, ending with a line feed.
[[nodiscard]] std::string to_json(receipt const&);

/// Reads it back, also one of format 1. `name` stands for the file in messages. Pure. Every field must be there, of its
/// type and within its bounds; unknown fields are refused, since a newer pgratchet would have counted the format's
/// version up. Throws configuration_error; the hint says so if it was a newer pgratchet that wrote it.
[[nodiscard]] receipt parse_receipt(std::string_view text, std::string const& name);

/// Where the receipt of an archive is: "pre-004-20261123T101500Z.dump.json" beside it.
[[nodiscard]] std::filesystem::path receipt_of(std::filesystem::path const& archive);

} // namespace pgratchet::backup
