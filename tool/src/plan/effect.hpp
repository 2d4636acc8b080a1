// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plan/plan.hpp"

namespace pgratchet::plan {

/// What leads from one snapshot to another.
[[nodiscard]] effect difference(catalog::snapshot const& before, catalog::snapshot const& after);

/// Carries an effect out on a snapshot.
void play(effect const&, catalog::snapshot&);

/// First `earlier`, then `later`, as one effect. `before` is the snapshot that `earlier` starts from; an object that
/// ends as it was is left out.
[[nodiscard]] effect combine(effect const& earlier, effect const& later, catalog::snapshot const& before);

} // namespace pgratchet::plan
