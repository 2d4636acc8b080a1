// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "catalog/object.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace pgratchet::catalog {

/// What the catalog query calls the role that deploys where it names roles. As an owner the query leaves it out; only a
/// plan may name it as one, where a file gives an object to the deployer by name (plan/seen_by.hpp).
constexpr auto deployer = "@deployer";

/// The owner of an object; nothing if that is the deployer, or if the object has none of its own.
[[nodiscard]] std::optional<std::string> other_owner(object const&);

/// Whether "app=SELECT" is the owner's: whoever owns an object holds all privileges on it, listed or not.
[[nodiscard]] bool is_owners(std::string_view privilege, object const&);

/// Who may do what with an object, besides its owner, in the form of the attribute "privileges". Where nobody ever
/// granted or revoked anything the attribute is absent, and PostgreSQL's built-in defaults hold: EXECUTE on routines
/// and USAGE on types and languages for PUBLIC, nothing on all else (manual, "Privileges").
[[nodiscard]] std::string effective_privileges(object const&);

/// Those built-in defaults.
[[nodiscard]] std::string_view built_in_privileges(std::string_view kind);

} // namespace pgratchet::catalog
