// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "database/session.hpp"

#include <optional>

namespace pgratchet::execute {

/// What a probe says: the one boolean of its one row. Nothing if it gave anything else.
[[nodiscard]] std::optional<bool> probe_answer(database::rows const&);

} // namespace pgratchet::execute
