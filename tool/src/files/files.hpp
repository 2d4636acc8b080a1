// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace pgratchet::files {

/// The bytes of a regular file. Throws configuration_error, naming the file and the system's reason.
[[nodiscard]] std::string read(std::filesystem::path const&);

/// The names of the entries of a folder, sorted. Throws configuration_error if it is none, or cannot be read.
[[nodiscard]] std::vector<std::string> names_in(std::filesystem::path const& folder);

/// Replaces a file's content as a whole: written beside it, flushed to the disk, renamed. Makes the folders above it.
/// A reader sees the old content or the new one. Throws configuration_error.
void write(std::filesystem::path const&, std::string_view content);

/// Writes a new file. Throws configuration_error if it exists.
void write_new(std::filesystem::path const&, std::string_view content);

/// Writes a new file that only its owner can read (mode 0600). Throws configuration_error if it exists.
void write_secret(std::filesystem::path const&, std::string_view content);

/// Appends a line, in one write, and leaves it to the system when it reaches the disk. Makes the folders above the
/// file. Throws configuration_error.
void append_line(std::filesystem::path const&, std::string_view line);

} // namespace pgratchet::files
