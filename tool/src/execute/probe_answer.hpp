// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "database/session.hpp"

#include <optional>
#include <string>

namespace pgratchet::execute {

/// What a probe says: the one boolean of its one row. Nothing if it gave anything else.
[[nodiscard]] std::optional<bool> probe_answer(database::rows const&);

/// What is to be said in the transaction in which a probe is asked. Without row_security it would see what a policy
/// lets through, and take the rest for missing; so that is an error.
[[nodiscard]] std::string as_probes_are_asked(std::string const& search_path);

} // namespace pgratchet::execute
