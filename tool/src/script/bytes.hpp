// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "report/diagnostic.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace pgratchet::script {

/// What makes bytes no SQL text at all: bytes that are not UTF-8, NUL. `text` is `raw` without a byte order mark.
[[nodiscard]] std::vector<report::diagnostic> refuse_bytes(std::string const& file, std::string_view raw,
                                                           std::string_view text);

} // namespace pgratchet::script
