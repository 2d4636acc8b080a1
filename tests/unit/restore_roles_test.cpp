// SPDX-License-Identifier: Apache-2.0
#include "restore/roles.hpp"

#include <gtest/gtest.h>
#include <set>
#include <string>

namespace {

using pgratchet::restore::roles_named;
using names = std::set<std::string>;

TEST(restore_roles, are_found_wherever_a_schema_names_them)
{
    EXPECT_EQ(
        roles_named("\\restrict abc\nSET statement_timeout = 0;\nSET transaction_timeout = 0;\n"
                    "CREATE SCHEMA s;\nALTER SCHEMA s OWNER TO one;\n"
                    "CREATE TABLE s.t (a integer);\nALTER TABLE s.t OWNER TO \"Two ä\";\n"
                    "ALTER FUNCTION s.f(integer) OWNER TO three;\n"
                    "CREATE POLICY p ON s.t TO four, PUBLIC USING ((a > 0));\n"
                    "GRANT SELECT(a) ON TABLE s.t TO five WITH GRANT OPTION;\n"
                    "REVOKE ALL ON SCHEMA public FROM PUBLIC;\n"
                    "SET SESSION AUTHORIZATION six;\nGRANT SELECT ON TABLE s.t TO five;\nRESET SESSION AUTHORIZATION;\n"
                    "ALTER DEFAULT PRIVILEGES FOR ROLE seven IN SCHEMA s GRANT SELECT ON TABLES TO eight;\n"
                    "\\unrestrict abc\n"),
        (names{"one", "Two ä", "three", "four", "five", "six", "seven", "eight"}));
}

TEST(restore_roles, are_no_other_words)
{
    EXPECT_EQ(roles_named(
                  "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'GRANT a TO b; ALTER TABLE t OWNER TO c';\n"
                  "COMMENT ON TABLE t IS 'OWNER TO d';\nSET role_name = 'e';\nCREATE TABLE owner (\"to\" integer);\n"),
              names{});
    EXPECT_EQ(roles_named(""), names{});
    EXPECT_EQ(roles_named("ALTER TABLE t OWNER TO ;\xff"), names{});
}

} // namespace
