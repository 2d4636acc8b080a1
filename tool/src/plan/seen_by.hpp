// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plan/plan.hpp"

#include <string>

namespace pgratchet::plan {

/// The plan as a session of that role finds in a catalog what the files leave. The catalog query calls the session's
/// user the deployer, on the shadow and here: what the files do to the role by its name is done to the deployer. The
/// query lists neither an owner nor privileges where the deployer owns an object, and here they stay, for what another
/// role owns has yet to be given to it: whoever compares them uses catalog/privileges.hpp. A plan that does not name
/// the role comes back as it is.
[[nodiscard]] plan seen_by(std::string const& role, plan);

} // namespace pgratchet::plan
