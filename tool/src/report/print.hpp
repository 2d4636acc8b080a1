// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "report/diagnostic.hpp"

namespace pgratchet::report {

/// Prints a diagnostic to stderr in GCC's form, so that Ninja, Make and an editor's problem matcher understand it. On a
/// terminal the excerpt of the file follows, and both are in colour unless NO_COLOR is set (no-color.org) or TERM is
/// "dumb". A file that cannot be read has no excerpt.
void print(diagnostic const&);

} // namespace pgratchet::report
