// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "commands/environment.hpp"
#include "database/session.hpp"

#include <string>

namespace pgratchet::commands {

/// The same error for the operator: it names the environment and where its connection string comes from ("the variable
/// PROD_URL", never the value), and has a hint that fits the SQLSTATE (PostgreSQL manual, "PostgreSQL Error Codes").
[[nodiscard]] database::connection_lost explained(database::connection_lost const&, std::string const& environment,
                                                  std::string const& source);

/// Throws configuration_error if the session is not with the database and the server that are expected, or if the role
/// may not ask.
void demand_expected(database::session&, connection_guards const&, std::string const& environment,
                     std::string const& source);

} // namespace pgratchet::commands
