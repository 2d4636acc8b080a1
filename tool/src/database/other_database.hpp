// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace pgratchet::database {

/// The connection string of another database of the same server, whatever form `conninfo` has and wherever it names
/// its own. It holds what `conninfo` holds, secrets too. What libpq cannot parse is given back as it is: connecting
/// says so.
[[nodiscard]] std::string with_database(std::string const& conninfo, std::string const& database);

} // namespace pgratchet::database
