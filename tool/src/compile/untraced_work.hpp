// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "compile/source.hpp"

namespace pgratchet::compile {

/// Settles what the parse tree leaves open: whether a statement that may have done so did anything that is compared. A
/// GRANT that does nothing may just repeat what is so: it counts as untraced only beside an extension, whose own
/// objects it may be about, and where it names nothing that is followed: an object of the system, or of an extension.
/// To be called when the file's effects are known; `before` and `after` are the catalog.
void note_untraced(source&, catalog::snapshot const& before, catalog::snapshot const& after);

} // namespace pgratchet::compile
