// SPDX-License-Identifier: Apache-2.0
// What pending files demand, and how that compares with what a role has. The server's side is in tests/deploy.
#include "plan_builder.hpp"
#include "preflight/demands.hpp"
#include "preflight/mentions.hpp"
#include "preflight/problems.hpp"

#include <gtest/gtest.h>

namespace {

using namespace pgratchet;
using namespace pgratchet::plan::builder;
using preflight::demands;
using preflight::mentioned_in;

script::script parsed(std::string const& body)
{
    return script::parse("001_a.sql", "BEGIN;\n" + body + "\nCOMMIT;\n").result;
}

catalog::snapshot live(std::vector<catalog::object> const& objects)
{
    catalog::snapshot all;
    for (auto const& one : objects) {
        all.emplace(one.id, one);
    }
    return all;
}

demands demanded(std::string const& body, plan::effect changes, std::vector<catalog::object> const& objects,
                 std::vector<std::string> const& roles = {})
{
    plan::migration entry;
    entry.version = "001";
    entry.file = "001_a.sql";
    entry.changes = std::move(changes);
    auto const there = live(objects);
    return preflight::demands_of({{&entry, parsed(body), 0}}, there, roles);
}

plan::change makes(catalog::object value)
{
    auto id = value.id;
    return {std::move(id), std::move(value), false};
}

auto const public_schema = thing("schema", "public");

TEST(preflight_mentions, names_are_those_of_the_statements_themselves)
{
    auto const found = mentioned_in(parsed("ALTER TABLE Jobs ADD n integer; -- not: remark\n"
                                           "ALTER TABLE \"Odd \"\"name\" ADD n integer;\n"
                                           "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT hidden() $$;\n"
                                           "INSERT INTO rows VALUES ('text');"));
    EXPECT_TRUE(found.worked_on.contains("jobs"));
    EXPECT_TRUE(found.worked_on.contains("Odd \"name"));
    EXPECT_TRUE(found.made.contains("f"));
    for (auto const* one : {"remark", "hidden", "rows", "text", "Jobs"}) {
        EXPECT_FALSE(found.worked_on.contains(one)) << one;
        EXPECT_FALSE(found.made.contains(one)) << one;
    }
}

TEST(preflight_mentions, extensions_and_schemas_keep_their_statement)
{
    auto const found =
        mentioned_in(parsed("CREATE EXTENSION IF NOT EXISTS\n  \"uuid-ossp\"   SCHEMA app;\nCREATE SCHEMA one;\n"
                            "CREATE SCHEMA AUTHORIZATION two;"));
    EXPECT_EQ(found.extensions.at("uuid-ossp"), "CREATE EXTENSION IF NOT EXISTS \"uuid-ossp\" SCHEMA app");
    EXPECT_TRUE(found.schemas.contains("one"));
    EXPECT_TRUE(found.schemas.contains("two"));
}

TEST(preflight_mentions, a_role_that_may_change)
{
    for (auto const* body : {"SET ROLE other;", "SET LOCAL ROLE other;", "SET SESSION AUTHORIZATION other;",
                             "SELECT set_config('role', 'other', false);", "DO $$ BEGIN SET ROLE other; END $$;"}) {
        EXPECT_TRUE(mentioned_in(parsed(body)).changes_role) << body;
    }
    for (auto const* body : {"SET lock_timeout = 1;", "DO $$ BEGIN PERFORM 1; END $$;", "GRANT a TO b;",
                             "CREATE SCHEMA x AUTHORIZATION y;"}) {
        EXPECT_FALSE(mentioned_in(parsed(body)).changes_role) << body;
    }
}

TEST(preflight_demands, schema_of_an_identity)
{
    EXPECT_EQ(preflight::schema_of("public.t"), "public");
    EXPECT_EQ(preflight::schema_of("\"odd.name\".t"), "odd.name");
    EXPECT_EQ(preflight::schema_of("app.f(integer, other.type)"), "app");
    EXPECT_EQ(preflight::schema_of("f(other.type)"), "");
    EXPECT_EQ(preflight::schema_of("plain"), "");
}

TEST(preflight_demands, what_is_made_in_a_schema_that_is_there)
{
    auto const found = demanded(
        "CREATE TABLE t (a integer); CREATE SCHEMA s; CREATE TABLE s.u ();",
        {makes(column("t", "a", {})), makes(thing("schema", "s")), makes(table("t")), makes(thing("table", "s.u"))},
        {public_schema});
    ASSERT_EQ(found.create_in.size(), 1U);
    EXPECT_EQ(found.create_in.at("public").object, "table public.t");
    EXPECT_TRUE(found.new_schemas.contains("s"));
    EXPECT_TRUE(found.owned.empty());
}

TEST(preflight_demands, only_what_is_named_is_asked_for)
{
    auto const theirs = table("t", {{"owner", "alice"}});
    auto const view = thing("view", "public.v", {{"owner", "alice"}, {"definition", "SELECT a"}});
    auto changed = view;
    changed.attributes["definition"] = "SELECT b";
    auto const found = demanded("ALTER TABLE t RENAME a TO b;", {makes(column("t", "b", {})), makes(changed)},
                                {public_schema, theirs, view});
    ASSERT_EQ(found.owned.size(), 1U);
    EXPECT_EQ(found.owned[0].object.identity, "public.t");
    EXPECT_EQ(found.owned[0].owner, "alice");
}

TEST(preflight_demands, nothing_once_a_file_takes_another_role)
{
    auto const found =
        demanded("SET ROLE alice; ALTER TABLE t ADD b integer; CREATE TABLE u ();",
                 {makes(column("t", "b", {})), makes(table("u"))}, {public_schema, table("t", {{"owner", "alice"}})});
    EXPECT_TRUE(found.owned.empty());
    EXPECT_TRUE(found.create_in.empty());
}

TEST(preflight_demands, roles_that_privileges_name)
{
    auto const found = demanded("CREATE TABLE t (); GRANT SELECT ON t TO app;",
                                {makes(table("t", {{"privileges", "app=SELECT; application=INSERT"}}))},
                                {public_schema}, {"app", "application", "other"});
    EXPECT_TRUE(found.roles_named.contains("app"));
    EXPECT_TRUE(found.roles_named.contains("application"));
    EXPECT_FALSE(found.roles_named.contains("other"));
}

TEST(preflight_problems, a_superuser_lacks_only_what_is_not_there)
{
    demands wanted;
    wanted.create_in["public"] = {"table public.t", "001_a.sql"};
    wanted.owned.push_back({{"table", "public.t"}, "alice", "001_a.sql"});
    wanted.extensions["x"] = {"CREATE EXTENSION x", "001_a.sql"};
    wanted.makes_roles = "001_a.sql";
    preflight::rights has;
    has.role = "postgres";
    has.is_superuser = true;
    has.schemas["public"] = {};
    has.roles["alice"] = {};
    has.extensions["x"] = {true, false};
    EXPECT_TRUE(problems_of(wanted, has).empty());
    has.extensions.clear();
    EXPECT_EQ(problems_of(wanted, has).size(), 1U);
}

TEST(preflight_problems, names_are_quoted_where_sql_asks_for_it)
{
    demands wanted;
    wanted.create_in["My Schema"] = {"table \"My Schema\".t", "001_a.sql"};
    preflight::rights has;
    has.role = "the-deployer";
    has.schemas["My Schema"] = {};
    auto const found = problems_of(wanted, has);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].mend, "GRANT USAGE, CREATE ON SCHEMA \"My Schema\" TO \"the-deployer\";");
}

} // namespace
