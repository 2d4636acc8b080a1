// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace pgratchet::script {

/// The name that the server prints for a built-in type, given any of its names: "int4" is "integer" (PostgreSQL
/// manual, "Data Types", table of names and aliases). Other names stay as they are; so does "[]" behind one.
[[nodiscard]] std::string long_type_name(std::string_view name);

} // namespace pgratchet::script
