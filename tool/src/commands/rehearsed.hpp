// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "commands/pending.hpp"
#include "commands/plan_source.hpp"
#include "database/session.hpp"
#include "plan/plan.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace pgratchet::commands {

/// Where the rows of tables and materialized views are: a new file is a rewrite.
struct file_of_table {
    std::string identity; ///< "public.orders"
    std::string node;
    std::uint64_t bytes = 0; ///< with its indexes
};

/// By OID. Of all schemas but the server's own.
using table_files = std::map<std::string, file_of_table>;

[[nodiscard]] table_files files_of_tables(database::session&);

/// Adds to the plan what migration k (counted from 1) is going to do to rows of foreign tables here, and did not where
/// it was compiled: a foreign partition, say, that a job has attached. Throws state_refused if that can not be left
/// out.
void add_foreign_rows_here(database::session&, plan_source&, std::size_t k);

/// What a migration did on real data, for people: each statement with its locks, as they were seen when it was
/// compiled, and its time here; for how long reads or writes of each table were blocked; which tables were written anew
/// (or emptied), and how large they were.
[[nodiscard]] std::string rehearsed_in_words(plan::migration const&, finished_migration const&,
                                             table_files const& before, table_files const& after);

} // namespace pgratchet::commands
