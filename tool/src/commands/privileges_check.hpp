// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "commands/checks.hpp"
#include "commands/environment.hpp"
#include "commands/located.hpp"
#include "database/session.hpp"

#include <optional>

namespace pgratchet::commands {

/// The check schema.privileges: the runtime role has what it needs on every table of the plan that is there, and
/// nothing that only a deployer should have. Nothing where the plan has no runtime role. A rule of IGNORE with the
/// attribute "runtime privileges" leaves a table out.
[[nodiscard]] std::optional<check> privileges_check(database::session&, environment const&, plan::plan const&,
                                                    located const&);

} // namespace pgratchet::commands
