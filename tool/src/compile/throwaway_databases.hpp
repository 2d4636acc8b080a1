// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "database/session.hpp"

#include <functional>
#include <memory>
#include <string>

namespace pgratchet::compile {

/// How the sessions show up in pg_stat_activity.
inline constexpr auto compile_application = "pgratchet compile";

/// A name for a throwaway database, of this process, new each time.
[[nodiscard]] std::string new_throwaway_name();

/// Drops a database that may be there, ending what runs in it, also if migrations made it a template or gave it
/// subscriptions. The slots of those stay at the publishers: they may be those of an environment.
/// Throws sql_error, or connection_lost.
void drop_database(database::session& admin, database::connector const&, std::string const& name);

} // namespace pgratchet::compile
