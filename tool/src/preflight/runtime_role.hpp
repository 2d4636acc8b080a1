// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "database/session.hpp"

#include <string>
#include <vector>

namespace pgratchet::preflight {

/// The role under which the application works, and what it needs.
struct runtime_needs {
    std::string role;
    std::vector<std::string> privileges; ///< on every table: "SELECT"
    std::vector<std::string> tables;     ///< identities
    std::vector<std::string> schemas;    ///< bare names
};

/// What is wrong with the rights of the runtime role, a line each with the command that mends it: it lacks a privilege
/// on a table, USAGE on a schema or on a sequence that an INSERT draws from; or it has what only the deployer should
/// have: CREATE, ownership, superuser, CREATEROLE, membership in an owner's or the deployer's role. A fixed number
/// of queries. Tables that are not there are passed over.
[[nodiscard]] std::vector<std::string> runtime_objections(database::session&, runtime_needs const&);

/// The role that the session logged in as, if it is a superuser; else an empty text.
[[nodiscard]] std::string superuser_deployer(database::session&);

} // namespace pgratchet::preflight
