// SPDX-License-Identifier: Apache-2.0
// What a file's statements may do, told by their kind and words.
#include "script/traits.hpp"

#include <gtest/gtest.h>
#include <string>

using namespace pgratchet;
using namespace pgratchet::script;

namespace {

bool stays_clean(std::string const& body)
{
    parsed const p = parse("f.sql", "BEGIN;\n" + body + "\nCOMMIT;\n");
    EXPECT_TRUE(p.diagnostics.empty()) << body;
    return leaves_session_clean(p.result);
}

} // namespace

TEST(traits, files_that_leave_a_session_as_it_was)
{
    for (auto const* body :
         {"CREATE TABLE t (a integer DEFAULT now());", "CREATE VIEW v AS SELECT 1;",
          "CREATE TABLE t ();\nCREATE INDEX i ON t (a DESC) WHERE b IS NOT NULL;",
          "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'SELECT set_config(''a.b'', ''c'', false)';"}) {
        EXPECT_TRUE(stays_clean(body)) << body;
    }
}

TEST(traits, files_that_may_not)
{
    for (auto const* body :
         {"CREATE TEMP TABLE t ();", "CREATE TEMPORARY VIEW v AS SELECT 1;", "CREATE TABLE pg_temp.t ();",
          "CREATE TABLE \"pg_temp\".t ();", "CREATE LOCAL TEMPORARY TABLE t ();", "CREATE TABLE t AS SELECT f();",
          "CREATE INDEX i ON t (f(a));", "CREATE INDEX i ON t (a) WHERE f(a);", "SET search_path = a;", "SELECT 1;",
          "DO '';", "CREATE TABLE t ();\nINSERT INTO t DEFAULT VALUES;", "LISTEN a;", "ALTER TABLE t ADD a integer;",
          "CREATE OR REPLACE VIEW v AS SELECT 1;", "PREPARE p AS SELECT 1;", "CREATE SCHEMA s;"}) {
        EXPECT_FALSE(stays_clean(body)) << body;
    }
}

TEST(traits, statements_that_drop_prepared_ones)
{
    for (auto const& [sql, drops] : {std::pair{"DEALLOCATE ALL", true},
                                     {"DEALLOCATE p", true},
                                     {"DISCARD PLANS", true},
                                     {"SELECT 'DEALLOCATE ALL'", false}}) {
        parsed const p = parse("f.sql", std::string{"BEGIN;\n"} + sql + ";\nCOMMIT;\n");
        ASSERT_EQ(p.result.body.size(), 1U) << sql;
        EXPECT_EQ(deallocates(p.result.body.front()), drops) << sql;
    }
}
