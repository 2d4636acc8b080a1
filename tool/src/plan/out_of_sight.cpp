// SPDX-License-Identifier: Apache-2.0
#include "plan/out_of_sight.hpp"

#include "plan/renamed.hpp"
#include "plan/take_back.hpp"
#include "plan/timeline.hpp"
#include "plan/untraced.hpp"

#include <algorithm>
#include <set>

namespace pgratchet::plan {

namespace {

/// The migrations of a range that a proven NNN_revert_MMM in it takes back, and those files themselves. That what the
/// former destroyed does not come back has been accepted there; a database that never lost it is as it is to be.
std::set<migration const*> taken_back(plan const& of, std::size_t low, std::size_t high)
{
    std::set<migration const*> found;
    for (auto k = low + 1; k <= high; ++k) {
        if (auto const other = taken_back_by(of, k); other && *other > low) {
            found.insert({&of.migrations[k - 1], &of.migrations[*other - 1]});
        }
    }
    return found;
}

/// Whether data that a database at `low` may hold is lost on the way: what holds it is dropped, or its type is changed,
/// and a later file brings the schema back but not the data.
bool loses_data(plan const& of, std::size_t low, std::size_t high)
{
    auto const first = of.migrations.begin() + static_cast<std::ptrdiff_t>(low);
    auto const last = of.migrations.begin() + static_cast<std::ptrdiff_t>(high);
    if (std::none_of(first, last, [](migration const& one) { return one.may_destroy; })) {
        return false;
    }
    auto const before = snapshot_at(of, low);
    auto const excused = taken_back(of, low, high);
    return std::any_of(first, last, [&](migration const& one) {
        return one.may_destroy && !excused.contains(&one) &&
               std::any_of(one.changes.begin(), one.changes.end(), [&](change const& each) {
                   auto const* const was = catalog::find(before, each.id);
                   return catalog::holds_data(was, before) &&
                          (!each.after || (each.id.kind != "sequence" && each.after->attributes != was->attributes));
               });
    });
}

/// Whether files of a range, each of which only gives another name, leave other data under a name that was there
/// before: names that are exchanged, a table that is renamed, made anew and dropped under its other name.
bool moves_data(plan const& of, std::size_t low, std::size_t high)
{
    auto const first = of.migrations.begin() + static_cast<std::ptrdiff_t>(low);
    auto const last = of.migrations.begin() + static_cast<std::ptrdiff_t>(high);
    if (std::all_of(first, last, [](migration const& one) { return one.renamed.empty(); })) {
        return false;
    }
    auto const excused = taken_back(of, low, high);
    origins names;
    std::for_each(first, last, [&](migration const& one) {
        if (!excused.contains(&one)) {
            names.follow(one.changes, one.renamed);
        }
    });
    auto const before = snapshot_at(of, low);
    auto const after = snapshot_at(of, high);
    return std::any_of(names.known().begin(), names.known().end(), [&](auto const& one) {
        return one.second != one.first && catalog::holds_data(catalog::find(before, one.first), before) &&
               catalog::holds_data(catalog::find(after, one.first), after);
    });
}

} // namespace

bool loses_data_again(plan const& of, std::size_t low, std::size_t high)
{
    for (auto k = low; k < high; ++k) {
        auto const& one = of.migrations[k];
        bool const drops = one.may_destroy && std::any_of(one.changes.begin(), one.changes.end(), [](auto const& each) {
                               return !each.after && (each.id.kind == "table" || each.id.kind == "column" ||
                                                      each.id.kind == "sequence");
                           });
        if (drops) {
            return true;
        }
    }
    return false;
}

bool may_take_higher(plan const& of, std::size_t low, std::size_t high)
{
    if (of.baseline && high <= index_of(of, *of.baseline).value_or(0)) {
        return true;
    }
    auto const first = of.migrations.begin() + static_cast<std::ptrdiff_t>(low);
    auto const last = of.migrations.begin() + static_cast<std::ptrdiff_t>(high);
    // What a file without any effect does (VACUUM) nobody can see either: it must not be passed over.
    if (std::any_of(first, last, [](migration const& one) { return !one.schema_only || one.changes.empty(); })) {
        return false;
    }
    bool const all_shows = std::all_of(first, last, [](migration const& one) { return one.untraced.empty(); });
    return (all_shows || untraced_work_is_gone(of, low, high)) && !loses_data(of, low, high) &&
           !moves_data(of, low, high);
}

} // namespace pgratchet::plan
