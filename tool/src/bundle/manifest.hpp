// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pgratchet::bundle {

/// The files by which a folder is known to be a bundle. The manifest stands beside the plan, in the bundle's folder.
constexpr std::string_view manifest_name = "pgratchet-bundle.json";
constexpr std::string_view signature_name = "pgratchet-bundle.sig";

/// The folder of a bundle in which its users build. The manifest says nothing about it.
constexpr std::string_view build_folder = "build";

constexpr int manifest_format_version = 1;

struct listed_file {
    std::string path; ///< relative to the bundle's folder, with slashes
    std::string sha256;
    std::uint64_t size = 0; ///< bytes

    friend bool operator==(listed_file const&, listed_file const&) = default;
};

/// The schema at a version: a SHA-256 of the definitions that locate compares.
struct schema_state {
    std::string version; ///< "empty" or a migration's version
    std::string fingerprint;

    friend bool operator==(schema_state const&, schema_state const&) = default;
};

/// What a bundle is made of.
struct manifest {
    std::string name;    ///< of the call of pgratchet_add_bundle
    std::string version; ///< of the bundle: that of the project, then + and the newest migration
    std::string pgratchet;
    std::optional<std::string> source_revision;
    std::string plan; ///< path of the plan
    std::string plan_sha256;
    std::vector<schema_state> states; ///< from the one expected at first, "empty", to the one that is left
    std::vector<listed_file> files;   ///< all but the manifest itself and its signature, ordered by path

    friend bool operator==(manifest const&, manifest const&) = default;
};

/// The same bytes for an equal manifest. Ends with a line feed.
[[nodiscard]] std::string to_json(manifest const&);

/// Throws state_refused if the text is no manifest, damaged, or names a path that is not one within a bundle.
[[nodiscard]] manifest manifest_from(std::string_view text);

/// A relative path of plain names, that stays within its folder: no `..`, no empty part, no control characters.
[[nodiscard]] bool is_inner_path(std::string_view path);

/// A name from an untrusted place, fit for a terminal.
[[nodiscard]] std::string printable(std::string_view);

} // namespace pgratchet::bundle
