// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace pgratchet::restore {

/// "shop_before_20261123T101500Z", of a database, a word and a moment as receipts have it ("2026-11-23T10:15:00Z"). The
/// database's name is cut between two characters where the whole would be longer than the server takes (63 bytes).
[[nodiscard]] std::string derived_name(std::string_view database, std::string_view word, std::string_view moment);

/// The start of such a name: what derived_name() gives for any moment, without the moment.
[[nodiscard]] std::string start_of_derived_name(std::string_view database, std::string_view word);

} // namespace pgratchet::restore
