// SPDX-License-Identifier: Apache-2.0
#include "plan/agreement.hpp"

#include <algorithm>

namespace pgratchet::plan {

bool matches(std::string_view pattern, std::string_view text)
{
    std::size_t p = 0;
    std::size_t t = 0;
    std::size_t star = std::string_view::npos;
    std::size_t resume = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            resume = t;
        } else if (p < pattern.size() && pattern[p] == text[t]) {
            ++p;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++resume;
        } else {
            return false;
        }
    }
    return std::all_of(pattern.begin() + static_cast<std::ptrdiff_t>(p), pattern.end(),
                       [](char c) { return c == '*'; });
}

bool tolerated(plan const& of, tolerance const& settled, catalog::object_id const& id, std::string const& attribute)
{
    if (settled.accepted_drift.contains(id)) {
        return true;
    }
    return std::any_of(of.ignored.begin(), of.ignored.end(), [&](ignore_rule const& rule) {
        return matches(rule.kind, id.kind) && matches(rule.identity, id.identity) &&
               (rule.attribute == "*" || rule.attribute == attribute);
    });
}

bool is_anticipated(std::vector<segment> const& line, std::size_t i, bool next_agrees)
{
    return i + 1 < line.size() && line[i + 1].if_not_exists && next_agrees;
}

bool agrees(plan const& of, tolerance const& settled, catalog::object_id const& id, segment const& expected,
            catalog::object const* live)
{
    if (expected.value != nullptr && live != nullptr) {
        auto const found = catalog::differences(*expected.value, *live, settled.proven);
        return std::all_of(found.begin(), found.end(),
                           [&](auto const& one) { return tolerated(of, settled, id, one.attribute); });
    }
    if (expected.value == nullptr && live == nullptr) {
        return true;
    }
    if (expected.value == nullptr && catalog::one_way(id)) {
        return true;
    }
    return tolerated(of, settled, id, "*");
}

} // namespace pgratchet::plan
