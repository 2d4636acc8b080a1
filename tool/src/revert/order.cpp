// SPDX-License-Identifier: Apache-2.0
#include "revert/order.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace pgratchet::revert {

namespace {

/// The place of a kind in the order in which objects are made.
int rank(std::string const& kind)
{
    constexpr std::array order{"extension",
                               "schema",
                               "language",
                               "collation",
                               "type",
                               "domain constraint",
                               "sequence",
                               "table",
                               "foreign table",
                               "column",
                               "function",
                               "procedure",
                               "aggregate",
                               "operator",
                               "cast",
                               "operator family",
                               "operator class",
                               "text search dictionary",
                               "text search configuration",
                               "foreign-data wrapper",
                               "server",
                               "index",
                               "invalid index",
                               "table constraint",
                               "statistics object",
                               "view",
                               "materialized view",
                               "rule",
                               "trigger",
                               "policy",
                               "event trigger",
                               "default privileges"};
    return static_cast<int>(std::find(order.begin(), order.end(), kind) - order.begin());
}

} // namespace

std::vector<catalog::object_id> in_order(std::set<catalog::object_id> const& ids, bool is_making)
{
    std::vector<catalog::object_id> all{ids.begin(), ids.end()};
    std::stable_sort(all.begin(), all.end(), [&](auto const& a, auto const& b) {
        return is_making ? rank(a.kind) < rank(b.kind) : rank(a.kind) > rank(b.kind);
    });
    return all;
}

void order_columns(std::vector<catalog::object_id>& all,
                   std::map<std::string, std::vector<std::string>> const& of_tables)
{
    std::map<std::string, std::size_t> places;
    for (auto const& [table, columns] : of_tables) {
        for (auto const& one : columns) {
            places.emplace(one, places.size());
        }
    }
    auto const is_column = [](catalog::object_id const& one) {
        return one.kind == "column";
    };
    auto const first = std::ranges::find_if(all, is_column);
    auto const last = std::find_if_not(first, all.end(), is_column);
    std::stable_sort(first, last, [&](auto const& a, auto const& b) {
        auto const place_of = [&](catalog::object_id const& one) {
            auto const place = places.find(one.identity);
            return place == places.end() ? places.size() : place->second;
        };
        return place_of(a) < place_of(b);
    });
}

bool belongs_to_child(catalog::snapshot const& in, catalog::object_id const& id)
{
    auto const one = in.find(id);
    auto const table = one == in.end() ? one : in.find({"table", one->second.root});
    return table != in.end() &&
           (table->second.attributes.contains("inherits") || table->second.attributes.contains("partition of"));
}

} // namespace pgratchet::revert
