// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "compile/replay.hpp"

namespace pgratchet::compile {

/// Reports, as errors, the files named NNN_revert_MMM_... that do not take MMM back: each object that MMM changes has
/// to be as it was before, owner, privileges and comment included, and nothing else changed. What a file accepts
/// (`-- pgratchet: accepted KIND IDENTITY: REASON`) may stay. Files up to the baseline are taken as given. False if
/// there were any.
[[nodiscard]] bool reverts_are_proven(plan::plan const&, std::vector<source> const&, reporter const&);

} // namespace pgratchet::compile
