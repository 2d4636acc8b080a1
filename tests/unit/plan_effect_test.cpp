// SPDX-License-Identifier: Apache-2.0
#include "plan/effect_only.hpp"
#include "plan_builder.hpp"

#include <gtest/gtest.h>

namespace pgratchet::plan {
namespace {

using namespace builder;
using lines = std::vector<std::string>;

catalog::object const t = table("t");
catalog::object const t2 = table("t", {{"row security", "enabled"}});
catalog::object const i = index("i");

TEST(effect, difference_leads_from_one_snapshot_to_the_other)
{
    auto const before = holding({t, i, table("gone")});
    auto const after = holding({t2, i, table("new"), index("a")});
    auto const found = difference(before, after);
    EXPECT_EQ(found, (effect{makes(index("a")), drops(table("gone")), makes(table("new")), makes(t2)}));
    auto played = before;
    play(found, played);
    EXPECT_EQ(played, after);
    EXPECT_EQ(difference(after, after), effect{});
    EXPECT_EQ(difference({}, holding({t})), effect{makes(t)});
    EXPECT_EQ(difference(holding({t}), {}), effect{drops(t)});
}

TEST(effect, combine_is_one_after_the_other)
{
    EXPECT_EQ(combine({makes(t)}, {makes(t2), makes(i)}, {}), (effect{makes(i), makes(t2)}));
    EXPECT_EQ(combine({makes(t)}, {drops(t)}, {}), effect{});
    EXPECT_EQ(combine({drops(t)}, {makes(t)}, holding({t})), effect{});
    EXPECT_EQ(combine({drops(t)}, {makes(t2)}, holding({t})), effect{makes(t2)});
    EXPECT_EQ(combine({makes(t2)}, {drops(t)}, holding({t})), effect{drops(t)});
    EXPECT_EQ(combine({makes(t2)}, {makes(t)}, holding({t})), effect{});
    EXPECT_EQ(combine({makes(t)}, {drops(t), makes(i)}, {}), effect{makes(i)});
}

TEST(effect, combine_keeps_if_not_exists_only_if_nothing_changed_since)
{
    EXPECT_EQ(combine({makes_if_missing(t)}, {makes(i)}, {}), (effect{makes(i), makes_if_missing(t)}));
    EXPECT_EQ(combine({makes_if_missing(t)}, {makes(t2)}, {}), effect{makes(t2)});
    EXPECT_EQ(combine({makes(t)}, {makes_if_missing(t)}, {}), effect{makes(t)});
    EXPECT_EQ(combine({}, {makes_if_missing(t)}, {}), effect{makes_if_missing(t)});
}

TEST(timeline, segments_of_each_object)
{
    auto const plan = history{}.file({makes(t)}).file({makes_if_missing(i)}).file({makes(t2), drops(i)});
    auto const known = timelines_of(plan.built());
    ASSERT_EQ(known.size(), 2U);
    auto const& line = known.at(t.id);
    ASSERT_EQ(line.size(), 3U);
    EXPECT_EQ(at(line, 0).value, nullptr);
    EXPECT_EQ(*at(line, 1).value, t);
    EXPECT_EQ(*at(line, 2).value, t);
    EXPECT_EQ(at(line, 2).from, 1U);
    EXPECT_EQ(*at(line, 3).value, t2);
    EXPECT_TRUE(at(known.at(i.id), 2).if_not_exists);
    EXPECT_EQ(at(known.at(i.id), 3).value, nullptr);
}

TEST(timeline, the_initial_snapshot_is_version_0)
{
    auto plan = history{}.file({drops(t)}).built();
    plan.initial = holding({t});
    EXPECT_EQ(*at(timelines_of(plan).at(t.id), 0).value, t);
    EXPECT_EQ(snapshot_at(plan, 0), holding({t}));
    EXPECT_EQ(snapshot_at(plan, 1), catalog::snapshot{});
}

TEST(timeline, default_privileges_are_no_state)
{
    auto const defaults = thing("default privileges", "x");
    auto const plan = history{}.file({makes(defaults)});
    EXPECT_TRUE(timelines_of(plan.built()).empty());
    EXPECT_EQ(histories_of(plan.built()).size(), 1U);
    EXPECT_EQ(plan.at(1), holding({defaults}));
}

TEST(effect_only, owner_and_comment_that_the_file_sets)
{
    auto const wanted = table("t", {{"owner", "boss"}, {"comment", "x"}});
    EXPECT_EQ(effect_only_objections(&t, wanted, t, false),
              (lines{"table public.t: owner: expected boss, found (none)",
                     "table public.t: comment: expected x, found (none)"}));
    EXPECT_EQ(effect_only_objections(&wanted, wanted, t, false), lines{});
    EXPECT_EQ(effect_only_objections(nullptr, t, wanted, false),
              (lines{"table public.t: owner: expected (none), found boss",
                     "table public.t: comment: expected (none), found x"}));
}

TEST(effect_only, only_the_difference_of_privileges_counts)
{
    auto const with = [](std::string const& text) {
        return table("t", {{"privileges", text}});
    };
    auto const before = with("app=SELECT; other=SELECT");
    auto const after = with("app=INSERT,SELECT; x y=DELETE*");
    EXPECT_EQ(effect_only_objections(&before, after, after, false), lines{});
    EXPECT_EQ(effect_only_objections(&before, after, with("app=INSERT; third=SELECT; x y=DELETE*"), false), lines{});
    EXPECT_EQ(effect_only_objections(&before, after, with("other=SELECT; x y=DELETE"), false),
              (lines{"table public.t: privilege app=INSERT expected, and is not granted",
                     "table public.t: privilege x y=DELETE* expected, and is not granted",
                     "table public.t: privilege other=SELECT expected to be revoked, and is granted"}));
    EXPECT_EQ(effect_only_objections(nullptr, after, t, true), lines{});
    EXPECT_EQ(effect_only_objections(nullptr, after, t, false).size(), 3U);
}

TEST(effect_only, an_unset_list_has_the_usual_privileges)
{
    auto const plain = thing("function", "public.f()");
    auto const closed = thing("function", "public.f()", {{"privileges", ""}});
    EXPECT_EQ(effect_only_objections(&plain, closed, plain, false),
              lines{"function public.f(): privilege PUBLIC=EXECUTE expected to be revoked, and is granted"});
    EXPECT_EQ(effect_only_objections(nullptr, closed, closed, false), lines{});
    EXPECT_EQ(effect_only_objections(&closed, plain, closed, false),
              lines{"function public.f(): privilege PUBLIC=EXECUTE expected, and is not granted"});
}

TEST(matches, star_stands_for_any_characters)
{
    for (auto const& [pattern, text] : std::vector<std::pair<std::string, std::string>>{{"", ""},
                                                                                        {"*", ""},
                                                                                        {"*", "anything"},
                                                                                        {"**", "x"},
                                                                                        {"a*", "a"},
                                                                                        {"a*", "abc"},
                                                                                        {"*c", "abc"},
                                                                                        {"a*c", "ac"},
                                                                                        {"a*c", "abcbc"},
                                                                                        {"*b*", "abc"},
                                                                                        {"a*b*c", "aXbYbZc"},
                                                                                        {"public.t.?", "public.t.?"}}) {
        EXPECT_TRUE(matches(pattern, text)) << pattern << " " << text;
    }
    for (auto const& [pattern, text] : std::vector<std::pair<std::string, std::string>>{{"", "a"},
                                                                                        {"a", ""},
                                                                                        {"a", "A"},
                                                                                        {"a*c", "abcd"},
                                                                                        {"*c", "ca"},
                                                                                        {"a*a", "a"},
                                                                                        {"?", "a"},
                                                                                        {"abc", "abcd"}}) {
        EXPECT_FALSE(matches(pattern, text)) << pattern << " " << text;
    }
    EXPECT_FALSE(matches(std::string(200, '*') + "b", std::string(20000, 'a')));
}

} // namespace
} // namespace pgratchet::plan
