// SPDX-License-Identifier: Apache-2.0
#include "plan/comparison.hpp"
#include "plan/effect_only.hpp"
#include "plan/seen_by.hpp"
#include "plan_expectations.hpp"

namespace pgratchet::plan {
namespace {

using namespace builder;

catalog::object defaults(std::string const& role, std::string const& on, std::string const& privileges)
{
    return thing("default privileges", "for role " + role + " on " + on, {{"privileges", privileges}});
}

/// What the last file leaves of one object, for a session of the role app.
catalog::object last_seen(history const& of, catalog::object_id const& id)
{
    auto const all = seen_by("app", of.built());
    auto const found = snapshot_at(all, all.migrations.size());
    auto const* const there = catalog::find(found, id);
    return there != nullptr ? *there : thing("nothing", "");
}

/// The privileges on a table that is made with these attributes.
std::string privileges_on(catalog::definition attributes)
{
    auto const t = table("t", std::move(attributes));
    return last_seen(history{}.file({makes(t)}), t.id).attributes.at("privileges");
}

TEST(seen_by, a_plan_without_the_role_is_as_it_was)
{
    auto const all =
        history{}.file({makes(table("app", {{"owner", "application"}, {"privileges", "apps=SELECT"}}))}).built();
    EXPECT_EQ(seen_by("app", all), all);
}

TEST(seen_by, the_owner_is_the_deployer)
{
    auto const mine = table("t", {{"owner", "app"}});
    auto const seen = table("t", {{"owner", "@deployer"}});
    auto const others = table("u", {{"owner", "team"}});
    auto const all = history{}.file({makes(table("t")), makes(others)}).file({makes(mine)});
    EXPECT_EQ(last_seen(all, mine.id), seen);
    EXPECT_EQ(last_seen(all, others.id), others);
    EXPECT_EQ(seen_by("other", all.built()), all.built());
    EXPECT_TRUE(compare(holding({seen}), holding({table("t")})).empty());
}

TEST(seen_by, grants_are_merged_and_sorted)
{
    EXPECT_EQ(privileges_on({{"owner", "team"}, {"privileges", "PUBLIC=SELECT; app=SELECT; z=SELECT"}}),
              "@deployer=SELECT; PUBLIC=SELECT; z=SELECT");
    EXPECT_EQ(
        privileges_on({{"owner", "team"}, {"privileges", "@deployer=DELETE,SELECT; a=SELECT; app=INSERT,SELECT*"}}),
        "@deployer=DELETE,INSERT,SELECT*; a=SELECT");
    EXPECT_EQ(privileges_on({{"owner", "team"}, {"privileges", "1=SELECT; a b=SELECT; a=SELECT,SELECT; app=SELECT"}}),
              "1=SELECT; @deployer=SELECT; a b=SELECT; a=SELECT,SELECT");
}

TEST(seen_by, an_owners_own_privileges_need_not_be_listed)
{
    EXPECT_EQ(privileges_on({{"privileges", "app=SELECT; z=SELECT"}}), "@deployer=SELECT; z=SELECT");
    auto const listed = table("t", {{"owner", "@deployer"}, {"privileges", "@deployer=SELECT; z=SELECT"}});
    EXPECT_TRUE(compare(holding({listed}), holding({table("t", {{"privileges", "z=SELECT"}})})).empty());
    auto const of_team = table("t", {{"owner", "team"}, {"privileges", "@deployer=SELECT"}});
    EXPECT_FALSE(compare(holding({of_team}), holding({table("t", {{"owner", "team"}})})).empty());
}

TEST(seen_by, a_column_has_the_owner_of_its_table)
{
    auto const c = column("t", "c", {{"privileges", "app=SELECT"}});
    auto const seen = column("t", "c", {{"privileges", "@deployer=SELECT"}});
    auto const none = column("t", "c", {{"privileges", ""}});
    EXPECT_EQ(last_seen(history{}.file({makes(table("t"))}).file({makes(c)}), c.id), none);
    EXPECT_EQ(last_seen(history{}.file({makes(table("t", {{"owner", "team"}}))}).file({makes(c)}), c.id), seen);
    auto const view = thing("view", "public.t", {{"owner", "team"}});
    EXPECT_EQ(last_seen(history{}.file({makes(view), makes(c)}), c.id), seen);
}

TEST(seen_by, what_a_file_gives_the_deployer_is_pending_where_another_one_owns_it)
{
    auto const owner = history{}.file({makes(table("t"))}).file({makes(table("t", {{"owner", "app"}}))});
    auto const grant = history{}.file({makes(table("t"))}).file({makes(table("t", {{"privileges", "app=SELECT"}}))});
    for (auto const& of : {owner, grant}) {
        auto const all = seen_by("app", of.built());
        expect_at(locate(all, holding({table("t", {{"owner", "alice"}})}), {}, {}), 1);
        expect_at(locate(all, holding({table("t")}), {}, {}), 2);
    }
}

TEST(seen_by, policies)
{
    auto const one = thing("policy", "p on public.t", {{"roles", "PUBLIC, app, b"}}, "public.t");
    EXPECT_EQ(last_seen(history{}.file({makes(one)}), one.id).attributes.at("roles"), "@deployer, PUBLIC, b");
    auto const live = holding({thing("policy", "p on public.t", {{"roles", "@deployer, PUBLIC, b"}}, "public.t")});
    auto const all = seen_by("app", history{}.file({makes(one)}).built());
    EXPECT_EQ(locate(all, live, {}, {}).is, condition::applied);
}

TEST(seen_by, default_privileges_are_those_of_the_deployer)
{
    auto const mine = defaults("app", "tables", "app=INSERT; z=SELECT");
    auto const seen = defaults("@deployer", "tables", "z=SELECT");
    auto const in_schema = defaults("app in schema s", "tables", "z=SELECT");
    EXPECT_EQ(last_seen(history{}.file({makes(mine)}), seen.id), seen);
    EXPECT_EQ(last_seen(history{}.file({makes(mine)}), mine.id).id.kind, "nothing");
    auto const there = defaults("@deployer in schema s", "tables", "z=SELECT");
    EXPECT_EQ(last_seen(history{}.file({makes(in_schema)}), there.id), there);
    auto const others = defaults("team", "tables", "app=SELECT; z=SELECT");
    EXPECT_EQ(last_seen(history{}.file({makes(others)}), others.id).attributes.at("privileges"),
              "@deployer=SELECT; z=SELECT");
}

TEST(seen_by, two_lists_of_default_privileges_become_one)
{
    auto const own = defaults("@deployer", "tables", "z=SELECT");
    auto const named = defaults("app", "tables", "y=SELECT; z=INSERT");
    auto all = history{}.file({makes(own)}).file({makes(named)});
    EXPECT_EQ(last_seen(all, own.id), defaults("@deployer", "tables", "y=SELECT; z=INSERT,SELECT"));
    EXPECT_EQ(last_seen(all.file({drops(own)}), own.id), defaults("@deployer", "tables", "y=SELECT; z=INSERT"));
    EXPECT_EQ(last_seen(all.file({drops(named)}), own.id).id.kind, "nothing");
}

TEST(seen_by, each_statement_of_a_file_without_a_transaction)
{
    auto const mine = table("t", {{"owner", "app"}});
    auto const u = table("u", {{"owner", "app"}, {"privileges", "app=SELECT"}});
    auto const all =
        seen_by("app", history{}.file({makes(table("t"))}).statements({{makes(mine)}, {makes(u)}}).built());
    auto const& last = all.migrations.back();
    auto const seen_t = table("t", {{"owner", "@deployer"}});
    auto const seen_u = table("u", {{"owner", "@deployer"}, {"privileges", "@deployer=SELECT"}});
    EXPECT_EQ(last.statements, (std::vector<effect>{{makes(seen_t)}, {makes(seen_u)}}));
    EXPECT_EQ(last.changes, (effect{makes(seen_t), makes(seen_u)}));
}

TEST(seen_by, what_there_was_before_the_first_file)
{
    auto all = history{}.file({makes(table("t"))}).built();
    all.initial = holding({thing("schema", "public", {{"owner", "app"}, {"privileges", "app=CREATE; z=USAGE"}})});
    EXPECT_EQ(
        seen_by("app", all).initial,
        holding({thing("schema", "public", {{"owner", "@deployer"}, {"privileges", "@deployer=CREATE; z=USAGE"}})}));
}

TEST(effect_only, an_owner_has_what_is_granted_to_it)
{
    auto const was = table("t");
    auto const is = table("t", {{"privileges", "app=SELECT"}});
    auto const owned = table("t", {{"owner", "app"}, {"privileges", ""}});
    EXPECT_TRUE(effect_only_objections(&was, is, owned, false).empty());
    EXPECT_EQ(effect_only_objections(&was, is, table("t", {{"privileges", ""}}), false).size(), 1U);
    auto const c = column("t", "c", {{"privileges", ""}});
    EXPECT_EQ(effect_only_objections(&c, column("t", "c", {{"privileges", "@deployer=SELECT"}}), c, false).size(), 1U);
}

} // namespace
} // namespace pgratchet::plan
