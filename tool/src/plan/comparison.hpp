// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "catalog/compare.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pgratchet::plan {

/// One attribute that an object has otherwise afterwards. Absent: the usual value.
struct attribute_change {
    std::string name;
    std::optional<std::string> before;
    std::optional<std::string> after;

    friend bool operator==(attribute_change const&, attribute_change const&) = default;
};

enum class change_kind { added, changed, dropped };

/// What becomes of one object between two states of a schema. Of one that is added or dropped, all attributes.
struct object_change {
    catalog::object_id id;
    change_kind what = change_kind::changed;
    std::vector<attribute_change> attributes;

    friend bool operator==(object_change const&, object_change const&) = default;
};

/// What leads from one snapshot to another, by meaning: texts that define the same, and privileges that are granted
/// and not merely written otherwise, are equal. Owners, privileges and comments count. Ordered by kind and identity.
[[nodiscard]] std::vector<object_change> compare(catalog::snapshot const& before, catalog::snapshot const& after,
                                                 catalog::proven_equal const& = {});

/// In lines: "+ column public.t.a" with its attributes below it, "~" for changed, "-" for dropped.
[[nodiscard]] std::string in_words(std::vector<object_change> const&);

} // namespace pgratchet::plan
