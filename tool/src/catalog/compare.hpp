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

/// A value of an attribute, or what its absence stands for: a column's "not null" is "no", a trigger's "enabled" is
/// "yes"; "(none)" where that has no word.
[[nodiscard]] std::string value_in_words(std::string const& attribute, std::optional<std::string> const& value);

/// "column public.a.n: not null: expected yes, found no".
[[nodiscard]] std::string in_words(object_id const&, attribute_difference const&);

/// Where a live object differs in meaning from the expected one, in the attributes that are compared for drift.
/// A constraint that is validated where NOT VALID is expected is fine.
[[nodiscard]] std::vector<attribute_difference> differences(object const& expected, object const& actual,
                                                            proven_equal const&);

/// True if differences() would find none.
[[nodiscard]] bool same(object const& expected, object const& actual, proven_equal const&);

} // namespace pgratchet::catalog
