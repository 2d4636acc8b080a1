// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "compile/replay.hpp"

namespace pgratchet::compile {

/// True if a statement's words say that it may drop tables or columns, or change a column's type.
[[nodiscard]] bool may_destroy(script::script const&);

/// Throws usage_error if one of the parents is no partitioned table of the migrations: what a job makes under it would
/// be drift, and nothing would say why.
void demand_partitioned_tables(std::vector<source> const&, std::vector<std::string> const& parents);

/// Leaves what hangs on partitions of job-managed tables out of all effects.
void leave_out_job_managed_partitions(std::vector<source>& sources, std::vector<std::string> const& parents);

/// Whether each partition of a job-managed table has an index attached is for the job: rules that ignore it.
[[nodiscard]] std::vector<plan::ignore_rule> rules_for_job_managed_partitions(std::vector<source> const&,
                                                                              std::vector<std::string> const& parents);

/// Reports, as errors, the histories that could not be told apart later without risk to work on data: a
/// file without a transaction that mixes such work with other statements, and versions that look alike without a probe.
/// False if there were any.
[[nodiscard]] bool can_be_located(plan::plan const&, std::vector<source> const&, replay::reporter const&);

} // namespace pgratchet::compile
