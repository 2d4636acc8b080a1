// SPDX-License-Identifier: Apache-2.0
#include "revert/ddl.hpp"
#include "revert/losses.hpp"
#include "revert/renames.hpp"
#include "script/tree.hpp"

#include <gtest/gtest.h>
#include <string>

using namespace pgratchet;
using namespace pgratchet::revert;

namespace {

sql_names const names{{"user", "order", "select", "character"}};

std::string back(std::string const& statement)
{
    return renamed_back(script::tree_of(statement), names, "public").value_or("(none)");
}

catalog::object object(std::string const& kind, std::string const& identity, std::string const& root,
                       catalog::definition attributes)
{
    return {{kind, identity}, root, std::move(attributes)};
}

std::string access(std::string const& kind, catalog::definition from, catalog::definition to)
{
    std::string all;
    auto const identity = kind == "function" ? "public.f(integer)" : "public.t";
    for (auto const& one : restore_access(object(kind, identity, identity, std::move(from)),
                                          object(kind, identity, identity, std::move(to)), names)) {
        all += one + ";";
    }
    return all;
}

} // namespace

TEST(sql_names, quote_key_words)
{
    EXPECT_EQ(names.of({"table", "public.user"}), "public.\"user\"");
    EXPECT_EQ(names.of({"table", "public.\"a.b\""}), "public.\"a.b\"");
    EXPECT_EQ(names.of({"schema", "order"}), "\"order\"");
    EXPECT_EQ(names.of({"function", "public.select(public.user,character varying)"}),
              "public.\"select\"(public.\"user\",character varying)");
    EXPECT_EQ(names.of({"table constraint", "order on public.user"}), "\"order\" ON public.\"user\"");
    EXPECT_EQ(names.of({"trigger", "\"x on y\" on public.t"}), "\"x on y\" ON public.t");
    EXPECT_EQ(names.of({"domain constraint", "c on public.d"}), "c ON DOMAIN public.d");
    EXPECT_EQ(names.of({"operator", "public.<@(integer,text)"}), "public.<@(integer,text)");
    EXPECT_EQ(names.of({"cast", "(public.user AS integer)"}), "(public.\"user\" AS integer)");
}

TEST(sql_names, roles)
{
    EXPECT_EQ(names.role("@deployer"), "CURRENT_USER");
    EXPECT_EQ(names.role("PUBLIC"), "PUBLIC");
    EXPECT_EQ(names.role("app"), "app");
    EXPECT_EQ(names.role("user"), "\"user\"");
    EXPECT_EQ(names.role("My \"role\""), "\"My \"\"role\"\"\"");
}

TEST(renames, are_turned_round)
{
    EXPECT_EQ(back("ALTER TABLE a.b RENAME TO \"User\""), "ALTER TABLE a.\"User\" RENAME TO b");
    EXPECT_EQ(back("ALTER TABLE b RENAME COLUMN c TO \"user\""), "ALTER TABLE public.b RENAME COLUMN \"user\" TO c");
    EXPECT_EQ(back("ALTER VIEW a.v RENAME COLUMN x TO y"), "ALTER VIEW a.v RENAME COLUMN y TO x");
    EXPECT_EQ(back("ALTER TABLE a.b RENAME CONSTRAINT x TO y"), "ALTER TABLE a.b RENAME CONSTRAINT y TO x");
    EXPECT_EQ(back("ALTER TRIGGER t ON b RENAME TO u"), "ALTER TRIGGER u ON public.b RENAME TO t");
    EXPECT_EQ(back("ALTER SCHEMA s RENAME TO u"), "ALTER SCHEMA u RENAME TO s");
    EXPECT_EQ(back("ALTER FUNCTION a.f(integer) RENAME TO g"), "ALTER FUNCTION a.g RENAME TO f");
    EXPECT_EQ(back("ALTER TYPE a.t RENAME VALUE 'it''s' TO 'y'"), "ALTER TYPE a.t RENAME VALUE 'y' TO 'it''s'");
    EXPECT_EQ(back("ALTER TYPE a.t RENAME ATTRIBUTE x TO y"), "ALTER TYPE a.t RENAME ATTRIBUTE y TO x");
    EXPECT_EQ(back("ALTER DOMAIN a.d RENAME CONSTRAINT c TO e"), "ALTER DOMAIN a.d RENAME CONSTRAINT e TO c");
    EXPECT_EQ(back("ALTER TABLE a.b SET SCHEMA c"), "ALTER TABLE c.b SET SCHEMA a");
    EXPECT_EQ(back("ALTER FUNCTION f(integer) SET SCHEMA c"), "ALTER FUNCTION c.f SET SCHEMA public");
    EXPECT_EQ(back("ALTER EVENT TRIGGER a RENAME TO d"), "ALTER EVENT TRIGGER d RENAME TO a");
}

TEST(renames, are_all_that_is)
{
    EXPECT_EQ(back("ALTER TABLE a ADD b integer"), "(none)");
    EXPECT_EQ(back("ALTER TYPE a ADD VALUE 'b'"), "(none)");
    EXPECT_EQ(back("nonsense"), "(none)");
}

TEST(access, differs_by_what_is_granted)
{
    EXPECT_EQ(access("table", {}, {}), "");
    EXPECT_EQ(access("table", {{"privileges", ""}}, {}), ""); // nothing granted, written down and not
    EXPECT_EQ(access("table", {{"privileges", "app=INSERT,SELECT*"}}, {{"privileges", "app=SELECT; PUBLIC=UPDATE"}}),
              "GRANT UPDATE ON TABLE public.t TO PUBLIC;REVOKE INSERT ON TABLE public.t FROM app;"
              "REVOKE GRANT OPTION FOR SELECT ON TABLE public.t FROM app;");
    EXPECT_EQ(access("table", {}, {{"privileges", "app=SELECT*"}}),
              "GRANT SELECT ON TABLE public.t TO app WITH GRANT OPTION;");
    EXPECT_EQ(
        access("function", {}, {{"privileges", "app=EXECUTE"}}),
        "REVOKE EXECUTE ON FUNCTION public.f(integer) FROM PUBLIC;GRANT EXECUTE ON FUNCTION public.f(integer) TO app;");
    EXPECT_EQ(access("function", {{"privileges", "PUBLIC=EXECUTE"}}, {}), "");
    EXPECT_EQ(access("view", {{"owner", "a"}, {"comment", "x"}}, {}),
              "ALTER VIEW public.t OWNER TO CURRENT_USER;COMMENT ON VIEW public.t IS NULL;");
}

TEST(access, of_default_privileges)
{
    auto const change = [](std::string const& identity, std::optional<std::string> const& from,
                           std::optional<std::string> const& to) {
        catalog::object_id const id{"default privileges", identity};
        auto const entry = [&](std::optional<std::string> const& text) {
            return catalog::object{id, identity, {{"privileges", text.value_or("")}}};
        };
        auto const was = entry(from);
        auto const is = entry(to);
        std::string all;
        for (auto const& one : restore_default_privileges(id, from ? &was : nullptr, to ? &is : nullptr, names)) {
            all += one + ";";
        }
        return all;
    };
    EXPECT_EQ(change("for role @deployer on tables", "app=SELECT", std::nullopt),
              "ALTER DEFAULT PRIVILEGES REVOKE SELECT ON TABLES FROM app;");
    EXPECT_EQ(change("for role app in schema s on sequences", std::nullopt, "b=USAGE"),
              "ALTER DEFAULT PRIVILEGES FOR ROLE app IN SCHEMA s GRANT USAGE ON SEQUENCES TO b;");
    EXPECT_EQ(change("for role @deployer on functions", "", std::nullopt),
              "ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC;");
}

TEST(losses, are_where_rows_are)
{
    using plan::change_kind;
    std::vector<plan::object_change> const differed{
        {{"column", "public.a.x"}, change_kind::dropped, {{"type", "text", std::nullopt}}},
        {{"column", "public.a.g"}, change_kind::dropped, {{"generated", "x", std::nullopt}}},
        {{"column", "public.b.y"}, change_kind::dropped, {{"type", "text", std::nullopt}}},
        {{"column", "public.c.z"}, change_kind::changed, {{"type", "text", "date"}}},
        {{"column", "public.c.n"}, change_kind::added, {{"not null", std::nullopt, "yes"}}},
        {{"column", "public.v.n"}, change_kind::added, {}},
        {{"index", "public.i"}, change_kind::dropped, {}},
        {{"table", "public.b"}, change_kind::dropped, {}},
        {{"type", "public.t"}, change_kind::changed, {{"labels", "'a', 'b'", "'a'"}}},
        {{"view", "public.v"}, change_kind::added, {}}};
    auto const file = script::parse("x.sql", "BEGIN;\nCREATE TABLE b ();\nUPDATE a SET x = 1;\nCOMMIT;\n").result;
    std::string all;
    plan::migration reverted;
    reverted.version = "004";
    for (auto const& one :
         losses(differed, {differed[8]}, {"public.a", "public.b", "public.c"}, file, reverted, false)) {
        all += one.about + ", ";
    }
    EXPECT_EQ(all,
              "type public.t, column public.a.x, column public.c.z, column public.c.n, table public.b, work 004:3, ");
}
