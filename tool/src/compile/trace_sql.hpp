// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "catalog/query.hpp"

#include <set>
#include <string>
#include <utility>

namespace pgratchet::compile {

/// SQLSTATE of the notices that our event triggers raise; class PG is not PostgreSQL's.
constexpr auto notice_sqlstate = "PGR01";

/// Makes the schema, the event triggers that report what commands touch, and the functions for the queries below,
/// for a session in which this role deploys.
[[nodiscard]] std::string reporting_functions(int server_version, std::string const& deployer);

/// Catalog and OID of an object.
using address = std::pair<catalog::catalog_name, std::string>;

/// What some statements touched, to be read again.
struct touched_objects {
    std::set<address> touched;
    std::set<address> dropped_roots;       ///< roots that lost something, or are gone
    std::set<catalog::catalog_name> whole; ///< small catalogs to read whole
    bool follow = true;                    ///< to what depends on them; not needed for what is new
    std::string horizon; ///< a transaction id: every catalog row that it or a later one wrote counts, too; or empty
};

/// SELECT of the roots whose definition may read differently, and of all objects that hang on them. A root is a row
///   catalog, OID, NULL, NULL, NULL, file node (of a relation that is still there)
/// and an object is a row of catalog::snapshot_query().
[[nodiscard]] catalog::query step_query(touched_objects const&);

/// SELECT of the locks that this session holds on relations of users: OID, mode, relkind, file node, OID of the table
/// if it is an index, identity. All but the first two are NULL if it is gone.
[[nodiscard]] std::string held_locks_query(bool has_functions);

} // namespace pgratchet::compile
