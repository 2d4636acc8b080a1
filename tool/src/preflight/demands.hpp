// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "catalog/object.hpp"
#include "plan/plan.hpp"
#include "script/script.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace pgratchet::preflight {

/// A migration that is about to run.
struct pending_file {
    plan::migration const* compiled = nullptr;
    script::script file;
    std::size_t statements_done = 0; ///< of one without a transaction that was cut off
};

/// What a privilege is needed for: "table public.notes", and the file that needs it.
struct reason {
    std::string object;
    std::string file;
};

/// An object that a pending file works on as only its owner may.
struct ownership {
    catalog::object_id object;
    std::string owner;
    std::string file;
    bool is_dropped = false; ///< which the schema's owner may do too
};

/// What pending files ask of the role that runs them, as far as their effects and statements show it. What is not
/// known is left out: the server is the judge.
struct demands {
    std::map<std::string, reason> create_in;      ///< by schema that is there already
    std::vector<ownership> owned;                 ///< objects that belong to somebody else; each once
    std::map<std::string, reason> new_schemas;    ///< by name
    std::map<std::string, reason> extensions;     ///< by name; `object` is the statement that makes it
    std::map<std::string, reason> event_triggers; ///< by name; `object` is the version of the file
    std::map<std::string, reason> given_to;       ///< by role that becomes an owner
    std::map<std::string, reason> roles_named;    ///< by role that a privilege, owner or policy names
    std::string makes_roles;                      ///< the file with CREATE ROLE; empty if there is none
};

/// Pure. `live` is the environment as it was located, where an object without an "owner" is the deployer's own.
[[nodiscard]] demands demands_of(std::vector<pending_file> const&, catalog::snapshot const& live,
                                 std::vector<std::string> const& declared_roles);

/// The schema of an identity, unquoted; empty if it has none.
[[nodiscard]] std::string schema_of(std::string const& identity);

} // namespace pgratchet::preflight
