// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bundle/contents.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace pgratchet::bundle {

/// Archives that unpack to more than that are refused: a small file can hold any number of zeros.
constexpr std::size_t most_unpacked_bytes = std::size_t{1} << 30U;

/// Reads a bundle's .tar.gz without unpacking it, and takes only what a bundle's archive is: one gzip member (RFC
/// 1952), in it a tar of the POSIX ustar form (IEEE 1003.1, pax) with regular files and folders below one top folder.
/// Links, devices, setuid programs, what anybody may write to, paths that climb out, a path twice, a cut or a longer
/// end: state_refused, with what it is.
[[nodiscard]] contents read_archive(std::string_view bytes);

/// The bytes of the one gzip member that the text is. Throws state_refused.
[[nodiscard]] std::string gunzip(std::string_view bytes);

} // namespace pgratchet::bundle
