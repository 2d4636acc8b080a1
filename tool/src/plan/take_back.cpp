// SPDX-License-Identifier: Apache-2.0
#include "plan/take_back.hpp"

#include "plan/timeline.hpp"
#include "script/migration_set.hpp"

#include <algorithm>
#include <set>

namespace pgratchet::plan {

std::optional<std::size_t> taken_back_by(plan const& of, std::size_t k)
{
    constexpr std::string_view word = "revert_";
    auto const name = script::parse_name(of.migrations.at(k - 1).file);
    if (!name || !name->description.starts_with(word)) {
        return std::nullopt;
    }
    auto const rest = std::string_view{name->description}.substr(word.size());
    auto const digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
    if (digits != name->version.size() || (digits < rest.size() && rest[digits] != '_')) {
        return std::nullopt;
    }
    auto const other = index_of(of, rest.substr(0, digits));
    return other && *other < k ? other : std::nullopt;
}

std::optional<std::size_t> in_force_against(plan const& of, std::size_t k, std::size_t newest)
{
    std::set<std::size_t> idle; // taken back themselves
    std::optional<std::size_t> found;
    for (auto later = newest; later > k; --later) {
        auto const other = taken_back_by(of, later);
        if (!other || idle.contains(later)) {
            continue;
        }
        idle.insert(*other);
        if (*other == k && !found) {
            found = later;
        }
    }
    return found;
}

std::optional<dependence> depends_on(plan const& of, std::size_t k, std::size_t newest)
{
    std::set<catalog::object_id> changed;
    std::set<std::string> made; // what else may hang on
    auto const before = snapshot_at(of, k - 1);
    for (auto const& one : of.migrations.at(k - 1).changes) {
        changed.insert(one.id);
        if (one.after && !before.contains(one.id)) {
            made.insert(one.id.identity);
        }
    }
    for (auto later = k + 1; later <= newest; ++later) {
        for (auto const& one : of.migrations[later - 1].changes) {
            if (changed.contains(one.id) || (one.after && made.contains(one.after->root))) {
                return dependence{later, one.id};
            }
        }
    }
    return std::nullopt;
}

catalog::snapshot without(plan const& of, std::size_t k, std::size_t newest)
{
    auto wanted = snapshot_at(of, newest);
    auto const before = snapshot_at(of, k - 1);
    std::set<catalog::object_id> later;
    for (auto i = k + 1; i <= newest; ++i) {
        for (auto const& one : of.migrations[i - 1].changes) {
            later.insert(one.id);
        }
    }
    for (auto const& one : of.migrations.at(k - 1).changes) {
        if (later.contains(one.id)) {
            continue;
        }
        if (auto const* const was = catalog::find(before, one.id)) {
            wanted.insert_or_assign(one.id, *was);
        } else {
            wanted.erase(one.id);
        }
    }
    return wanted;
}

std::vector<object_change> not_taken_back(plan const& of, std::size_t k, std::size_t revert)
{
    return compare(without(of, k, revert - 1), snapshot_at(of, revert));
}

} // namespace pgratchet::plan
