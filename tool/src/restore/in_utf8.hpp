// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace pgratchet::restore {

/// A script of pg_dump or pg_restore in UTF-8: it is written in the encoding of the database that was dumped, which its
/// SET client_encoding names. What has no such name (SQL_ASCII) or is not what it is called is read as LATIN1, so that
/// all of it is text. Pure.
[[nodiscard]] std::string in_utf8(std::string_view script);

} // namespace pgratchet::restore
