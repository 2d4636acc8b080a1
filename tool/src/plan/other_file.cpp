// SPDX-License-Identifier: Apache-2.0
#include "plan/other_file.hpp"

#include <algorithm>

namespace pgratchet::plan {

namespace {

bool works_on(migration const& one, catalog::object_id const& id)
{
    return std::any_of(one.changes.begin(), one.changes.end(), [&](change const& each) { return each.id == id; });
}

} // namespace

std::optional<std::size_t> drift_is_about(plan const& of, state const& found)
{
    if (found.is != condition::drift || found.drift.empty()) {
        return std::nullopt;
    }
    // The drift is told against the nearest version: of what comes later, only the next file can have been meant.
    for (auto k = std::min(found.version + 1, of.migrations.size()); k > 0; --k) {
        auto const& one = of.migrations[k - 1];
        if (std::all_of(found.drift.begin(), found.drift.end(),
                        [&](disagreement const& each) { return works_on(one, each.id); })) {
            return k;
        }
    }
    return std::nullopt;
}

std::string drift_in_words(plan const& of, state const& found, std::string const& environment)
{
    auto const k = drift_is_about(of, found);
    if (!k) {
        return {};
    }
    auto const& one = of.migrations[*k - 1];
    return "all of it is about what " + one.file + " does: either " + environment + " got another " + one.version +
           " than this plan has, or what it made was changed since";
}

} // namespace pgratchet::plan
