// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "commands/apply_choice.hpp"
#include "commands/environment.hpp"
#include "commands/plan_source.hpp"
#include "database/session.hpp"
#include "plan/locate.hpp"

namespace pgratchet::commands {

/// Throws configuration_error on a standby.
void demand_primary(database::session&, environment const&);

/// Throws state_refused, after the state in words, unless the environment stands where the chosen migrations can
/// follow: no drift, no ambiguity, no part of a migration that stops short of the target, no --assume against the
/// catalog, and nothing pending that works on an object whose drift was accepted. Nothing has been changed then.
void demand_good_state(plan_source const&, environment const&, plan::state const&, apply_choice const&);

} // namespace pgratchet::commands
