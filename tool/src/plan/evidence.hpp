// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "catalog/compare.hpp"
#include "plan/timeline.hpp"

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace pgratchet::plan {

/// What the live catalog says about the files between two versions whose compared schemas it fits both.
class evidence {
public:
    evidence(timelines const& histories, catalog::snapshot const& live, catalog::proven_equal const& proven,
             std::size_t low);

    /// Weighs these objects again, as version `high` has them.
    void weigh(std::set<catalog::object_id> const& changed, std::size_t high);

    [[nodiscard]] bool allows_higher() const { return m_missing == 0 && (m_like_lower == 0 || m_like_higher > 0); }

    /// Whether only what is not compared speaks for the lower one: somebody may have taken it back since.
    [[nodiscard]] bool only_lacks() const { return m_missing > 0 && m_like_lower == 0; }

    /// Whether something is as neither of them has it, so that nothing tells whether what changes it has run.
    [[nodiscard]] bool is_hidden() const { return m_like_neither > 0; }

    /// What of an object speaks against version `high`: owners, privileges and comments that the files set and that are
    /// not there, a schema that is to be gone and is used. A line each.
    [[nodiscard]] std::vector<std::string> lacking(catalog::object_id const& id, std::size_t high) const;

private:
    struct finding {
        bool missing = false;      ///< a privilege, owner or comment that the files set and that is not there
        bool like_lower = false;   ///< the object is as the lower version has it, and not as the higher
        bool like_higher = false;  ///< the other way round
        bool like_neither = false; ///< it has a form of its own, by a rule that ignores or as accepted drift
    };

    /// An object as the lower version has it, as a higher one has it, and live; null where it is not.
    struct sides {
        catalog::object const* was;
        segment const& now;
        catalog::object const* there;
    };

    void count(finding const& one, int by);
    [[nodiscard]] sides sides_of(catalog::object_id const& id, std::size_t high) const;
    [[nodiscard]] bool is_like(catalog::object const* one, catalog::object const* other,
                               catalog::object const* there) const;
    [[nodiscard]] bool is_dropped_and_used(catalog::object_id const& id, sides const& of) const;
    [[nodiscard]] finding examine(catalog::object_id const& id, std::size_t high) const;

    timelines const& m_histories;
    catalog::snapshot const& m_live;
    catalog::proven_equal const& m_proven;
    std::size_t m_low;
    std::map<catalog::object_id, finding> m_findings;
    int m_missing = 0;
    int m_like_lower = 0;
    int m_like_higher = 0;
    int m_like_neither = 0;
};

} // namespace pgratchet::plan
