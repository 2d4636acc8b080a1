// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "catalog/object.hpp"

#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace pgratchet::catalog {

/// Stands in a definition for text that came from the moment when it was compiled ('now' in a default). Equals any
/// text.
extern std::string const moment;

/// Pairs of texts that a live server has shown to define the same thing:
/// object, attribute, expected text, actual text.
using proven_equal = std::set<std::tuple<object_id, std::string, std::string, std::string>>;

/// One attribute in which an object is not as expected. Absent: has its usual value.
struct attribute_difference {
    std::string attribute;
    std::optional<std::string> expected;
    std::optional<std::string> actual;

    friend bool operator==(attribute_difference const&, attribute_difference const&) = default;
};

/// Where a live object differs in meaning from the expected one, in the attributes that are compared for drift.
/// A constraint that is validated where NOT VALID is expected is fine.
[[nodiscard]] std::vector<attribute_difference> differences(object const& expected, object const& actual,
                                                            proven_equal const&);

/// True if differences() would find none.
[[nodiscard]] bool same(object const& expected, object const& actual, proven_equal const&);

} // namespace pgratchet::catalog
