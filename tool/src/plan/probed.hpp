// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plan/choose.hpp"

#include <cstddef>
#include <optional>
#include <vector>

/// What hand-written probes say against the schema. An empty database is never denied.
namespace pgratchet::plan {

/// True if a file behind version k works on rows and has a probe that `denies`: a database that looks like k may have
/// got it and lost something since, so the probe is to be asked before the file is run.
[[nodiscard]] bool may_be_done_behind(plan const&, std::size_t k);

/// The newest such file whose probe says that it has run.
[[nodiscard]] std::optional<std::size_t> done_behind(plan const&, std::size_t k, probe_answers const&);

/// The probes of the files up to version k that do more than they show, but for those below the baseline and those that
/// are taken back. That such a file has run only its probe can say: what shows of it, and of the files behind it,
/// somebody may have made by hand.
[[nodiscard]] std::vector<probe const*> speaking_of_applied(plan const&, std::size_t k);

} // namespace pgratchet::plan
