// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "compile/replay.hpp"

#include <string>
#include <vector>

namespace pgratchet::compile {

/// Finds definitions that freeze the moment of the replay ('now' in a default becomes a constant) and puts
/// catalog::moment in their place, which equals anything. They are known by a date that no migration wrote: one of
/// `dates`, the replay's own day and its neighbours ("2026-11-23"), in a definition, while no file up to there holds
/// that text. Reports a warning at the file for each.
void replace_frozen_moments(std::vector<source>& sources, std::vector<std::string> const& dates,
                            replay::reporter const&);

} // namespace pgratchet::compile
