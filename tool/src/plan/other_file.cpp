// SPDX-License-Identifier: Apache-2.0
#include "plan/other_file.hpp"

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

std::optional<std::size_t> drift_is_about(plan const& of, state const& found)
{
    if (found.is != condition::drift || found.drift.empty()) {
        return std::nullopt;
    }
    auto const known = timelines_of(of);
    // The drift is told against the nearest version: of what comes later, only the next file can have been meant.
    for (auto k = std::min(found.version + 1, of.migrations.size()); k > 0; --k) {
        if (std::all_of(found.drift.begin(), found.drift.end(),
                        [&](disagreement const& each) { return works_on(known, k, each); })) {
            return k;
        }
    }
    return std::nullopt;
}

std::optional<std::size_t> left_out(plan const& of, state const& found)
{
    auto const k = drift_is_about(of, found);
    if (!k || *k >= found.version) {
        return std::nullopt;
    }
    auto const known = timelines_of(of);
    bool const is_undone = std::all_of(found.drift.begin(), found.drift.end(),
                                       [&](disagreement const& each) { return is_as_before(known, *k, each); });
    auto const& changes = of.migrations[*k - 1].changes;
    // What else it did, and nobody changed later, would be there.
    bool const is_all = std::all_of(changes.begin(), changes.end(), [&](change const& one) {
        return at(known.at(one.id), found.version).from != *k || catalog::one_way(one.id) ||
               std::any_of(found.drift.begin(), found.drift.end(),
                           [&](disagreement const& each) { return each.id == one.id; });
    });
    return is_undone && is_all ? k : std::nullopt;
}

std::string drift_in_words(plan const& of, state const& found, std::string const& environment)
{
    auto const k = drift_is_about(of, found);
    if (!k) {
        return {};
    }
    auto const& one = of.migrations[*k - 1];
    return "all of it is about what " + one.file + " does: " +
           (left_out(of, found)
                ? "either it has not run in " + environment + ", although later ones have, or it was undone since"
                : "either " + environment + " got another " + one.version +
                      " than this plan has, or what it made was changed since");
}

} // namespace pgratchet::plan
