// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plan/agreement.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pgratchet::plan {

/// One way in which the live catalog is not what the plan expects.
struct disagreement {
    catalog::object_id id;
    std::string attribute;               ///< empty: the whole object is missing, or in excess
    std::optional<std::string> expected; ///< absent: the object, or a value of the attribute, is not expected
    std::optional<std::string> actual;

    friend bool operator==(disagreement const&, disagreement const&) = default;
};

/// What separates a live catalog from version k, object by object.
[[nodiscard]] std::vector<disagreement> disagreements_at(plan const&, timelines const&, std::size_t k,
                                                         catalog::snapshot const& live, tolerance const&);

} // namespace pgratchet::plan
