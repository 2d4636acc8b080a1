// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "script/cutter.hpp"

#include <string>

namespace pgratchet::script {

/// The name that people give a statement, in upper case: "CREATE TABLE", "ALTER MATERIALIZED VIEW", "INSERT".
/// Words that only qualify it (OR REPLACE, UNIQUE, TEMPORARY) are left out.
/// One that starts with something else than a word is just a "statement".
[[nodiscard]] std::string command_name(raw_statement const&);

} // namespace pgratchet::script
