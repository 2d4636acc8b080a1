// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "compile/probes.hpp"
#include "compile/shadow.hpp"
#include "compile/source.hpp"
#include "plan/plan.hpp"

#include <string>
#include <vector>

namespace pgratchet::compile {

/// Warns of probes that are to tell a version from an earlier one that looks like it, and are true at both. The files
/// up to that one are run once more on the shadow, made anew, if there is such a pair; nothing else is looked at.
void warn_of_probes_that_tell_nothing(shadow&, std::string const& search_path, plan::plan const&,
                                      std::vector<source> const&, std::vector<probe_source> const&, reporter const&);

} // namespace pgratchet::compile
