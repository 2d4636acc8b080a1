// SPDX-License-Identifier: Apache-2.0
#include "plan/left_out.hpp"

#include <algorithm>

namespace pgratchet::plan {

namespace {

/// Whether migration k changes that about which there is a disagreement; not only a privilege of the object, say.
bool works_on(timelines const& known, std::size_t k, disagreement const& what)
{
    auto const line = known.find(what.id);
    if (line == known.end() || at(line->second, k).from != k) {
        return false;
    }
    auto const* was = at(line->second, k - 1).value;
    auto const* now = at(line->second, k).value;
    if (was == nullptr || now == nullptr || what.attribute.empty()) {
        return (was == nullptr) != (now == nullptr);
    }
    return catalog::attribute_of(was, what.attribute) != catalog::attribute_of(now, what.attribute);
}

/// Whether what is there is what was there before migration k.
bool is_as_before(timelines const& known, std::size_t k, disagreement const& what)
{
    auto const* was = at(known.at(what.id), k - 1).value;
    if (what.attribute.empty() || was == nullptr) {
        return (was != nullptr) == what.actual.has_value();
    }
    return catalog::attribute_of(was, what.attribute) == what.actual;
}

} // namespace

std::optional<std::size_t> file_behind(timelines const& known, std::vector<disagreement> const& drift,
                                       std::size_t highest)
{
    for (auto k = drift.empty() ? 0 : highest; k > 0; --k) {
        if (std::all_of(drift.begin(), drift.end(),
                        [&](disagreement const& each) { return works_on(known, k, each); })) {
            return k;
        }
    }
    return std::nullopt;
}

std::optional<std::size_t> left_out(plan const& of, timelines const& known, std::vector<disagreement> const& drift,
                                    std::size_t version)
{
    auto const k = file_behind(known, drift, version == 0 ? 0 : version - 1);
    if (!k) {
        return std::nullopt;
    }
    bool const is_undone = std::all_of(drift.begin(), drift.end(),
                                       [&](disagreement const& each) { return is_as_before(known, *k, each); });
    auto const& changes = of.migrations[*k - 1].changes;
    // What else it did, and nobody changed later, would be there.
    bool const is_all = std::all_of(changes.begin(), changes.end(), [&](change const& one) {
        return at(known.at(one.id), version).from != *k || catalog::one_way(one.id) ||
               std::any_of(drift.begin(), drift.end(), [&](disagreement const& each) { return each.id == one.id; });
    });
    return is_undone && is_all ? k : std::nullopt;
}

} // namespace pgratchet::plan
