// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "catalog/object.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace pgratchet::catalog {

/// A system catalog that holds objects which stand alone: "pg_class", "pg_proc", "pg_type", ... What hangs on a
/// relation or a type (columns, constraints, indexes, triggers, policies, rules) is read with it.
using catalog_name = std::string;

/// What a query should read.
struct scope {
    enum class selection { everything, by_oid, by_name };

    selection by = selection::everything;
    /// For by_oid the object identifiers, for by_name the bare names, by catalog. Catalogs that are not named
    /// are not read. Small catalogs (all but the three above) are read whole when named.
    std::map<catalog_name, std::set<std::string>> wanted;
};

/// A statement that sets what the server's own deparsed text depends on, until the transaction ends, so that texts can
/// be compared between sessions.
[[nodiscard]] std::string const& pinned_settings();

/// The same, and the planner told to look few objects up by their indexes, with a plan that is made once: planning
/// would cost more than running.
[[nodiscard]] std::string const& pinned_for_few_objects();

/// The same as clauses of CREATE FUNCTION, in force while it runs.
[[nodiscard]] std::string pinned_for_few_objects_in_function();

/// A SELECT with parameters $1, $2, ... and their values. The text is the same for each use of one shape, so that a
/// server can keep its plan.
struct query {
    std::string text;
    std::vector<std::string> values;
};

/// A text array as the server writes it: `{"a","b"}`.
[[nodiscard]] std::string array_text(std::vector<std::string> const& values);

/// The same as an SQL literal, safe for any value.
[[nodiscard]] std::string array_literal(std::vector<std::string> const& values);

/// One SELECT whose rows are
///   catalog name, OID, kind, identity, identity of the root, attributes as a JSON object
/// for every object in scope that is the user's own: not the system's, not an extension's, not a
/// copy on a partition, not temporary. Works on servers 13 to 18. Empty if the scope is empty.
/// `role` is an SQL expression for the name of the role that deploys: neither SESSION_USER, as which another role
/// may have logged in, nor CURRENT_USER, which a migration may have changed.
[[nodiscard]] query snapshot_query(scope const&, int server_version, std::string const& role);

/// A row of snapshot_query.
struct located_object {
    catalog_name catalog; ///< of the root
    std::string oid;      ///< of the root
    object value;
};

/// Takes a row of six columns apart.
[[nodiscard]] located_object decode(std::vector<std::optional<std::string>> const& row);

/// An identity without the quotes that only a key word asks for: `public."user"` is `public.user`.
[[nodiscard]] std::string without_needless_quotes(std::string const& identity);

/// An identity with every name in it quoted, as SQL takes it.
[[nodiscard]] std::string quoted(std::string const& identity);

/// Which catalog holds the root of an object, by its kind, and the bare name to look for.
struct root_name {
    catalog_name catalog;
    std::string name; ///< unquoted, without schema and argument list
};
[[nodiscard]] root_name root_of(object const&);

/// The kinds of objects that a snapshot can hold.
[[nodiscard]] std::vector<std::string> kinds();

} // namespace pgratchet::catalog
