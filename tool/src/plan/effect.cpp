// SPDX-License-Identifier: Apache-2.0
#include "plan/effect.hpp"

#include <map>
#include <utility>

namespace pgratchet::plan {

effect difference(catalog::snapshot const& before, catalog::snapshot const& after)
{
    effect found;
    auto was = before.begin();
    auto is = after.begin();
    while (was != before.end() || is != after.end()) {
        if (is == after.end() || (was != before.end() && was->first < is->first)) {
            found.push_back({was->first, std::nullopt, false});
            ++was;
        } else if (was == before.end() || is->first < was->first) {
            found.push_back({is->first, is->second, false});
            ++is;
        } else {
            if (was->second != is->second) {
                found.push_back({is->first, is->second, false});
            }
            ++was;
            ++is;
        }
    }
    return found;
}

void play(effect const& changes, catalog::snapshot& on)
{
    for (auto const& one : changes) {
        if (one.after) {
            on.insert_or_assign(one.id, *one.after);
        } else {
            on.erase(one.id);
        }
    }
}

void effect_sum::add(effect const& next, catalog::snapshot before)
{
    for (auto& known : before) {
        if (!m_changes.contains(known.first)) {
            m_before.insert(std::move(known));
        }
    }
    for (auto one : next) {
        auto const known = m_changes.find(one.id);
        if (known != m_changes.end() && known->second.after && one.after) {
            // Made with IF NOT EXISTS and changed since: what was there beforehand need not be what came out.
            one.if_not_exists = known->second.if_not_exists && one.if_not_exists;
        }
        m_changes.insert_or_assign(one.id, std::move(one));
    }
}

effect effect_sum::result() const
{
    effect result;
    for (auto const& [id, one] : m_changes) {
        auto const was = m_before.find(id);
        bool const as_it_was = one.after ? was != m_before.end() && was->second == *one.after : was == m_before.end();
        if (!as_it_was) {
            result.push_back(one);
        }
    }
    return result;
}

effect combine(effect const& earlier, effect const& later, catalog::snapshot const& before)
{
    effect_sum sum;
    sum.add(earlier, before);
    sum.add(later, {});
    return sum.result();
}

} // namespace pgratchet::plan
