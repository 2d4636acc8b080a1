// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "apply/proof.hpp"
#include "database/session.hpp"
#include "plan/plan.hpp"

#include <cstddef>

namespace pgratchet::apply {

/// Asks the hand-written probes of migration k (counted from 1), whose last statement has run, as whoever asks them
/// later on will: each that is not true, a line each. Leaves row_security and search_path set until the transaction
/// ends, if there is one.
[[nodiscard]] objections denied_by_own_probes(database::session&, plan::plan const&, std::size_t k);

/// The error about them: a database on which they are false would be given the migration again.
[[nodiscard]] report::diagnostic about_probes(report::location const&, objections);

} // namespace pgratchet::apply
