// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "commands/compile.hpp"
#include "commands/diagnostics.hpp"
#include "compile/replay.hpp"

#include <vector>

namespace pgratchet::commands {

/// Reads and takes apart all migrations, those up to the baseline marked as quiet. What is wrong with them is reported:
/// all of it, in every file. Throws configuration_error if there is none.
[[nodiscard]] std::vector<compile::source> load_migrations(compile_options const&, diagnostics&);

/// Reads and takes apart the probes; what is wrong with them is reported.
[[nodiscard]] std::vector<compile::probe_source>
load_probes(compile_options const&, std::vector<compile::source> const& migrations, diagnostics&);

} // namespace pgratchet::commands
