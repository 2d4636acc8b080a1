// SPDX-License-Identifier: Apache-2.0
#include "catalog/compare.hpp"
#include "plan/look_alike.hpp"
#include "plan/out_of_sight.hpp"
#include "plan_builder.hpp"

#include <gtest/gtest.h>

namespace pgratchet::plan {
namespace {

using namespace builder;
using pairs = std::vector<look_alike>;

catalog::object const t = table("t");
catalog::object const b = column("t", "b", {{"type", "text"}});
catalog::object const i = index("i");

TEST(look_alikes, none_where_every_file_leaves_a_trace)
{
    auto const plan = history{}.file({makes(t)}).file({makes(b)}).file({drops(t), drops(b), makes(table("u"))});
    EXPECT_EQ(look_alikes(plan.built()), pairs{});
    EXPECT_EQ(look_alikes({}), pairs{});
}

TEST(look_alikes, traceless_and_reverted)
{
    auto const plan = history{}.file({makes(t)}).file({makes(b)}).file({drops(b)}).with_data().file({makes(b)});
    EXPECT_EQ(look_alikes(plan.built()), (pairs{{1, 3}, {3, 4}, {2, 5}}));
    EXPECT_EQ(without_an_answer(plan.built()), (pairs{{3, 4}, {2, 5}}));
}

TEST(look_alikes, what_is_only_granted_or_commented_is_no_trace)
{
    auto const plan = history{}
                          .file({makes(t)})
                          .file({makes(table("t", {{"comment", "x"}, {"privileges", "a=SELECT"}}))})
                          .file({makes(thing("default privileges", "x", {{"privileges", "a=SELECT"}}))});
    EXPECT_EQ(look_alikes(plan.built()), (pairs{{1, 2}, {2, 3}}));
    EXPECT_EQ(without_an_answer(plan.built()), pairs{});
}

TEST(look_alikes, work_that_does_not_show)
{
    auto const e = thing("extension", "e");
    auto const answer = [](history const& all) {
        return without_an_answer(all.built());
    };
    EXPECT_EQ(answer(history{}.file({makes(t)}).file({makes(e)})), pairs{});
    EXPECT_EQ(answer(history{}.file({makes(t)}).file({makes(e)}).untraced()), (pairs{{1, 2}}));
    EXPECT_EQ(answer(history{}.file({makes(t)}).file({makes(e)}).untraced().probe("002")), pairs{});
    EXPECT_EQ(answer(history{}.file({makes(t)}).file({makes(e), makes(b)}).untraced()), pairs{});
    EXPECT_EQ(answer(history{}.file({makes(t)}).file({makes(b)}).untraced().file({drops(b)})), (pairs{{1, 3}}));
    // A comment tells nothing of it: an environment may have had it before.
    auto const named = table("t", {{"comment", "x"}});
    EXPECT_EQ(answer(history{}.file({makes(t)}).file({makes(named)})), pairs{});
    EXPECT_EQ(answer(history{}.file({makes(t)}).file({makes(named)}).untraced()), (pairs{{1, 2}}));
}

TEST(look_alikes, work_on_what_is_gone_again)
{
    auto const answer = [](history const& all) {
        return without_an_answer(all.built());
    };
    auto const passing = table("passing");
    auto const of_passing = column("passing", "c", {{"type", "text"}});
    EXPECT_EQ(answer(history{}.file({makes(t)}).file({makes(passing)}).untraced("passing").file({drops(passing)})),
              pairs{});
    EXPECT_EQ(answer(history{}
                         .file({makes(t)})
                         .file({makes(of_passing)})
                         .untraced("public.passing.c")
                         .file({drops(of_passing)})),
              pairs{});
    // Something else was worked on as well, or what was there before; or it may go by its old name again.
    auto const more = history{}.file({makes(t)}).file({makes(passing)}).untraced("passing").untraced();
    EXPECT_EQ(answer(history{more}.file({drops(passing)})), (pairs{{1, 3}}));
    EXPECT_EQ(answer(history{}.file({makes(t)}).file({makes(passing)}).untraced("t").file({drops(passing)})),
              (pairs{{1, 3}}));
    EXPECT_EQ(answer(history{}
                         .file({makes(t)})
                         .file({makes(passing), drops(t)})
                         .untraced("passing")
                         .file({drops(passing), makes(t)})),
              (pairs{{1, 3}}));
}

TEST(look_alikes, objects_made_if_not_exists)
{
    auto plan = history{}.file({makes(t)}).with_data({makes_if_missing(i)}).file({makes(b)});
    EXPECT_EQ(without_an_answer(plan.built()), (pairs{{1, 2}}));
    EXPECT_EQ(without_an_answer(plan.probe("002").built()), pairs{});
}

TEST(look_alikes, labels_added_if_not_exists)
{
    auto const mood = [](char const* labels) {
        return thing("type", "public.mood", {{"labels", labels}});
    };
    auto const plan =
        history{}.file({makes(t), makes(mood("'wild'"))}).with_data({makes_if_missing(mood("'calm', 'wild'"))});
    EXPECT_EQ(without_an_answer(plan.built()), (pairs{{1, 2}}));
    EXPECT_EQ(without_an_answer(history{plan}.probe("002").built()), pairs{});
    EXPECT_EQ(plan.locate(plan.at(2)).fitting, (std::vector<std::size_t>{1, 2}));
    EXPECT_EQ(plan.locate(plan.at(1)).fitting, (std::vector<std::size_t>{1}));
}

TEST(look_alikes, made_if_not_exists_and_dropped_again)
{
    auto const plan =
        history{}.file({makes(t)}).file({makes_if_missing(i)}).with_data({makes(b)}).file({drops(i), drops(b)});
    // With i made beforehand 001 looks like 002, without it like 004.
    EXPECT_EQ(look_alikes(plan.built()), (pairs{{1, 2}, {1, 4}}));
    EXPECT_EQ(without_an_answer(plan.built()), (pairs{{1, 4}}));
    EXPECT_EQ(plan.locate(plan.at(1)).fitting, (std::vector<std::size_t>{1, 4}));
}

TEST(look_alikes, one_way_objects)
{
    auto const extension = thing("extension", "hstore");
    auto const plan =
        history{}.file({makes(t)}).with_data({makes(extension)}).file({makes(b)}).with_data({drops(extension)});
    EXPECT_EQ(without_an_answer(plan.built()), (pairs{{1, 2}, {3, 4}}));
}

TEST(look_alikes, an_object_that_a_rule_ignores)
{
    auto plan = history{}
                    .file({makes(t)})
                    .with_data({makes(i)})
                    .with_data({makes(column("t", "b", {{"type", "text"}}))})
                    .with_data({makes(column("t", "b", {{"type", "text"}, {"default", "1"}}))});
    EXPECT_EQ(without_an_answer(plan.built()), pairs{});
    EXPECT_EQ(without_an_answer(history{plan}.ignore("index", "public.i").built()), (pairs{{1, 2}}));
    EXPECT_EQ(without_an_answer(plan.ignore("*", "*", "default").built()), (pairs{{3, 4}}));
}

TEST(look_alikes, validating_beside_work_on_data)
{
    auto const open = thing("table constraint", "k on public.t",
                            {{"definition", "CHECK ((a > 0))"}, {"validated", "no"}}, t.id.identity);
    auto const valid = thing("table constraint", "k on public.t", {{"definition", "CHECK ((a > 0))"}}, t.id.identity);
    auto const plan = history{}.file({makes(t), makes(open)}).with_data({makes(valid)});
    EXPECT_EQ(without_an_answer(plan.built()), (pairs{{1, 2}}));
    EXPECT_EQ(plan.locate(plan.at(2)).fitting, (std::vector<std::size_t>{1, 2}));
    auto const column = [](std::string const& how) {
        return builder::column("t", "n", {{"not null", how}});
    };
    auto const newer = history{}.file({makes(t), makes(column("not valid"))}).with_data({makes(column("yes"))});
    EXPECT_EQ(without_an_answer(newer.built()), (pairs{{1, 2}}));
    EXPECT_EQ(newer.locate(newer.at(2)).fitting, (std::vector<std::size_t>{1, 2}));
}

TEST(look_alikes, the_moment_equals_anything)
{
    auto const with_default = [](std::string const& text) {
        return column("t", "d", {{"type", "date"}, {"default", text}});
    };
    auto const plan =
        history{}.file({makes(t), makes(with_default(catalog::moment))}).with_data({makes(with_default("now()"))});
    EXPECT_EQ(without_an_answer(plan.built()), (pairs{{1, 2}}));
    EXPECT_EQ(plan.locate(plan.at(2)).fitting, (std::vector<std::size_t>{1, 2}));
    // Known by another attribute all the same.
    auto const other = history{}
                           .file({makes(t), makes(with_default(catalog::moment))})
                           .with_data({makes(column("t", "d", {{"type", "text"}}))});
    EXPECT_EQ(look_alikes(other.built()), pairs{});
}

TEST(look_alikes, text_of_another_form_and_one_meaning)
{
    auto const view = [](std::string const& text) {
        return thing("view", "public.v", {{"definition", text}});
    };
    auto const plan = history{}
                          .file({makes(t), makes(view(" SELECT t.a FROM public.t;"))})
                          .with_data({makes(view(" SELECT a FROM public.t;"))})
                          .with_data({makes(view(" SELECT b FROM public.t;"))});
    EXPECT_EQ(without_an_answer(plan.built()), (pairs{{1, 2}}));
    EXPECT_EQ(plan.locate(plan.at(1)).fitting, (std::vector<std::size_t>{1, 2}));
}

TEST(without_an_answer, takes_a_probe_of_the_higher_version)
{
    auto const plan = history{}.file({makes(t)}).with_data({makes(b)}).file({drops(b)});
    EXPECT_EQ(without_an_answer(plan.built()), (pairs{{1, 3}}));
    EXPECT_EQ(without_an_answer(history{plan}.probe("002").built()), (pairs{{1, 3}}));
    EXPECT_EQ(without_an_answer(history{plan}.probe("003").built()), pairs{});
    EXPECT_EQ(without_an_answer(history{plan}.baseline("003").built()), pairs{});
    EXPECT_EQ(without_an_answer(history{plan}.baseline("002").built()), (pairs{{1, 3}}));
}

TEST(without_an_answer, a_file_without_any_effect_needs_a_probe)
{
    auto const plan = history{}.file({makes(t)}).file({});
    EXPECT_EQ(without_an_answer(plan.built()), (pairs{{1, 2}}));
    EXPECT_EQ(without_an_answer(history{plan}.baseline("002").built()), pairs{});
}

TEST(may_take_higher, needs_all_files_between)
{
    auto const plan = history{}.with_data({makes(t)}).file({makes(b)}).file({drops(b)}).built();
    EXPECT_TRUE(may_take_higher(plan, 1, 3));
    EXPECT_FALSE(may_take_higher(plan, 0, 3));
    EXPECT_TRUE(may_take_higher(plan, 2, 2));
}

} // namespace
} // namespace pgratchet::plan
