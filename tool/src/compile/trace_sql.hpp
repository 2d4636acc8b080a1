// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "catalog/query.hpp"

#include <set>
#include <string>
#include <utility>

namespace pgratchet::compile {

/// SQLSTATE of the notices that our event triggers raise; class PG is not PostgreSQL's.
constexpr auto notice_sqlstate = "PGR01";

/// Makes the schema, the functions and the event triggers that report what commands touch.
[[nodiscard]] std::string const& reporting_event_triggers();

/// SELECT of (catalog, OID) of all roots whose definition may read differently. `touched` are catalog names and OIDs;
/// `horizon` is a transaction id from which on every writer of a catalog row counts, or empty.
[[nodiscard]] catalog::query
affected_roots_query(std::set<std::pair<catalog::catalog_name, std::string>> const& touched,
                     std::string const& horizon);

} // namespace pgratchet::compile
