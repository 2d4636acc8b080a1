// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plan/plan.hpp"

#include <map>

namespace pgratchet::plan {

/// What leads from one snapshot to another.
[[nodiscard]] effect difference(catalog::snapshot const& before, catalog::snapshot const& after);

/// Carries an effect out on a snapshot.
void play(effect const&, catalog::snapshot&);

/// Several effects, one after the other, as one. Each is added at a cost that goes with that one alone.
class effect_sum {
public:
    /// `before` are objects as they stood before this effect; of those that it changes none may be missing.
    void add(effect const& next, catalog::snapshot before);

    /// The sum, without the objects that end as they were.
    [[nodiscard]] effect result() const;

private:
    std::map<catalog::object_id, change> m_changes;
    catalog::snapshot m_before; ///< how each object stood before the first effect that changed it
};

/// First `earlier`, then `later`, as one effect. `before` is the snapshot that `earlier` starts from; an object that
/// ends as it was is left out.
[[nodiscard]] effect combine(effect const& earlier, effect const& later, catalog::snapshot const& before);

} // namespace pgratchet::plan
