// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

namespace pgratchet::preflight {

/// A schema as it concerns the deployer.
struct schema_right {
    bool may_create = false;
    bool is_owner = false; ///< or a member of the owner
};

/// A role as it concerns the deployer.
struct role_right {
    bool is_superuser = false;
    bool is_member = false;     ///< the deployer has its privileges without SET ROLE
    bool may_become = false;    ///< the deployer may SET ROLE to it, and so give it objects
    bool is_predefined = false; ///< pg_...
};

/// An extension that the server can make.
struct extension_offer {
    bool needs_superuser = true;
    bool is_trusted = false; ///< CREATE on the database is enough (PostgreSQL manual, "CREATE EXTENSION")
};

/// What the deployer may do in the database that the session is connected to. What was not asked for is not there.
struct rights {
    std::string role; ///< whom the statements run as
    std::string database;
    bool is_superuser = false;
    /// Member of a managed server's administrator role, who may make extensions that need a superuser elsewhere.
    bool is_managed_administrator = false;
    bool may_create_roles = false;
    bool may_create_in_database = false;
    std::map<std::string, schema_right> schemas;
    std::map<std::string, role_right> roles;
    std::map<std::string, extension_offer> extensions;
};

} // namespace pgratchet::preflight
