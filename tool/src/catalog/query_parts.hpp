// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pgratchet::catalog {

/// A SELECT over one kind of object. In its text `{in scope}` stands for a condition, and
/// `{deployer}` for the name of the role that deploys.
struct query_part {
    std::string_view catalog;     ///< the catalog of the roots it reads
    std::string_view oid_column;  ///< how to restrict it to OIDs
    std::string_view name_column; ///< how to restrict it to names; empty for a small catalog
    std::string sql;
    bool is_common_table = false; ///< the relations in scope, which the parts after it join
};

/// All parts, for a server of this version; the common table first.
[[nodiscard]] std::vector<query_part> const& query_parts(int server_version);

/// Their three sources, by what the objects hang on.
[[nodiscard]] std::vector<query_part> relation_parts(int server_version);
[[nodiscard]] std::vector<query_part> routine_and_type_parts(int server_version);
[[nodiscard]] std::vector<query_part> other_parts();

/// SQL for the condition "is not a member of an extension".
[[nodiscard]] std::string not_an_extensions(std::string_view catalog, std::string_view oid);

/// SQL for the privileges in an aclitem[], one grantee after the other, the owner's own left out and the role that
/// deploys called @deployer; NULL where the column is.
[[nodiscard]] std::string privileges(std::string_view acl, std::string_view owner);

/// SQL for a role's name, the one that deploys called @deployer.
[[nodiscard]] std::string role_name(std::string_view oid);

/// SQL for an object's owner; NULL for the role that deploys.
[[nodiscard]] std::string owner(std::string_view oid);

/// SQL for an object's comment.
[[nodiscard]] std::string comment(std::string_view catalog, std::string_view oid, std::string_view column = "0");

/// SQL condition for schemas that hold the user's own objects.
[[nodiscard]] std::string users_own_schema(std::string_view name);

} // namespace pgratchet::catalog
