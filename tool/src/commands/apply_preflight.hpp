// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "commands/environment.hpp"
#include "commands/located.hpp"
#include "commands/plan_source.hpp"
#include "database/session.hpp"

#include <cstddef>

namespace pgratchet::commands {

/// Throws configuration_error, listing everything that the deployer lacks for the files up to version `last` with the
/// commands that mend it, before any of their statements has run. Warns of a superuser where the plan has a runtime
/// role, or the environment is protected: there the one who deploys should be a role of its own.
void demand_rights(database::session&, plan_source const&, environment const&, located const&, std::size_t last);

} // namespace pgratchet::commands
