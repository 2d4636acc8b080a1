// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bundle/manifest.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace pgratchet::bundle {

/// A thing in a bundle that is no folder.
struct entry {
    std::string sha256;     ///< of a regular file
    std::uint64_t size = 0; ///< likewise
    /// What it is, if it is not what a bundle may hold: "a symbolic link".
    std::string oddity;
};

/// What lies in a bundle's folder or archive.
struct contents {
    std::map<std::string, entry> entries;     ///< by path, all but the manifest and its signature
    std::map<std::string, std::string> bytes; ///< of the regular files among them, if they were asked for
    std::optional<std::string> manifest_text;
    std::optional<std::string> signature_text;
};

/// Which files' bytes are kept: those of a folder can be read again, those of an archive cannot.
enum class keep { nothing, bytes };

/// Reads a folder. Follows no link, and leaves out the folder `build`. Throws configuration_error if it cannot be read.
[[nodiscard]] contents read_folder(std::filesystem::path const&, keep = keep::nothing);

/// What a manifest says and is not so, one line each: altered, missing, added, no regular file.
[[nodiscard]] std::vector<std::string> differences(manifest const&, contents const&);

} // namespace pgratchet::bundle
