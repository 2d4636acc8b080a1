// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "observe/observation.hpp"

#include <nlohmann/json.hpp>

namespace pgratchet::observe {

/// As in the plan file (docs/reference/plan-file.md, "What was observed").
[[nodiscard]] nlohmann::ordered_json to_json(observed_statement const&);

/// Throws nlohmann::json::exception for another form. Numbers that cannot be are 0.
[[nodiscard]] observed_statement from_json(nlohmann::json const&);

/// False if a number, a relation or a lock is missing, or the lock is none.
[[nodiscard]] bool is_sound(observed_statement const&);

} // namespace pgratchet::observe
