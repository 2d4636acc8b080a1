// SPDX-License-Identifier: Apache-2.0
#include "preflight/read_rights.hpp"

#include "catalog/query.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pgratchet::preflight {

namespace {

/// Administrators of managed servers (Amazon RDS, Google Cloud SQL, Azure, Neon, Supabase): no superusers by their
/// attributes, yet the provider lets them make extensions.
constexpr auto managed_administrators =
    "'rds_superuser', 'cloudsqlsuperuser', 'azure_pg_admin', 'neon_superuser', 'supabase_admin'";

template <typename Map>
std::string keys_of(Map const& map)
{
    std::vector<std::string> keys;
    keys.reserve(map.size());
    for (auto const& [key, value] : map) {
        keys.push_back(key);
    }
    return catalog::array_literal(keys) + "::name[]";
}

bool is_true(std::optional<std::string> const& value)
{
    return value == "t";
}

void read_schemas(database::session& on, demands const& wanted, rights& found)
{
    auto names = wanted.create_in;
    for (auto const& one : wanted.owned) {
        names.try_emplace(schema_of(one.object.identity));
    }
    for (auto const& row : on.execute("SELECT n.nspname, pg_catalog.has_schema_privilege(n.oid, 'CREATE'), "
                                      "pg_catalog.pg_has_role(n.nspowner, 'USAGE') "
                                      "FROM pg_catalog.pg_namespace n WHERE n.nspname = ANY (" +
                                      keys_of(names) + ")")) {
        found.schemas[row[0].value()] = {is_true(row[1]), is_true(row[2])};
    }
}

void read_roles(database::session& on, demands const& wanted, rights& found)
{
    auto names = wanted.given_to;
    names.insert(wanted.roles_named.begin(), wanted.roles_named.end());
    for (auto const& one : wanted.owned) {
        names.try_emplace(one.owner);
    }
    // From 16 on a membership can be without the right to SET ROLE.
    std::string const become = on.server_version() < 160000 ? "'MEMBER'" : "'SET'";
    for (auto const& row :
         on.execute("SELECT r.rolname, r.rolsuper, pg_catalog.pg_has_role(r.oid, 'USAGE'), "
                    "pg_catalog.pg_has_role(r.oid, " +
                    become + "), r.rolname ~ '^pg_' FROM pg_catalog.pg_roles r WHERE r.rolname = ANY (" +
                    keys_of(names) + ")")) {
        found.roles[row[0].value()] = {is_true(row[1]), is_true(row[2]), is_true(row[3]), is_true(row[4])};
    }
}

void read_extensions(database::session& on, demands const& wanted, rights& found)
{
    for (auto const& row : on.execute("SELECT e.name, v.superuser, v.trusted FROM pg_catalog.pg_available_extensions e "
                                      "JOIN pg_catalog.pg_available_extension_versions v "
                                      "ON v.name = e.name AND v.version = e.default_version "
                                      "WHERE e.name = ANY (" +
                                      keys_of(wanted.extensions) + ")")) {
        found.extensions[row[0].value()] = {is_true(row[1]), is_true(row[2])};
    }
}

} // namespace

rights read_deployer(database::session& on)
{
    rights found;
    auto const row = on.execute("SELECT pg_catalog.current_database(), r.rolsuper, r.rolcreaterole, "
                                "pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE'), "
                                "EXISTS (SELECT FROM pg_catalog.pg_roles m WHERE m.rolname IN (" +
                                std::string{managed_administrators} +
                                ") AND pg_catalog.pg_has_role(m.oid, 'MEMBER')) "
                                "FROM pg_catalog.pg_roles r WHERE r.rolname = " +
                                on.quote(on.role()))
                         .at(0);
    found.role = on.role();
    found.database = row[0].value();
    found.is_superuser = is_true(row[1]);
    found.may_create_roles = is_true(row[2]);
    found.may_create_in_database = is_true(row[3]);
    found.is_managed_administrator = is_true(row[4]);
    return found;
}

void read_rights(database::session& on, demands const& wanted, rights& found)
{
    if (!wanted.extensions.empty()) {
        read_extensions(on, wanted, found);
    }
    if (!found.is_superuser) {
        read_schemas(on, wanted, found);
        read_roles(on, wanted, found);
    }
}

} // namespace pgratchet::preflight
