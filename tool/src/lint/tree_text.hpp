// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

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

/// All nodes of a kind in a tree, at any depth ("FuncCall"): their fields, in the order of the text.
[[nodiscard]] std::vector<nlohmann::json const*> nodes_of(nlohmann::json const& tree, std::string_view kind);

/// The last name of a list of String nodes: "orders" of [app, orders].
[[nodiscard]] std::string last_name(nlohmann::json const& strings);

/// A constant as text: of '5s' and 5 alike; empty for anything else than a string or an integer.
[[nodiscard]] std::string constant_text(nlohmann::json const& node);

/// The type that a TypeName names, with the server's word for it, and its numbers: "character varying" with 20.
struct type_in_tree {
    std::string name;
    std::vector<long> numbers;
    bool is_array = false;

    friend bool operator==(type_in_tree const&, type_in_tree const&) = default;
};
[[nodiscard]] type_in_tree type_of(nlohmann::json const& type_name);

} // namespace pgratchet::lint
