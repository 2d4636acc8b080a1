// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plan/choose.hpp"

#include <cstddef>
#include <optional>

/// What hand-written probes say against the schema: those that `denies` says it of. An empty database is never denied.
namespace pgratchet::plan {

/// True if a file behind version k works on rows and has such a probe: a database that looks like k may have got it and
/// lost something since, so the probe is to be asked before the file is run.
[[nodiscard]] bool may_be_done_behind(plan const&, std::size_t k);

/// The newest such file whose probe says that it has run.
[[nodiscard]] std::optional<std::size_t> done_behind(plan const&, std::size_t k, probe_answers const&);

} // namespace pgratchet::plan
