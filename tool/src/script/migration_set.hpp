// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "report/diagnostic.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pgratchet::script {

/// A migration's file name taken apart: `NNN_description.sql`.
struct migration_name {
    std::string version;     ///< zero-padded digits, as written ("004")
    std::string description; ///< "investigation_context"
    std::string file;        ///< "004_investigation_context.sql"

    friend bool operator==(migration_name const&, migration_name const&) = default;
};

/// The name taken apart, or nothing if it does not have the form of a migration's name.
[[nodiscard]] std::optional<migration_name> parse_name(std::string_view file_name);

/// The migrations of a folder, ordered by version, and what is wrong with the set.
struct migration_set {
    std::vector<migration_name> migrations;
    std::vector<report::diagnostic> diagnostics;
};

/// Orders file names and checks them as a set: duplicate or skipped versions, mixed widths, names that
/// look like a migration but are none (`4_x.sql`, `004-x.sql`, `004_x.SQL`). Names with other endings are passed over.
/// `first` is the version the history starts with when it does not start with 001: the one after a baseline.
/// Versions of eight digits and more are timestamps, where gaps are natural.
[[nodiscard]] migration_set order(std::vector<std::string> const& file_names, std::string_view folder,
                                  std::optional<std::string> const& baseline = std::nullopt);

/// One more than a version, in at least as many digits.
[[nodiscard]] std::string version_after(std::string_view version);

/// The version of a file that is to be added to migrations that are in order: one more than the newest in its width,
/// 001 for the first. If versions are timestamps, it is `now` (UTC, as YYYYMMDDhhmmss) cut to their width, and still
/// more than the newest.
[[nodiscard]] std::string next_version(std::vector<migration_name> const& migrations, std::string_view now);

/// Compares two versions as numbers, whatever their width: negative, 0 or positive.
[[nodiscard]] int compare_versions(std::string_view a, std::string_view b);

} // namespace pgratchet::script
