// SPDX-License-Identifier: Apache-2.0
#include "plan/renamed.hpp"
#include "plan_builder.hpp"

#include <gtest/gtest.h>

namespace pgratchet::plan {
namespace {

using namespace builder;
using found = std::vector<renaming>;

catalog::object_id id(std::string kind, std::string identity)
{
    return {std::move(kind), std::move(identity)};
}

/// What is told of one statement that leads from `before` to `after`.
found told(catalog::snapshot const& before, catalog::snapshot const& after)
{
    auto const by_identity = [](renaming const& a, renaming const& b) {
        return a.from < b.from;
    };
    auto all = renamings_in(difference(before, after),
                            [&](catalog::object_id const& one) { return catalog::find(before, one); });
    std::sort(all.begin(), all.end(), by_identity);
    return all;
}

TEST(renamings, a_part_is_told_by_its_place)
{
    auto const table = thing("table", "public.t");
    EXPECT_EQ(told(holding({table, thing("column", "public.t.a", {}, "public.t"),
                            thing("column", "public.t.b", {}, "public.t")}),
                   holding({table, thing("column", "public.t.c", {}, "public.t"),
                            thing("column", "public.t.b", {}, "public.t")})),
              (found{{id("column", "public.t.a"), id("column", "public.t.c")}}));
}

TEST(renamings, a_whole_takes_its_parts_along)
{
    EXPECT_EQ(told(holding({thing("table", "public.t"), thing("column", "public.t.a", {}, "public.t"),
                            thing("table constraint", "k on public.t", {}, "public.t")}),
                   holding({thing("table", "public.u"), thing("column", "public.u.a", {}, "public.u"),
                            thing("table constraint", "k on public.u", {}, "public.u")})),
              (found{{id("column", "public.t.a"), id("column", "public.u.a")},
                     {id("table", "public.t"), id("table", "public.u")},
                     {id("table constraint", "k on public.t"), id("table constraint", "k on public.u")}}));
}

TEST(renamings, a_schema_takes_along_what_keeps_its_name)
{
    EXPECT_EQ(told(holding({thing("schema", "a.b"), thing("function", "\"a.b\".f(integer)"),
                            thing("function", "\"a.b\".f(text)"), thing("function", "\"a.b\".g(\"a.b\".t)")}),
                   holding({thing("schema", "c"), thing("function", "c.f(integer)"), thing("function", "c.f(text)"),
                            thing("function", "c.g(c.t)")})),
              (found{{id("function", "\"a.b\".f(integer)"), id("function", "c.f(integer)")},
                     {id("function", "\"a.b\".f(text)"), id("function", "c.f(text)")},
                     {id("function", "\"a.b\".g(\"a.b\".t)"), id("function", "c.g(c.t)")},
                     {id("schema", "a.b"), id("schema", "c")}}));
}

TEST(renamings, what_could_be_several_is_left_out)
{
    EXPECT_EQ(told(holding({thing("view", "public.a"), thing("view", "public.b")}),
                   holding({thing("view", "public.c"), thing("view", "public.d")})),
              found{});
}

TEST(origins, names_are_followed_through_files)
{
    auto const t = id("table", "t");
    auto const u = id("table", "u");
    auto const v = id("table", "v");
    origins names;
    names.follow({{t, std::nullopt}, {v, thing("table", "v")}}, {{t, v}});
    EXPECT_EQ(names.of(v), t);
    EXPECT_EQ(names.of(t), std::nullopt);
    EXPECT_EQ(names.of(u), u);
    names.follow({{u, std::nullopt}, {t, thing("table", "t")}}, {{u, t}});
    EXPECT_EQ(names.of(t), u);
    names.follow({}, {{t, v}, {v, t}}); // exchanged at once
    EXPECT_EQ(names.of(t), t);
    EXPECT_EQ(names.of(v), u);
    names.follow({{v, std::nullopt}}, {});
    names.follow({{v, thing("table", "v")}}, {});
    EXPECT_EQ(names.of(v), std::nullopt);
}

} // namespace
} // namespace pgratchet::plan
