// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "revert/sql_names.hpp"

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace pgratchet::revert {

/// The statement that takes ALTER ... RENAME, ALTER ... SET SCHEMA or ALTER TYPE ... RENAME VALUE back, from the
/// parse tree (script/tree.hpp). Nothing for any other statement, and for renamings that cannot be turned round from
/// their text alone. A name without a schema is one of `schema`.
[[nodiscard]] std::optional<std::string> renamed_back(nlohmann::json const& tree, sql_names const&,
                                                      std::string const& schema);

} // namespace pgratchet::revert
