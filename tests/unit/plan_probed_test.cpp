// SPDX-License-Identifier: Apache-2.0
// What a probe says against the schema, and what else tells a dropped object from a file that has not run.
#include "plan/other_file.hpp"
#include "plan_expectations.hpp"

namespace pgratchet::plan {
namespace {

using namespace builder;

void expect_denied(state const& found, std::size_t by, std::size_t nearest)
{
    EXPECT_EQ(name_of(found.is), "drift");
    EXPECT_EQ(found.denied_by, by);
    EXPECT_EQ(found.version, nearest);
    EXPECT_FALSE(found.drift.empty());
}

TEST(locate_probed, what_has_run_by_its_probe_is_not_run_again)
{
    auto plan = history{}.file({makes(t)}).file({makes(index("i"))}).with_data().probe("003");
    auto const live = holding({t});
    expect_at(plan.locate(live), 1);
    expect_at(plan.locate(live, {{"003_done", false}}), 1);
    auto const found = plan.locate(live, {{"003_done", true}});
    expect_denied(found, 3, 3);
    EXPECT_EQ(found.drift, (std::vector<disagreement>{{index("i").id, "", "present", std::nullopt}}));
    // Somebody who knows better, and somebody who does not need the index.
    auto const assumed = plan.locate(live, {{"003_done", true}}, {}, 1);
    expect_at(assumed, 1);
    EXPECT_TRUE(assumed.is_assumed);
    expect_denied(plan.locate(live, {{"003_done", true}}, {}, 2), 3, 3);
    expect_candidates(plan.locate(live, {{"003_done", true}}, {{}, {index("i").id}}), {1, 2, 3});
    auto const accepted = plan.locate(live, {{"003_done", true}}, {{}, {index("i").id}}, 3);
    expect_at(accepted, 3);
    EXPECT_EQ(accepted.accepted.size(), 1U);
    expect_at(plan.locate({}, {{"003_done", true}}), 0);
    expect_at(plan.denying_nothing().locate(live, {{"003_done", true}}), 1);
}

TEST(locate_probed, a_file_that_also_leaves_a_trace)
{
    auto const plan = history{}.file({makes(t)}).file({makes(b)}).with_data({makes(c)}).file({makes(a)}).probe("003");
    expect_denied(plan.locate(holding({t}), {{"003_done", true}}), 3, 3);
}

TEST(locate_probed, a_part_is_none_if_a_later_file_has_run)
{
    auto const plan = history{}.file({makes(t)}).file({makes(b), makes(c)}).with_data().probe("003");
    auto const live = holding({t, b});
    EXPECT_EQ(name_of(plan.locate(live).is), "partial");
    auto const found = plan.locate(live, {{"003_done", true}});
    EXPECT_EQ(name_of(found.is), "drift");
    EXPECT_EQ(found.version, 3U);
    EXPECT_EQ(found.drift, (std::vector<disagreement>{{c.id, "", "present", std::nullopt}}));
}

TEST(locate_nearest, what_goes_with_a_view_or_table_is_one_deed)
{
    auto const view = thing("view", "public.v", {{"definition", "x"}});
    auto const part = [](char const* name) {
        return thing("column", std::string{"public.v."} + name, {{"type", "text"}}, "public.v");
    };
    auto const plan = history{}
                          .file({makes(t), makes(a)})
                          .file({makes(view), makes(part("p")), makes(part("q")), makes(part("r"))})
                          .file({makes(b)})
                          .file({makes(c)});
    auto const found = plan.locate(holding({t, a, b, c}));
    EXPECT_EQ(name_of(found.is), "drift");
    EXPECT_EQ(found.version, 4U);
    EXPECT_EQ(found.drift.size(), 4U);
    // One deed either way: that a later file has left its trace decides.
    EXPECT_EQ(plan.locate(holding({t, a, b})).version, 3U);
}

TEST(other_file, a_file_that_only_grants_is_not_the_one)
{
    auto const granted = table("t", {{"privileges", "a=SELECT"}});
    auto const plan = history{}.file({makes(t)}).file({makes(granted)}).built();
    auto const secured = table("t", {{"privileges", "a=SELECT"}, {"row security", "enabled"}});
    EXPECT_EQ(drift_is_about(plan, locate(plan, holding({secured}), {}, {})), 1U);
}

} // namespace
} // namespace pgratchet::plan
