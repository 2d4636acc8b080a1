// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "database/session.hpp"

#include <string>
#include <string_view>

namespace pgratchet::execute {

/// For insufficient_privilege (42501): the role that lacks something, what it lacks and on which object, with the
/// command that mends it, as far as the server's message tells. `command` is that of the statement ("CREATE TABLE").
/// Empty for any other error.
[[nodiscard]] std::string permission_hint(database::server_message const&, std::string_view command,
                                          std::string const& role);

} // namespace pgratchet::execute
