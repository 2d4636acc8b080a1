// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "revert/ddl.hpp"
#include "revert/losses.hpp"

#include <set>
#include <string>
#include <vector>

namespace pgratchet::revert {

/// The text of a file that takes the migration `reverted` back: a comment for each loss that has to be answered, and
/// the statements in a transaction. If that migration has none, and only indexes are dropped, it has none either, and
/// drops them concurrently, but for those that `whole` has the statements of.
[[nodiscard]] std::string file_text(std::string const& reverted, script::transaction_mode, std::vector<loss> const&,
                                    statements, std::set<std::string> const& whole);

/// The statements that drop an index of a partitioned table, which cannot be done concurrently; `differed` is what is
/// there and what is wanted.
[[nodiscard]] std::set<std::string> drops_of_partitioned(std::vector<plan::object_change> const& differed,
                                                         sql_names const&);

} // namespace pgratchet::revert
