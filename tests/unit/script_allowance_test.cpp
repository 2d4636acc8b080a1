// SPDX-License-Identifier: Apache-2.0
#include "script/script.hpp"
#include "script/tree.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

using namespace pgratchet::script;

namespace {

/// "rule line" of all that is wrong with a file.
std::string wrong(std::string const& text, dialect d = dialect::migration)
{
    std::string all;
    for (auto const& one : parse("x.sql", text, d).diagnostics) {
        all += (all.empty() ? "" : ", ") + one.name + " " + std::to_string(one.where.line);
    }
    return all;
}

std::string in_file(std::string const& comment)
{
    return "BEGIN;\n" + comment + "\nSELECT 1;\nCOMMIT;\n";
}

} // namespace

TEST(allowance, has_a_name_and_a_reason)
{
    EXPECT_EQ(wrong(in_file("-- pgratchet: allow a-b: because")), "");
    EXPECT_EQ(wrong(in_file("--pgratchet:allow a-b:because: of that")), "");
    for (auto const* comment :
         {"-- pgratchet: allow", "-- pgratchet: allow a-b", "-- pgratchet: allow a-b:", "-- pgratchet: allow a-b:  ",
          "-- pgratchet: allow : because", "-- pgratchet: allow a-b, c-d: because"}) {
        EXPECT_EQ(wrong(in_file(comment)), "incomplete-allow 2") << comment;
    }
}

TEST(allowance, is_not_mistaken)
{
    EXPECT_EQ(wrong(in_file("-- pgratchet: alow a-b: because")), "unknown-directive 2");
    EXPECT_EQ(wrong(in_file("-- pgratchet allow a-b: because")), "misspelt-directive 2");
    EXPECT_EQ(wrong(in_file("/* pgratchet: allow a-b: because */")), "misspelt-directive 2");
    EXPECT_EQ(wrong(in_file("-- pgratchet allows one to do that: see there")), "");
    EXPECT_EQ(wrong(in_file("-- pgratchet would allow this")), "");
}

TEST(allowance, stands_before_a_statement)
{
    EXPECT_EQ(wrong("-- pgratchet: allow a-b: c\nBEGIN;\nSELECT 1;\nCOMMIT;\n"), "misplaced-directive 1");
    EXPECT_EQ(wrong("BEGIN;\nSELECT 1;\n-- pgratchet: allow a-b: c\nCOMMIT;\n"), "misplaced-directive 3");
    EXPECT_EQ(wrong("BEGIN;\nSELECT 1;\nCOMMIT;\n-- pgratchet: allow a-b: c\n"), "misplaced-directive 4");
    EXPECT_EQ(wrong("BEGIN;\nSELECT\n-- pgratchet: allow a-b: c\n1;\nCOMMIT;\n"), "misplaced-directive 3");
    EXPECT_EQ(wrong("-- pgratchet: no-transaction\n-- pgratchet: allow a-b: c\nVACUUM;\n"), "");
    EXPECT_EQ(wrong("-- pgratchet: allow a-b: c\n-- pgratchet: no-transaction\nVACUUM;\n"), "");
    EXPECT_EQ(wrong("-- pgratchet: allow a-b: c\nSELECT true;\n", dialect::probe), "");
    EXPECT_EQ(wrong("-- pgratchet: no-transaction\nSELECT true;\n", dialect::probe), "misplaced-directive 1");
    EXPECT_EQ(wrong("-- pgratchet: allow a-b\nSELECT true;\n", dialect::schema_dump), "");
}

TEST(allowance, speaks_for_the_statement_behind_it)
{
    auto const file = parse("x.sql", "BEGIN;\n-- pgratchet: allow a: 1\n-- pgratchet: allow b: 2\n\n"
                                     "  SELECT\n 1; SELECT 2;\nCOMMIT;\n")
                          .result;
    ASSERT_EQ(file.allowances.size(), 2U);
    EXPECT_EQ(file.allowances[1].warning, "b");
    EXPECT_EQ(file.allowances[1].begin, (pgratchet::report::location{"x.sql", 5, 3}));
    EXPECT_EQ(file.allowances[1].end, (pgratchet::report::location{"x.sql", 6, 3}));
}

TEST(tree_of, gives_whole_trees_within_limits)
{
    EXPECT_TRUE(tree_of("TRUNCATE a CASCADE").contains("TruncateStmt"));
    EXPECT_TRUE(tree_of("nonsense here").is_null());
    EXPECT_TRUE(tree_of("SELECT 1; SELECT 2").is_null());
    EXPECT_TRUE(tree_of("").is_null());
    std::string deep = "SELECT 1";
    for (int i = 0; i < 200'000; ++i) {
        deep += "+1";
    }
    EXPECT_TRUE(tree_of(deep).is_null());
    EXPECT_FALSE(tree_of(deep.substr(0, 60'000)).is_null());
    EXPECT_TRUE(tree_of("SELECT 1 " + std::string(900'000, '@')).is_null());
}
