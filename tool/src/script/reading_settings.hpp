// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace pgratchet::script {

/// Why a statement is refused that has the server read the file in another way than it is read here.
struct other_reading {
    std::string rule;
    std::string message;
    std::string hint;
};

/// Says so of a SET of client_encoding to anything but UTF-8, and of standard_conforming_strings to off. `words` are
/// the statement's first, within `statement`.
[[nodiscard]] std::optional<other_reading> reads_otherwise(std::span<std::string_view const> words,
                                                           std::string_view statement);

/// True of SET transaction_timeout. pg_dump of 17 and later writes it, whatever the server is: in a clean session it
/// changes nothing, and an older server does not know it.
[[nodiscard]] bool sets_transaction_timeout(std::span<std::string_view const> words);

} // namespace pgratchet::script
