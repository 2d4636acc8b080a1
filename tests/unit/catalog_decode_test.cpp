// SPDX-License-Identifier: Apache-2.0
#include "catalog/query.hpp"

#include <array>
#include <gtest/gtest.h>

namespace pgratchet::catalog {
namespace {

object thing(std::string kind, std::string root)
{
    return {{std::move(kind), "x"}, std::move(root), {}};
}

TEST(decode, a_row)
{
    auto const row =
        decode({"pg_class", "16384", "column", "public.\"user\".\"order\"", "public.\"user\"",
                R"({"type": "text", "default": "", "collation": null, "privileges": "", "comment": "\u00e4 \"q\""})"});
    EXPECT_EQ(row.catalog, "pg_class");
    EXPECT_EQ(row.oid, "16384");
    EXPECT_EQ(row.value.id, (object_id{"column", "public.user.order"}));
    EXPECT_EQ(row.value.root, "public.user");
    EXPECT_EQ(row.value.attributes, (definition{{"type", "text"}, {"privileges", ""}, {"comment", "\u00e4 \"q\""}}));
}

TEST(without_needless_quotes, keeps_those_that_characters_ask_for)
{
    for (auto const& [identity, plain] : std::vector<std::pair<std::string, std::string>>{
             {"public.\"user\"", "public.user"},
             {"\"a\".\"b\".\"c$1\"", "a.b.c$1"},
             {"\"Upper\".x", "\"Upper\".x"},
             {"\"1st\"", "\"1st\""},
             {"\"\"", "\"\""},
             {"\"a b\".\"c.d\"", "\"a b\".\"c.d\""},
             {"\"say \"\"hi\"\"\"", "\"say \"\"hi\"\"\""},
             {"\"\u00e4\"", "\"\u00e4\""},
             {"public.f(pg_catalog.int4,public.\"order\")", "public.f(pg_catalog.int4,public.order)"},
             {"\"check\" on public.\"table\"", "check on public.table"},
             {"", ""},
         }) {
        EXPECT_EQ(without_needless_quotes(identity), plain);
    }
}

TEST(without_needless_quotes, survives_a_quote_that_is_not_closed)
{
    for (auto const* identity : {"\"", "a.\"", "\"abc", "\"a\"\"", "\"\"\""}) {
        EXPECT_NO_THROW((void)without_needless_quotes(identity)) << identity;
        EXPECT_NO_THROW((void)quoted(identity)) << identity;
        EXPECT_NO_THROW((void)root_of(thing("table", identity))) << identity;
    }
}

TEST(quoted, quotes_every_name_once)
{
    EXPECT_EQ(quoted("public.user"), "\"public\".\"user\"");
    EXPECT_EQ(quoted("\"a.b\".c"), "\"a.b\".\"c\"");
    EXPECT_EQ(quoted("\"say \"\"hi\"\"\""), "\"say \"\"hi\"\"\"");
    EXPECT_EQ(quoted("plain"), "\"plain\"");
    EXPECT_EQ(quoted(""), "");
}

TEST(root_of, finds_the_catalog_and_the_bare_name)
{
    for (auto const& [kind, root, catalog, name] : std::vector<std::array<std::string, 4>>{
             {"column", "public.t", "pg_class", "t"},
             {"index", "public.\"Weird.Name\"", "pg_class", "Weird.Name"},
             {"trigger", "\"a.b\".\"say \"\"hi\"\"\"", "pg_class", "say \"hi\""},
             {"function", "public.f(pg_catalog.int4,public.x)", "pg_proc", "f"},
             {"procedure", "public.\"p(1)\"(text)", "pg_proc", "p(1)"},
             {"aggregate", "s.agg(*)", "pg_proc", "agg"},
             {"type", "public.mood", "pg_type", "mood"},
             {"domain constraint", "public.d", "pg_type", "d"},
             {"schema", "app", "pg_namespace", "app"},
             {"extension", "\"uuid-ossp\"", "pg_extension", "uuid-ossp"},
             {"cast", "(public.a AS public.b)", "pg_cast", ""},
             {"event trigger", "watch", "pg_event_trigger", "watch"},
         }) {
        auto const found = root_of(thing(kind, root));
        EXPECT_EQ(found.catalog, catalog) << kind;
        EXPECT_EQ(found.name, name) << kind;
    }
}

} // namespace
} // namespace pgratchet::catalog
