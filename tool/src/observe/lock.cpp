// SPDX-License-Identifier: Apache-2.0
#include "observe/lock.hpp"

#include <algorithm>
#include <array>

namespace pgratchet::observe {

namespace {

struct lock_mode {
    std::string_view name;
    blocked blocks;
    std::string_view in_manual;
};

/// From weak to strong. What each blocks follows from the manual's table of conflicting modes: a SELECT needs ACCESS
/// SHARE, an INSERT, UPDATE or DELETE needs ROW EXCLUSIVE.
constexpr std::array modes = std::to_array<lock_mode>({
    {"AccessShareLock", blocked::schema_changes, "ACCESS SHARE"},
    {"RowShareLock", blocked::schema_changes, "ROW SHARE"},
    {"RowExclusiveLock", blocked::schema_changes, "ROW EXCLUSIVE"},
    {"ShareUpdateExclusiveLock", blocked::schema_changes, "SHARE UPDATE EXCLUSIVE"},
    {"ShareLock", blocked::writes, "SHARE"},
    {"ShareRowExclusiveLock", blocked::writes, "SHARE ROW EXCLUSIVE"},
    {"ExclusiveLock", blocked::writes, "EXCLUSIVE"},
    {"AccessExclusiveLock", blocked::reads_and_writes, "ACCESS EXCLUSIVE"},
});

lock_mode const* find(std::string_view lock)
{
    auto const* const place =
        std::find_if(modes.begin(), modes.end(), [&](lock_mode const& one) { return one.name == lock; });
    return place == modes.end() ? nullptr : place;
}

} // namespace

int strength(std::string_view lock)
{
    auto const* const found = find(lock);
    return found == nullptr ? 0 : static_cast<int>(found - modes.data()) + 1;
}

blocked blocked_by(std::string_view lock)
{
    auto const* const found = find(lock);
    return found == nullptr ? blocked::nothing : found->blocks;
}

std::string in_words(blocked what)
{
    switch (what) {
    case blocked::schema_changes:
        return "schema changes";
    case blocked::writes:
        return "writes";
    case blocked::reads_and_writes:
        return "reads and writes";
    case blocked::nothing:
        break;
    }
    return "";
}

bool is_strong(std::string_view lock)
{
    return blocked_by(lock) >= blocked::writes;
}

std::string manual_name(std::string_view lock)
{
    auto const* const found = find(lock);
    return std::string{found == nullptr ? lock : found->in_manual};
}

} // namespace pgratchet::observe
