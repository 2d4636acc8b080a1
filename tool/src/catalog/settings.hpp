// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pgratchet::catalog {

/// Names and values of server settings.
using settings = std::vector<std::pair<std::string, std::string>>;

enum class lasting { transaction, session };

/// A text as an SQL literal, whatever standard_conforming_strings says.
[[nodiscard]] std::string literal(std::string_view text);

/// One SELECT of set_config() in place of as many SET or SET LOCAL: each statement of its own would cost more than all
/// of them here.
[[nodiscard]] std::string set_all(settings const&, lasting);

} // namespace pgratchet::catalog
