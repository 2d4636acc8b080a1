// SPDX-License-Identifier: Apache-2.0
#include "catalog/compare.hpp"

#include "catalog/canonical.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <string_view>
#include <utility>

namespace pgratchet::catalog {

std::string const moment = "@moment";

namespace {

bool equal(object_id const& id, attribute_difference const& pair, proven_equal const& proven)
{
    if (pair.expected == pair.actual || (pair.expected == moment && pair.actual)) {
        return true;
    }
    if (pair.attribute == "validated") {
        return !pair.actual; // VALIDATE CONSTRAINT ahead of its file does no harm
    }
    if (pair.attribute == "not null" && pair.expected == "not valid" && pair.actual == "yes") {
        return true; // the same, of a NOT NULL of PostgreSQL 18
    }
    if (!pair.expected || !pair.actual) {
        return false;
    }
    return proven.contains({id, pair.attribute, *pair.expected, *pair.actual}) ||
           same_meaning(id, pair.attribute, *pair.expected, *pair.actual);
}

/// Calls `found` for each difference until it answers false.
void each_difference(object const& expected, object const& actual, proven_equal const& proven,
                     std::function<bool(attribute_difference)> const& found)
{
    std::set<std::string> names;
    for (auto const* side : {&expected, &actual}) {
        for (auto const& [name, text] : side->attributes) {
            if (compared_for_drift(name)) {
                names.insert(name);
            }
        }
    }
    for (auto const& name : names) {
        attribute_difference pair{name, attribute_of(&expected, name), attribute_of(&actual, name)};
        if (!equal(expected.id, pair, proven) && !found(std::move(pair))) {
            return;
        }
    }
}

/// What the catalog query leaves out because it is usual.
constexpr std::array usual_values = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"cycle", "no"},
    {"enabled", "yes"},
    {"leakproof", "no"},
    {"not null", "no"},
    {"parallel", "unsafe"},
    {"persistence", "permanent"},
    {"restrictive", "no"},
    {"row security", "disabled"},
    {"security definer", "no"},
    {"strict", "no"},
    {"valid", "yes"},
    {"validated", "yes"},
    {"volatility", "volatile"},
    {"window", "no"},
});

} // namespace

std::string value_in_words(std::string const& attribute, std::optional<std::string> const& value)
{
    if (value) {
        return *value;
    }
    auto const* const usual =
        std::ranges::find(usual_values, attribute, &std::pair<std::string_view, std::string_view>::first);
    return usual == usual_values.end() ? "(none)" : std::string{usual->second};
}

std::string in_words(object_id const& id, attribute_difference const& one)
{
    return id.kind + " " + id.identity + ": " + one.attribute + ": expected " +
           value_in_words(one.attribute, one.expected) + ", found " + value_in_words(one.attribute, one.actual);
}

std::vector<attribute_difference> differences(object const& expected, object const& actual, proven_equal const& proven)
{
    std::vector<attribute_difference> all;
    if (expected.attributes == actual.attributes) {
        return all;
    }
    each_difference(expected, actual, proven, [&](attribute_difference one) {
        all.push_back(std::move(one));
        return true;
    });
    return all;
}

bool same(object const& expected, object const& actual, proven_equal const& proven)
{
    if (expected.attributes == actual.attributes) {
        return true;
    }
    bool is_same = true;
    each_difference(expected, actual, proven, [&](attribute_difference const&) { return is_same = false; });
    return is_same;
}

} // namespace pgratchet::catalog
