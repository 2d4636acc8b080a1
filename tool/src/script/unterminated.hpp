// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "script/cutter.hpp"

#include <string>
#include <string_view>

namespace pgratchet::script {

/// Why a text that ends within something is refused, and what closes it.
struct unterminated {
    std::string rule;
    std::string message;
    std::string hint;
};

/// Says so of a cut that is no statement, comment or meta-command. `text` is what was cut.
[[nodiscard]] unterminated what_is_unterminated(cut const&, std::string_view text);

} // namespace pgratchet::script
