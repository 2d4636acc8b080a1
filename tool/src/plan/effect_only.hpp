// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "catalog/object.hpp"

#include <string>
#include <vector>

namespace pgratchet::plan {

/// What of owner, privileges and comment a migration was to set and did not: one line each. `was` is the object as the
/// plan had it before, or nothing if the migration makes it. Of privileges only the difference counts: others that an
/// environment has granted by hand stay. With default privileges of its own (`has_default_privileges`) an
/// environment's new objects have others from the start.
[[nodiscard]] std::vector<std::string> effect_only_objections(catalog::object const* was,
                                                              catalog::object const& expected,
                                                              catalog::object const& found,
                                                              bool has_default_privileges);

} // namespace pgratchet::plan
