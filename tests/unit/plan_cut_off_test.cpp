// SPDX-License-Identifier: Apache-2.0
#include "plan/cut_off.hpp"
#include "plan_builder.hpp"

#include <gtest/gtest.h>

namespace pgratchet::plan {
namespace {

using namespace builder;
using found = std::vector<mistaken_cut_off>;

catalog::object const t = table("t");
catalog::object const b = column("t", "b", {{"type", "text"}});
catalog::object const i = index("i");
catalog::object const u = index("u");
catalog::object const granted = table("t", {{"privileges", "app=SELECT"}});

TEST(mistaken_cut_offs, none_where_each_middle_is_its_own)
{
    auto const plan = history{}.file({makes(t)}).with_data({makes(b)}).statements({{makes(i)}, {makes(u)}});
    EXPECT_EQ(mistaken_cut_offs(plan.built()), found{});
    EXPECT_EQ(mistaken_cut_offs({}), found{});
}

TEST(mistaken_cut_offs, an_earlier_version_with_work_on_data_between)
{
    auto const first = history{}.file({makes(t)});
    EXPECT_EQ(mistaken_cut_offs(history{first}.with_data({makes(i)}).statements({{drops(i)}, {makes(u)}}).built()),
              (found{{3, 1, 1}}));
    // What lies between can be done again.
    EXPECT_EQ(mistaken_cut_offs(history{first}.file({makes(i)}).statements({{drops(i)}, {makes(u)}}).built()), found{});
    // Nothing is between where one statement is all.
    EXPECT_EQ(mistaken_cut_offs(history{first}.with_data({makes(i)}).statements({{drops(i)}}).built()), found{});
}

TEST(mistaken_cut_offs, a_statement_that_does_not_show_belongs_to_the_next)
{
    auto const first = history{}.file({makes(t)}).with_data({makes(i)});
    EXPECT_EQ(mistaken_cut_offs(history{first}.statements({{}, {drops(i)}, {}, {makes(u)}, {}}).built()),
              (found{{3, 2, 1}}));
    EXPECT_EQ(mistaken_cut_offs(history{first}.statements({{drops(i)}, {makes(u)}}).ignore("index", "*.u").built()),
              found{});
}

TEST(mistaken_cut_offs, a_later_version)
{
    auto const two = history{}.file({makes(t)}).statements({{makes(i)}, {makes(u)}});
    EXPECT_EQ(mistaken_cut_offs(history{two}.with_data({drops(u)}).built()), (found{{2, 1, 3}}));
    EXPECT_EQ(mistaken_cut_offs(history{two}.file({drops(u)}).built()), found{});
    EXPECT_EQ(mistaken_cut_offs(history{two}.file({drops(u)}).untraced("t").built()), (found{{2, 1, 3}}));
    auto const with_grant = history{}.file({makes(t)}).statements({{makes(i)}, {makes(granted)}, {makes(u)}});
    EXPECT_EQ(mistaken_cut_offs(history{with_grant}.file({drops(u)}).built()), (found{{2, 1, 3}}));
}

TEST(mistaken_cut_offs, the_end_of_its_own_file)
{
    auto const first = history{}.file({makes(t)});
    EXPECT_EQ(
        mistaken_cut_offs(history{first}.statements({{makes(i)}, {makes(granted)}, {makes(u)}, {drops(u)}}).built()),
        (found{{2, 1, 2}}));
    EXPECT_EQ(mistaken_cut_offs(history{first}.statements({{makes(i)}, {makes(u)}, {drops(u)}}).built()), found{});
}

TEST(mistaken_cut_offs, the_middle_of_another_file)
{
    auto const plan = history{}
                          .file({makes(t)})
                          .statements({{makes(i)}, {makes(u)}})
                          .with_data({makes(b)})
                          .statements({{drops(b)}, {drops(u)}, {drops(i)}});
    EXPECT_EQ(mistaken_cut_offs(plan.built()), (found{{4, 1, 2}, {4, 2, 2}}));
}

TEST(mistaken_cut_offs, up_to_the_baseline_nobody_asks)
{
    auto const plan = history{}.file({makes(t)}).with_data({makes(i)}).statements({{drops(i)}, {makes(u)}});
    EXPECT_EQ(mistaken_cut_offs(history{plan}.baseline("002").built()), (found{{3, 1, 1}}));
    EXPECT_EQ(mistaken_cut_offs(history{plan}.baseline("003").built()), found{});
}

} // namespace
} // namespace pgratchet::plan
