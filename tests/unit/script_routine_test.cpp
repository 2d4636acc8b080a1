// SPDX-License-Identifier: Apache-2.0
#include "script/routine.hpp"

#include <gtest/gtest.h>

using namespace pgratchet::script;
using pgratchet::report::location;

namespace {

script of(std::string const& body)
{
    auto taken = parse("x.sql", "BEGIN;\n" + body + "\nCOMMIT;\n");
    EXPECT_TRUE(taken.diagnostics.empty());
    return std::move(taken.result);
}

routines following(script const& file)
{
    routines known;
    for (auto const& one : file.body) {
        known.follow(file, one);
    }
    return known;
}

std::string body_of(routine const* one)
{
    return one == nullptr ? "none" : one->body.value();
}

} // namespace

TEST(literal, maps_what_the_server_reads_to_what_is_written)
{
    literal const plain{"'a''b\nc'", {"x", 4, 10}};
    EXPECT_EQ(plain.value(), "a'b\nc");
    EXPECT_EQ(plain.place_of(2), (location{"x", 4, 14}));
    EXPECT_EQ(plain.place_of(4), (location{"x", 5, 1}));
    EXPECT_EQ(plain.place_of(99), (location{"x", 5, 2}));
    literal const escaped{R"(E'\n\'\\\x41\102\u00e4z')", {"x", 1, 1}};
    EXPECT_EQ(escaped.value(), "\n'\\ABäz");
    EXPECT_EQ(escaped.place_of(3), (location{"x", 1, 9}));
    literal const dollar{"$t$ä\nb$t$", {"x", 1, 5}};
    EXPECT_EQ(dollar.value(), "ä\nb");
    EXPECT_EQ(dollar.place_of(2), (location{"x", 1, 9}));
    EXPECT_EQ(dollar.place_of(3), (location{"x", 2, 1}));
    for (auto const* odd : {"", "'", "''", "$$$$", "$$", "$", "E'", "E''", R"(E'\')", R"(E'\x')", R"(E'\u12')"}) {
        literal const one{odd, {"x", 1, 1}};
        EXPECT_EQ(one.place_of(0).line, 1U) << odd;
    }
}

TEST(routine_name, is_read_as_the_server_prints_it)
{
    auto const plain = read_routine_name("f");
    EXPECT_EQ(plain.name, "f");
    EXPECT_FALSE(plain.arguments);
    auto const full =
        read_routine_name("\"My \"\"App\".\"f(,\"(integer,pg_catalog.text[],\"My App\".\"T,1\"[],character varying)");
    EXPECT_EQ(full.schema, "My \"App");
    EXPECT_EQ(full.name, "f(,");
    EXPECT_EQ(full.arguments, (std::vector<std::string>{"integer", "text[]", "T,1[]", "character varying"}));
    EXPECT_EQ(read_routine_name("f()").arguments, std::vector<std::string>{});
    EXPECT_EQ(read_routine_name("f(").arguments, std::vector<std::string>{});
    EXPECT_EQ(read_routine_name("").name, "");
}

TEST(routine_in, finds_the_body)
{
    auto const body = [](std::string const& sql) {
        auto const file = of(sql);
        auto const found = routine_in(file, file.body.at(0));
        return found ? found->body.value() : "none";
    };
    EXPECT_EQ(body("DO $$x$$;"), "x");
    EXPECT_EQ(body("DO LANGUAGE 'plpgsql' 'x';"), "x");
    EXPECT_EQ(body("CREATE OR REPLACE FUNCTION a.f(t text DEFAULT CAST('n' AS text)) RETURNS TABLE (x int) LANGUAGE "
                   "'sql' /* AS 'c' */ AS 'x';"),
              "x");
    EXPECT_EQ(body("CREATE PROCEDURE p() BEGIN ATOMIC SELECT 1; END;"), " SELECT 1; END");
    EXPECT_EQ(body("CREATE FUNCTION f() RETURNS int RETURN 1;"), "none");
    EXPECT_EQ(body("CREATE TABLE t AS SELECT 'x';"), "none");
}

TEST(routine, knows_its_lines_and_statements)
{
    auto const file = of("DO $$\n  BEGIN\n\n\tRAISE 'x'; -- y\nEND $$;");
    auto const block = *routine_in(file, file.body.at(0));
    EXPECT_EQ(block.body.place_of(block.line(1)), (location{"x.sql", 2, 6}));
    EXPECT_EQ(block.body.place_of(block.line(2)), (location{"x.sql", 3, 3}));
    EXPECT_EQ(block.body.place_of(block.line(3)), (location{"x.sql", 4, 1}));
    EXPECT_EQ(block.body.place_of(block.line(4)), (location{"x.sql", 5, 2}));
    EXPECT_EQ(block.line(99), block.body.value().size());
    auto const sql = of("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$\nSELECT ';';\n SELECT 2 $$;");
    auto const function = *routine_in(sql, sql.body.at(0));
    EXPECT_EQ(function.body.place_of(function.sql_statement(2)), (location{"x.sql", 4, 2}));
}

TEST(routines, tell_overloads_apart)
{
    auto const known =
        following(of("CREATE FUNCTION f(a int) RETURNS void LANGUAGE sql AS 'one';\n"
                     "CREATE FUNCTION f(a varchar(3), VARIADIC b float8[]) RETURNS void LANGUAGE sql AS 'two';\n"
                     "CREATE FUNCTION s.f(a int) RETURNS void LANGUAGE sql AS 'three';\n"
                     "CREATE FUNCTION g() RETURNS void LANGUAGE sql AS 'four';\n"
                     "CREATE OR REPLACE FUNCTION g() RETURNS void LANGUAGE sql AS 'five';"));
    auto const find = [&](char const* name) {
        return body_of(known.find(read_routine_name(name)));
    };
    EXPECT_EQ(find("f(character varying,double precision[])"), "two");
    EXPECT_EQ(find("s.f(integer)"), "three");
    EXPECT_EQ(find("f(text)"), "none");
    EXPECT_EQ(find("f"), "none"); // which one is meant?
    EXPECT_EQ(find("g"), "five");
    EXPECT_EQ(find("h()"), "none");
    EXPECT_EQ(body_of(known.find_by_body("one")), "one");
}
