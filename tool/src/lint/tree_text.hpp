// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

/// Looking into parse trees: what is not there is null, false or empty, so a rule need not ask twice. (libpg_query
/// leaves out fields that are null, 0 or false.)
namespace pgratchet::lint {

/// A field of a node; null if it is not there.
[[nodiscard]] nlohmann::json const& field(nlohmann::json const& node, std::string_view name);

/// A field that is a list of nodes; an empty list if it is none.
[[nodiscard]] nlohmann::json const& list(nlohmann::json const& node, std::string_view name);

[[nodiscard]] std::string text_field(nlohmann::json const& node, std::string_view name);
[[nodiscard]] bool true_field(nlohmann::json const& node, std::string_view name);

/// The name that a RangeVar node gives a relation, as in the file: "app.orders" or "orders".
[[nodiscard]] std::string relation_name(nlohmann::json const& range_var);

} // namespace pgratchet::lint
