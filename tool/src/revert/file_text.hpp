// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "revert/ddl.hpp"
#include "revert/losses.hpp"

namespace pgratchet::revert {

/// The text of a file that takes the migration `reverted` back: a comment for each loss that has to be answered, and
/// the statements in a transaction. If that migration has none, and only indexes are dropped, it has none either.
[[nodiscard]] std::string file_text(std::string const& reverted, script::transaction_mode, std::vector<loss> const&,
                                    statements);

} // namespace pgratchet::revert
