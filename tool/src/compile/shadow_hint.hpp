// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "database/session.hpp"

#include <optional>
#include <string>

namespace pgratchet::compile {

/// What the shadow lacks for a statement that failed on it, and how to give it that; nothing if that is not the reason.
[[nodiscard]] std::optional<std::string> shadow_hint(database::server_message const&);

} // namespace pgratchet::compile
