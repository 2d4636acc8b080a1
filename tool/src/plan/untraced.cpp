// SPDX-License-Identifier: Apache-2.0
#include "plan/untraced.hpp"

#include "plan/timeline.hpp"

#include <algorithm>
#include <set>
#include <string>

namespace pgratchet::plan {

namespace {

bool can_be_named(catalog::object_id const& id)
{
    return id.kind == "table" || id.kind == "foreign table" || id.kind == "materialized view" || id.kind == "index" ||
           id.kind == "sequence" || id.kind == "column";
}

bool holds_one_called(catalog::snapshot const& all, std::string const& name)
{
    return std::any_of(all.begin(), all.end(), [&](auto const& one) { return is_called(one.first, name); });
}

} // namespace

bool is_called(catalog::object_id const& id, std::string_view as_written)
{
    if (as_written.empty() || !can_be_named(id)) {
        return false;
    }
    auto identity = id.identity;
    std::erase(identity, '"');
    return identity == as_written || identity.ends_with("." + std::string{as_written});
}

bool untraced_work_is_gone(plan const& of, std::size_t low, std::size_t high)
{
    auto const before = snapshot_at(of, low);
    auto const after = snapshot_at(of, high);
    std::set<catalog::object_id> passing;
    std::set<std::string> worked_on;
    for (auto k = low; k < high; ++k) {
        for (auto const& one : of.migrations[k].changes) {
            if (!one.after && before.contains(one.id) && can_be_named(one.id)) {
                return false; // it may go by another name since
            }
            if (one.after && !after.contains(one.id)) {
                passing.insert(one.id);
            }
        }
        worked_on.insert(of.migrations[k].untraced.begin(), of.migrations[k].untraced.end());
    }
    return std::all_of(worked_on.begin(), worked_on.end(), [&](std::string const& name) {
        return std::any_of(passing.begin(), passing.end(), [&](auto const& id) { return is_called(id, name); }) &&
               !holds_one_called(before, name) && !holds_one_called(after, name);
    });
}

} // namespace pgratchet::plan
