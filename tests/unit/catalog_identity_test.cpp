// SPDX-License-Identifier: Apache-2.0
#include "catalog/identity.hpp"

#include <gtest/gtest.h>

namespace pgratchet::catalog {
namespace {

std::string own(std::string const& identity, std::string const& root)
{
    return own_name({{"any", identity}, root, {}});
}

TEST(identity, has_a_part_of_its_own)
{
    EXPECT_EQ(own("public.t.c", "public.t"), "c");
    EXPECT_EQ(own("public.t.\"a.x on y\"", "public.t"), "\"a.x on y\"");
    EXPECT_EQ(own("k on public.t", "public.t"), "k");
    EXPECT_EQ(own("\"k on monday\" on public.t", "public.t"), "\"k on monday\"");
    EXPECT_EQ(own("public.i", "public.t"), "i");
    EXPECT_EQ(own("\"a.b\".f(\"a.b\".t)", "\"a.b\".f(\"a.b\".t)"), "f(\"a.b\".t)");
    EXPECT_EQ(own("\"a.b\"", "\"a.b\""), "\"a.b\"");
}

TEST(identity, lists_are_cut_outside_of_quotes)
{
    EXPECT_EQ(parts_of("a, f(b, c), 'd, ''e', \"f,\"", ','),
              (std::vector<std::string>{"a", "f(b, c)", "'d, ''e'", "\"f,\""}));
    EXPECT_TRUE(parts_of("", ',').empty());
}

} // namespace
} // namespace pgratchet::catalog
