// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "catalog/object.hpp"

#include <string>
#include <string_view>

namespace pgratchet::catalog {

/// Who may do what with an object, besides its owner, in the form of the attribute "privileges". Where nobody ever
/// granted or revoked anything the attribute is absent, and PostgreSQL's built-in defaults hold: EXECUTE on routines
/// and USAGE on types and languages for PUBLIC, nothing on all else (manual, "Privileges").
[[nodiscard]] std::string effective_privileges(object const&);

/// Those built-in defaults.
[[nodiscard]] std::string_view built_in_privileges(std::string_view kind);

} // namespace pgratchet::catalog
