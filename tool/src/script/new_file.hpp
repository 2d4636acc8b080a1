// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "script/script.hpp"

#include <string>
#include <string_view>

namespace pgratchet::script {

/// A description as part of a file's name: "Add case notes!" becomes "add_case_notes". ASCII letters in lower case,
/// digits and what is not ASCII stay, all else becomes one underscore. Empty if nothing is left.
[[nodiscard]] std::string as_part_of_a_name(std::string_view description);

/// The text of a migration that is still to be written: the description, what there is to know about probes and
/// directives, and BEGIN and COMMIT with nothing between.
[[nodiscard]] std::string new_file(std::string_view description, std::string_view version, transaction_mode);

} // namespace pgratchet::script
