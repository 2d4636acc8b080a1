// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace pgratchet::execute {

/// SQL for what a session does, by the row `a` of pg_stat_activity: "it is idle in transaction for 12 s". Its query is
/// nobody's to print: it may hold a password. NULL of another role's session, unless pg_read_all_stats.
constexpr auto session_state =
    "CASE WHEN a.state = 'active' THEN 'its statement runs' ELSE 'it is ' || a.state END || ' for ' || "
    "greatest(extract(epoch FROM clock_timestamp() - a.state_change), 0)::bigint || ' s'";

} // namespace pgratchet::execute
