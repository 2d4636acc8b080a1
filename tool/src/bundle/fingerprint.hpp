// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bundle/manifest.hpp"
#include "plan/plan.hpp"

namespace pgratchet::bundle {

/// A SHA-256 of what locate compares of a snapshot: equal for two schemas that it takes for the same version.
[[nodiscard]] std::string fingerprint(catalog::snapshot const&);

/// The fingerprints of all versions of a plan, the empty database first.
[[nodiscard]] std::vector<schema_state> states_of(plan::plan const&);

} // namespace pgratchet::bundle
