// SPDX-License-Identifier: Apache-2.0
#include "plan/disagreement.hpp"

#include <utility>

namespace pgratchet::plan {

std::vector<disagreement> disagreements_at(plan const& of, timelines const& known, std::size_t k,
                                           catalog::snapshot const& live, tolerance const& settled)
{
    std::vector<disagreement> all;
    for (auto const& [id, line] : known) {
        auto const& expected = at(line, k);
        auto const* actual = catalog::find(live, id);
        auto const i = static_cast<std::size_t>(&expected - line.data());
        bool const next_agrees = i + 1 < line.size() && agrees(of, settled, id, line[i + 1], actual);
        if (agrees(of, settled, id, expected, actual) || is_anticipated(line, i, next_agrees)) {
            continue;
        }
        if (expected.value != nullptr && actual != nullptr) {
            for (auto& one : catalog::differences(*expected.value, *actual, settled.proven)) {
                if (!tolerated(of, settled, id, one.attribute)) {
                    all.push_back({id, std::move(one.attribute), std::move(one.expected), std::move(one.actual)});
                }
            }
        } else {
            all.push_back({id, "", expected.value != nullptr ? std::optional{"present"} : std::nullopt,
                           actual != nullptr ? std::optional{"present"} : std::nullopt});
        }
    }
    return all;
}

} // namespace pgratchet::plan
