// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace pgratchet::restore {

/// The roles that a schema script of pg_restore or pg_dump names: as owners, in privileges, default privileges and
/// policies. Roles belong to the server and stand in no archive, so another server may lack them. PUBLIC is none. Pure;
/// what cannot be parsed names none.
[[nodiscard]] std::set<std::string> roles_named(std::string_view schema);

} // namespace pgratchet::restore
