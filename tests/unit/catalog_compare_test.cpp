// SPDX-License-Identifier: Apache-2.0
#include "catalog/compare.hpp"

#include <gtest/gtest.h>

namespace pgratchet::catalog {
namespace {

object thing(definition attributes, std::string kind = "column")
{
    return {{std::move(kind), "public.t.a"}, "public.t", std::move(attributes)};
}

using differences_found = std::vector<attribute_difference>;

TEST(compare, names_each_attribute)
{
    auto const a = thing({{"type", "integer"}, {"default", "1"}, {"only a", "x"}});
    auto const b = thing({{"type", "text"}, {"default", "1"}, {"only b", "y"}});
    EXPECT_EQ(
        differences(a, b, {}),
        (differences_found{{"only a", "x", std::nullopt}, {"only b", std::nullopt, "y"}, {"type", "integer", "text"}}));
    EXPECT_FALSE(same(a, b, {}));
    EXPECT_TRUE(differences(a, a, {}).empty());
    EXPECT_TRUE(same(a, a, {}));
}

TEST(compare, leaves_out_owner_privileges_and_comment)
{
    EXPECT_TRUE(
        same(thing({{"owner", "a"}, {"comment", "b"}}), thing({{"owner", "c"}, {"privileges", "x=SELECT"}}), {}));
    EXPECT_FALSE(compared_for_drift("owner"));
    EXPECT_TRUE(compared_for_drift("owner of"));
}

TEST(compare, the_moment_equals_any_text)
{
    auto const compiled = thing({{"default", moment}});
    EXPECT_TRUE(same(compiled, thing({{"default", "'2024-01-01'::date"}}), {}));
    EXPECT_FALSE(same(compiled, thing({}), {}));
    EXPECT_FALSE(same(thing({{"default", "1"}}), thing({{"default", moment}}), {}));
    EXPECT_FALSE(same(compiled, thing({{"default", "1"}, {"type", "date"}}), {}));
}

TEST(compare, what_is_absent_has_a_word_where_there_is_one)
{
    object_id const column{"column", "public.t.a"};
    EXPECT_EQ(in_words(column, {"not null", "yes", {}}), "column public.t.a: not null: expected yes, found no");
    EXPECT_EQ(in_words(column, {"default", {}, "1"}), "column public.t.a: default: expected (none), found 1");
    EXPECT_EQ(value_in_words("validated", {}), "yes");
    EXPECT_EQ(value_in_words("persistence", {}), "permanent");
    EXPECT_EQ(value_in_words("comment", {}), "(none)");
    EXPECT_EQ(value_in_words("comment", "no"), "no");
}

TEST(compare, validated_ahead_of_its_file_is_fine)
{
    EXPECT_TRUE(same(thing({{"validated", "no"}}), thing({}), {}));
    EXPECT_FALSE(same(thing({}), thing({{"validated", "no"}}), {}));
    EXPECT_TRUE(same(thing({{"not null", "not valid"}}), thing({{"not null", "yes"}}), {}));
    EXPECT_FALSE(same(thing({{"not null", "not valid"}}), thing({}), {}));
    EXPECT_FALSE(same(thing({{"not null", "yes"}}), thing({{"not null", "not valid"}}), {}));
}

TEST(compare, what_the_server_proved_holds_for_that_object_and_those_texts)
{
    auto const a = thing({{"type", "x"}});
    auto const b = thing({{"type", "y"}});
    EXPECT_TRUE(same(a, b, {{a.id, "type", "x", "y"}}));
    EXPECT_FALSE(same(b, a, {{a.id, "type", "x", "y"}}));
    EXPECT_FALSE(same(a, b, {{{"column", "public.t.b"}, "type", "x", "y"}}));
    EXPECT_FALSE(same(a, b, {{a.id, "default", "x", "y"}}));
}

TEST(compare, text_of_one_meaning)
{
    EXPECT_TRUE(same(thing({{"definition", "SELECT t.a FROM public.t;"}}, "view"),
                     thing({{"definition", " SELECT a\n FROM public.t;"}}, "view"), {}));
    EXPECT_FALSE(same(thing({{"definition", "SELECT t.a FROM public.t;"}}, "view"),
                      thing({{"definition", "SELECT b FROM public.t;"}}, "view"), {}));
}

} // namespace
} // namespace pgratchet::catalog
