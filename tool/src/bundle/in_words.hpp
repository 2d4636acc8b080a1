// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plan/plan.hpp"

#include <string>
#include <vector>

namespace pgratchet::bundle {

/// What the migrations of a plan do to the schema, in words for operators: for each migration its lines, such as
/// "adds the table public.reports with 4 columns", "drops the index public.by_name". Parts of what is added or
/// dropped with its table (columns, constraints, defaults) are counted, not listed.
[[nodiscard]] std::vector<std::vector<std::string>> what_migrations_do(plan::plan const&);

/// The locks that a migration takes on relations that are there before it, as lines of a Markdown list. Read from the
/// throwaway server on which the plan was compiled; relations that the migration makes itself nobody waits for.
[[nodiscard]] std::vector<std::string> locks_in_words(plan::migration const&);

/// All about one migration as such lines: how it runs, what it may destroy, `what_it_does`, its locks.
[[nodiscard]] std::vector<std::string> migration_in_words(plan::migration const&,
                                                          std::vector<std::string> const& what_it_does);

/// "`a`, `b`", or "none".
[[nodiscard]] std::string in_code(std::vector<std::string> const&);

} // namespace pgratchet::bundle
