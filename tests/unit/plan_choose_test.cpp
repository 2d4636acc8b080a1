// SPDX-License-Identifier: Apache-2.0
#include "plan_expectations.hpp"

namespace pgratchet::plan {
namespace {

using namespace builder;

// ---- Versions that look alike -----------------------------------------------

TEST(locate_look_alikes, a_revert_of_schema_alone_is_climbed_over)
{
    auto const plan = history{}.file({makes(t)}).file({makes(b)}).file({drops(b)}).file({makes(c)});
    auto const found = plan.locate(plan.at(1));
    expect_at(found, 3);
    EXPECT_EQ(found.fitting, (std::vector<std::size_t>{1, 3}));
    EXPECT_TRUE(found.by_probe.empty());
    expect_at(plan.locate(plan.at(1), {}, {}, 1), 3); // --assume has nothing to settle
}

TEST(locate_look_alikes, work_on_data_in_between_takes_a_probe)
{
    auto const plan = history{}.file({makes(t)}).file({makes(b)}).with_data({drops(b)}).file({makes(c)}).probe("003");
    auto const live = plan.at(1);
    expect_candidates(plan.locate(live), {1, 3});
    expect_at(plan.locate(live, {{"003_done", true}}), 3);
    EXPECT_EQ(plan.locate(live, {{"003_done", true}}).by_probe, (std::vector<std::size_t>{2, 3}));
    expect_at(plan.locate(live, {{"003_done", false}}), 1);
    EXPECT_TRUE(plan.locate(live, {{"003_done", false}}).by_probe.empty());
    expect_at(plan.locate(live, {}, {}, 1), 1);
    expect_at(plan.locate(live, {}, {}, 3), 3);
    expect_candidates(plan.locate(live, {}, {}, 2), {1, 3});
    // What a probe says, --assume does not overrule.
    expect_at(plan.locate(live, {{"003_done", false}}, {}, 3), 1);
    expect_at(plan.locate(live, {{"003_done", true}}, {}, 1), 3);
}

TEST(locate_look_alikes, an_earlier_probe_may_have_been_undone)
{
    auto const plan = history{}.file({makes(t)}).with_data({makes(b)}).file({drops(b)}).probe("002");
    expect_at(plan.locate(plan.at(1), {{"002_done", true}}), 3);
    expect_candidates(plan.locate(plan.at(1), {{"002_done", false}}), {1, 3});
}

TEST(locate_look_alikes, a_chain_stops_at_the_first_that_is_not_done)
{
    auto const plan = history{}.file({makes(t)}).with_data().with_data().file({makes(c)}).probe("002").probe("003");
    auto const live = plan.at(1);
    expect_candidates(plan.locate(live), {1, 2, 3});
    expect_at(plan.locate(live, {{"002_done", false}, {"003_done", false}}), 1);
    expect_at(plan.locate(live, {{"002_done", true}, {"003_done", false}}), 2);
    expect_at(plan.locate(live, {{"002_done", true}, {"003_done", true}}), 3);
    expect_candidates(plan.locate(live, {{"002_done", true}}), {2, 3});
    // Contradictory: done by 003, and not done by 002.
    expect_candidates(plan.locate(live, {{"002_done", false}, {"003_done", true}}), {1, 2, 3});
}

TEST(locate_look_alikes, probes_of_one_version_that_contradict_decide_nothing)
{
    auto const plan = history{}.file({makes(t)}).with_data().probe("002", "a").probe("002", "b");
    expect_candidates(plan.locate(plan.at(1), {{"002_a", true}, {"002_b", false}}), {1, 2});
    expect_at(plan.locate(plan.at(1), {{"002_a", false}, {"002_b", false}}), 1);
}

TEST(locate_look_alikes, a_probe_beyond_what_fits_is_no_answer)
{
    auto const plan = history{}.file({makes(t)}).with_data().file({makes(b)}).probe("003").probe("001");
    expect_candidates(plan.locate(plan.at(1), {{"003_done", true}, {"001_done", true}}), {1, 2});
}

TEST(locate_look_alikes, at_or_below_the_baseline_the_highest_is_taken)
{
    auto plan = history{}.file({makes(t)}).with_data().with_data().baseline("002");
    expect_candidates(plan.locate(plan.at(1)), {2, 3});
    expect_at(plan.baseline("003").locate(plan.at(1)), 3);
    expect_at(plan.locate({}), 0);
}

TEST(locate_look_alikes, a_file_without_any_effect_is_not_passed_over)
{
    auto const plan = history{}.file({makes(t)}).file({}).file({makes(b)}).probe("002");
    expect_candidates(plan.locate(plan.at(1)), {1, 2});
    expect_at(plan.locate(plan.at(1), {{"002_done", false}}), 1);
}

// ---- Privileges, owners, comments -------------------------------------------

catalog::object granted(std::string const& privileges)
{
    return table("t", {{"privileges", privileges}});
}

TEST(locate_effect_only, a_file_that_only_grants)
{
    auto const plan = history{}.file({makes(t)}).file({makes(granted("app=SELECT"))}).file({makes(b)});
    expect_at(plan.locate(holding({t})), 1);
    expect_at(plan.locate(holding({granted("app=SELECT")})), 2);
    expect_at(plan.locate(holding({granted("app=DELETE,SELECT; x=SELECT")})), 2);
    expect_at(plan.locate(holding({granted("app=DELETE")})), 1);
}

TEST(locate_effect_only, a_file_that_only_revokes)
{
    auto const function = [](catalog::definition attributes) {
        return thing("function", "public.f()", std::move(attributes));
    };
    auto const plan = history{}.file({makes(function({}))}).file({makes(function({{"privileges", ""}}))});
    expect_at(plan.locate(holding({function({})})), 1);
    expect_at(plan.locate(holding({function({{"privileges", "app=EXECUTE"}})})), 2);
}

TEST(locate_effect_only, a_file_that_only_comments_or_gives_away)
{
    auto const plan = history{}
                          .file({makes(t)})
                          .file({makes(table("t", {{"comment", "new"}}))})
                          .file({makes(table("t", {{"comment", "new"}, {"owner", "boss"}}))});
    expect_at(plan.locate(holding({t})), 1);
    expect_at(plan.locate(holding({table("t", {{"comment", "new"}})})), 2);
    expect_at(plan.locate(holding({table("t", {{"comment", "new"}, {"owner", "boss"}})})), 3);
}

TEST(locate_effect_only, a_grant_that_a_later_file_takes_back_is_not_pending_for_ever)
{
    auto const plan = history{}.file({makes(t)}).file({makes(granted("app=SELECT"))}).file({makes(granted(""))});
    expect_at(plan.locate(plan.at(3)), 3);
    expect_at(plan.locate(plan.at(1)), 3); // nothing of it is left to do
    expect_at(plan.locate(plan.at(2)), 2); // the REVOKE is
}

TEST(locate_effect_only, what_is_lacking_is_named)
{
    auto const defaults = thing("default privileges", "for role x on tables", {{"privileges", "app=SELECT"}});
    auto const plan = history{}
                          .file({makes(t), makes(b)})
                          .with_data({drops(b)})
                          .file({makes(granted("app=SELECT")), makes(defaults)})
                          .file({makes(b)});
    auto const found = plan.locate(holding({t, b}));
    expect_candidates(found, {1, 4});
    EXPECT_EQ(found.lacking,
              (std::vector<std::string>{"default privileges for role x on tables: expected, and is not there",
                                        "table public.t: privilege app=SELECT expected, and is not granted"}));
    EXPECT_TRUE(plan.locate(holding({t, b}), {}, {}, 4).lacking.empty()); // --assume
}

TEST(locate_effect_only, default_privileges)
{
    auto const defaults = thing("default privileges", "for role x on tables", {{"privileges", "app=SELECT"}});
    auto const own = thing("default privileges", "for role x on tables", {{"privileges", "other=SELECT"}});
    auto const plan = history{}.file({makes(t)}).file({makes(defaults)}).file({makes(b)}).file({drops(defaults)});
    expect_at(plan.locate(holding({t})), 1);
    expect_at(plan.locate(holding({t, defaults})), 2);
    expect_at(plan.locate(holding({t, b, defaults})), 3);
    expect_at(plan.locate(holding({t, b, own})), 4);
    expect_at(plan.locate(holding({t, b})), 4);
}

TEST(locate_effect_only, a_missing_grant_below_done_work_on_data_is_no_reason_to_do_it_again)
{
    auto const plan = history{}.file({makes(t)}).file({makes(granted("app=SELECT"))}).with_data().probe("003");
    expect_candidates(plan.locate(holding({t})), {1, 2, 3}); // so that the probe is asked
    expect_candidates(plan.locate(holding({t}), {{"003_done", true}}), {1, 2, 3});
    expect_at(plan.locate(holding({t}), {{"003_done", false}}), 1);
    expect_at(plan.locate(holding({granted("app=SELECT")}), {{"003_done", true}}), 3);
}

TEST(locate_effect_only, a_schema_that_an_administrator_made_is_his)
{
    auto const schema = thing("schema", "app");
    auto const his = thing("schema", "app", {{"owner", "admin"}});
    auto const plan = history{}.file({makes(t)}).file({makes_if_missing(schema)}).file({makes(b)});
    expect_at(plan.locate(holding({t, his})), 2);
}

} // namespace
} // namespace pgratchet::plan
