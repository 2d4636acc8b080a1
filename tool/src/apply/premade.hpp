// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "apply/proof.hpp"
#include "apply/run.hpp"
#include "catalog/object.hpp"
#include "script/script.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace pgratchet::apply {

/// The extension or schema that a statement is to make and that an administrator has made beforehand, as those do where
/// the deployer may not. Without this, CREATE EXTENSION fails because the extension is there, and CREATE SCHEMA IF
/// NOT EXISTS because the role lacks CREATE on the database, which the server asks for first. Nothing for any other
/// statement, for a schema with elements, and for what the file itself has dropped before.
[[nodiscard]] std::optional<catalog::object_id> made_beforehand(script::script const&, script::statement const&,
                                                                picture const&);

/// What is sent for statement i (counted from 0) of migration k: its text; a SELECT of nothing where that is made
/// already; or what only plans it.
[[nodiscard]] std::string text_to_run(workplace const&, std::size_t k, script::script const&, std::size_t i);

} // namespace pgratchet::apply
