// SPDX-License-Identifier: Apache-2.0
// Renamings that are turned round before anything else.
#include "revert/undo.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace pgratchet::revert {

namespace {

/// Whether two things of one name cannot stand side by side.
bool shares_names(std::string const& one, std::string const& other)
{
    static std::set<std::string> const relations{"foreign table", "index", "materialized view", "sequence", "table",
                                                 "type",          "view"};
    return one == other || (relations.contains(one) && relations.contains(other));
}

} // namespace

void undo::try_renamings(statements const& all, std::vector<plan::renaming> const& renamed)
{
    // Names that were exchanged show in no difference.
    bool const are_exchanged = !renamed.empty() && std::ranges::all_of(renamed, [this](auto const& one) {
        return m_current.contains(one.from);
    });
    auto const needed = are_exchanged ? need::no_more_differences : need::fewer_differences;
    // A column's old name shows only when its table has its own again.
    m_has_old_names = !all.empty() && try_together(all, needed);
    if (m_has_old_names || all.empty()) {
        return;
    }
    statements with_room;
    catalog::snapshot lost;
    for (auto const& id : in_the_way(renamed)) {
        with_room.push_back(drop(m_current.at(id), m_current, m_names));
        if (catalog::holds_data(&m_current.at(id), m_current)) {
            lost.insert(*m_current.find(id));
        }
    }
    with_room.insert(with_room.end(), all.begin(), all.end());
    m_has_old_names = with_room.size() > all.size() && try_together(with_room, need::fewer_differences);
    if (m_has_old_names) {
        m_made_way = plan::compare(lost, {});
    } else {
        std::ranges::for_each(all, [this](auto const& one) { try_together({one}, need::fewer_differences); });
    }
}

/// What stands under a name that something else is to have again, and what depends on that, which comes first; not the
/// parts of what goes as a whole.
std::vector<catalog::object_id> undo::in_the_way(std::vector<plan::renaming> const& renamed)
{
    std::set<catalog::object_id> moving;
    std::multimap<std::string, catalog::object_id> old_names;
    for (auto const& one : renamed) {
        moving.insert(one.to);
        old_names.emplace(one.from.identity, one.from);
    }
    std::vector<catalog::object_id> found;
    std::set<catalog::object_id> seen;
    std::vector<std::pair<catalog::object_id, bool>> open; // and whether what depends on it is in `found`
    auto const add = [&](catalog::object_id const& id, bool is_old) {
        bool const is_another = is_old || !m_wanted.contains(id);
        if (m_current.contains(id) && is_another && !moving.contains(id)) {
            open.emplace_back(id, false);
        }
    };
    for (auto const& [id, one] : m_current) {
        auto const [first, last] = old_names.equal_range(id.identity);
        for (auto place = first; place != last; ++place) {
            if (shares_names(id.kind, place->second.kind)) {
                add(id, id == place->second);
            }
        }
    }
    while (!open.empty()) {
        auto const [id, has_found] = open.back();
        if (has_found || !seen.insert(id).second) {
            open.pop_back();
            if (has_found) {
                found.push_back(id);
            }
            continue;
        }
        open.back().second = true;
        for (auto const& one : dependents(id)) {
            add(one, false);
        }
    }
    std::erase_if(found, [&](catalog::object_id const& id) {
        auto const& root = m_current.at(id).root;
        return root != id.identity &&
               std::ranges::any_of(found, [&](auto const& other) { return other.identity == root; });
    });
    return found;
}

bool undo::try_together(statements const& several, need what)
{
    auto const before = differences().size();
    m_session.execute("SAVEPOINT pgratchet_renaming");
    bool const are_done = execute(several);
    if (are_done) {
        read();
    }
    auto const after = differences().size();
    if (are_done && (after < before || (after == before && what == need::no_more_differences))) {
        m_session.execute("RELEASE SAVEPOINT pgratchet_renaming");
        m_done.insert(m_done.end(), several.begin(), several.end());
        return true;
    }
    m_session.execute("ROLLBACK TO SAVEPOINT pgratchet_renaming; RELEASE SAVEPOINT pgratchet_renaming");
    read();
    return false;
}

} // namespace pgratchet::revert
