// SPDX-License-Identifier: Apache-2.0
#include "catalog/query_parts.hpp"

#include <iterator>
#include <map>
#include <mutex>

namespace pgratchet::catalog {

std::string not_an_extensions(std::string_view catalog, std::string_view oid)
{
    return "NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog." + std::string{catalog} +
           "'::regclass AND e.objid = " + std::string{oid} + " AND e.deptype = 'e' OFFSET 0)";
}

std::string role_name(std::string_view oid)
{
    auto const name = "pg_catalog.pg_get_userbyid(" + std::string{oid} + ")";
    return "CASE WHEN " + name + " = {deployer} THEN '@deployer' ELSE " + name + "::text END";
}

std::string owner(std::string_view oid)
{
    auto const name = "pg_catalog.pg_get_userbyid(" + std::string{oid} + ")";
    return "nullif(" + name + "::text, {deployer}::text)";
}

std::string privileges(std::string_view acl, std::string_view owner)
{
    // The owner's own privileges are implied by ownership and their list grows with the versions (MAINTAIN in 17).
    auto const grantee = "CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE " + role_name("a.grantee") + " END";
    return "CASE WHEN " + std::string{acl} +
           " IS NOT NULL THEN coalesce((SELECT string_agg(g.one, '; ' ORDER BY g.one COLLATE \"C\") FROM "
           "(SELECT " +
           grantee +
           " || '=' || string_agg(a.privilege_type || CASE WHEN a.is_grantable THEN '*' ELSE '' END, "
           "',' ORDER BY a.privilege_type COLLATE \"C\") AS one FROM pg_catalog.aclexplode(" +
           std::string{acl} + ") a WHERE a.grantee <> " + std::string{owner} + " GROUP BY a.grantee) g), '') END";
}

std::string comment(std::string_view catalog, std::string_view oid, std::string_view column)
{
    return "(SELECT d.description FROM pg_catalog.pg_description d WHERE d.objoid = " + std::string{oid} +
           " AND d.classoid = 'pg_catalog." + std::string{catalog} +
           "'::regclass AND d.objsubid = " + std::string{column} + ")";
}

std::string users_own_schema(std::string_view name)
{
    auto const column = std::string{name};
    return column + " !~ '^pg_' AND " + column + " <> 'information_schema' AND " + column + " <> 'pgratchet_shadow'";
}

std::vector<query_part> const& query_parts(int server_version)
{
    static std::mutex guard;
    static std::map<int, std::vector<query_part>> known;
    std::scoped_lock const lock{guard};
    auto const [place, is_new] = known.try_emplace(server_version / 10000);
    if (is_new) {
        for (auto&& parts : {relation_parts(server_version), routine_and_type_parts(server_version), other_parts()}) {
            place->second.insert(place->second.end(), parts.begin(), parts.end());
        }
    }
    return place->second;
}

} // namespace pgratchet::catalog
