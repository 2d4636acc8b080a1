// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plan/plan.hpp"

#include <string>

namespace pgratchet::bundle {

/// A bundle and its plan.
struct opened {
    manifest described;
    plan::plan compiled;
};

/// What `newer` brings over `older`, in words, on lines: versions, migrations added (with what they do), changed and
/// removed, probes, executor, other files. Ends with a line feed.
[[nodiscard]] std::string compare(opened const& older, opened const& newer);

} // namespace pgratchet::bundle
