// SPDX-License-Identifier: Apache-2.0
// Inputs that overflow the stack of libpg_query, or cost it the square of their length, when they are given to it as
// they are. None of them is an error of the file.
#include "script/script.hpp"

#include <gtest/gtest.h>
#include <string>

using namespace pgratchet::script;

namespace {

std::string repeated(std::string_view part, int times)
{
    std::string out;
    out.reserve(part.size() * static_cast<std::size_t>(times));
    for (int i = 0; i < times; ++i) {
        out += part;
    }
    return out;
}

statement only(std::string const& sql)
{
    parsed const p = parse("f.sql", "BEGIN;" + sql + ";COMMIT;");
    EXPECT_TRUE(p.diagnostics.empty());
    EXPECT_EQ(p.result.body.size(), 1U);
    return p.result.body.empty() ? statement{} : p.result.body.front();
}

} // namespace

TEST(limits, long_chains_get_their_tree)
{
    for (char const* link :
         {"+1", " UNION SELECT 1", " IS NULL", " ISNULL", "::int", " COLLATE c", "[1]", " AND b", "||'x'"}) {
        statement const s = only("CREATE VIEW v AS SELECT a" + repeated(link, 30'000));
        EXPECT_EQ(s.node, "ViewStmt") << link;
        EXPECT_TRUE(s.schema_only) << link;
    }
    EXPECT_EQ(only("CREATE VIEW v AS SELECT 1 FROM a" + repeated(" NATURAL JOIN a", 30'000)).node, "ViewStmt");
}

TEST(limits, longer_chains_are_not_known)
{
    statement const s = only("CREATE VIEW v AS SELECT 1" + repeated("+1", 200'000));
    EXPECT_EQ(s.node, "");
    EXPECT_EQ(s.parser_message, "");
    EXPECT_FALSE(s.schema_only);
    EXPECT_EQ(only("SELECT 1" + repeated("+1", 200'000)).node, "SelectStmt") << "data needs no tree";
}

TEST(limits, a_limit_of_the_parser_is_no_error)
{
    for (std::string const& sql :
         {"CREATE VIEW v AS SELECT " + repeated("(", 20'000) + "1" + repeated(")", 20'000),
          "SELECT " + repeated("- ", 20'000) + "1", "SELECT " + repeated("NOT ", 20'000) + "true"}) {
        statement const s = only(sql);
        EXPECT_EQ(s.node, "");
        EXPECT_EQ(s.parser_message, "");
        EXPECT_FALSE(s.schema_only);
    }
}

TEST(limits, what_costs_the_parser_the_square_is_not_shown_to_it)
{
    std::string const comment = repeated("/*", 40'000) + repeated("*/", 40'000);
    statement const nested = only("CREATE VIEW v AS " + comment + " SELECT 1");
    EXPECT_EQ(nested.node, "");
    EXPECT_EQ(nested.parser_message, "");
    EXPECT_EQ(only(comment + "CREATE VIEW v AS SELECT 1").node, "ViewStmt")
        << "a comment before a statement is no part of it";
    EXPECT_EQ(only("SELECT 1 " + repeated("+", 1'000'000) + " 1").node, "");
    EXPECT_EQ(only("CREATE VIEW v /" + repeated("*", 100'000) + "/ AS SELECT 1").node, "ViewStmt")
        << "a banner is cheap";
    EXPECT_EQ(only("CREATE VIEW v AS /* " + repeated("/* ", 40'000) + repeated("*/ ", 40'000) + "*/ SELECT 1").node,
              "ViewStmt")
        << "so are nested comments with blanks in between";
}

TEST(limits, a_message_is_not_as_long_as_the_statement)
{
    statement const s = only("CREATE VIEW v AS SELECT 1 \"" + repeated("ä", 100'000) + "\" x y");
    EXPECT_FALSE(s.parser_message.empty());
    EXPECT_LE(s.parser_message.size(), 303U);
}

TEST(limits, ten_thousand_statements)
{
    std::string text = "BEGIN;\n";
    for (int i = 0; i < 10'000; ++i) {
        text += i % 2 == 0 ? "INSERT INTO t VALUES (1, 'it''s');\n" : "CREATE TABLE t (a int, b text DEFAULT 'x');\n";
    }
    parsed const p = parse("f.sql", text + "COMMIT;");
    EXPECT_TRUE(p.diagnostics.empty());
    ASSERT_EQ(p.result.body.size(), 10'000U);
    EXPECT_EQ(p.result.body.back().where.line, 10'001U);
    EXPECT_EQ(p.result.body.back().node, "CreateStmt");
}

TEST(limits, a_function_of_a_million_lines)
{
    statement const s =
        only("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$" + repeated("-- ;'\n", 1'000'000) + "$$");
    EXPECT_EQ(s.node, "CreateFunctionStmt");
    EXPECT_TRUE(s.schema_only);
}
