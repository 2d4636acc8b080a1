// SPDX-License-Identifier: Apache-2.0
#include "plan/comparison.hpp"
#include "plan/other_file.hpp"
#include "plan/take_back.hpp"

#include <gtest/gtest.h>

using namespace pgratchet;
using namespace pgratchet::plan;

namespace {

catalog::object table(std::string const& name, catalog::definition attributes = {})
{
    return {{"table", name}, name, std::move(attributes)};
}

change makes(catalog::object one)
{
    auto id = one.id;
    return {std::move(id), std::move(one), false};
}

change drops(std::string const& name)
{
    return {{"table", name}, std::nullopt, false};
}

pgratchet::plan::plan history(std::vector<std::pair<std::string, effect>> const& files)
{
    pgratchet::plan::plan all;
    for (auto const& [file, changes] : files) {
        migration one;
        one.file = file;
        one.version = file.substr(0, 3);
        one.changes = changes;
        all.migrations.push_back(std::move(one));
    }
    return all;
}

} // namespace

TEST(take_back, goes_by_the_name)
{
    auto const all = history({{"001_a.sql", {}},
                              {"002_revert_001_a.sql", {}},
                              {"003_revert_001.sql", {}},
                              {"004_revert_1_a.sql", {}},
                              {"005_revert_009.sql", {}},
                              {"006_revert_006.sql", {}},
                              {"007_revert_001x.sql", {}},
                              {"008_to_revert_001.sql", {}}});
    EXPECT_EQ(taken_back_by(all, 2), 1U);
    EXPECT_EQ(taken_back_by(all, 3), 1U);
    for (std::size_t const k : {1U, 4U, 5U, 6U, 7U, 8U}) {
        EXPECT_EQ(taken_back_by(all, k), std::nullopt) << k;
    }
}

TEST(take_back, is_in_force_until_it_is_taken_back_itself)
{
    auto const all =
        history({{"001_a.sql", {}}, {"002_b.sql", {}}, {"003_revert_002_b.sql", {}}, {"004_revert_003.sql", {}}});
    EXPECT_EQ(in_force_against(all, 2, 2), std::nullopt);
    EXPECT_EQ(in_force_against(all, 2, 3), 3U);
    EXPECT_EQ(in_force_against(all, 2, 4), std::nullopt);
    EXPECT_EQ(in_force_against(all, 3, 4), 4U);
    EXPECT_EQ(in_force_against(all, 1, 4), std::nullopt);
}

TEST(take_back, is_whole)
{
    effect const second{makes(table("a", {{"owner", "x"}})), makes(table("b"))};
    auto const with = [&](effect third) {
        return not_taken_back(
            history(
                {{"001_a.sql", {makes(table("a"))}}, {"002_b.sql", second}, {"003_revert_002.sql", std::move(third)}}),
            2, 3);
    };
    EXPECT_TRUE(with({makes(table("a")), drops("b")}).empty());
    EXPECT_EQ(in_words(with({makes(table("a"))})), "+ table b\n");
    EXPECT_EQ(in_words(with({drops("b")})), "~ table a\n    owner: (none) -> x\n");
    EXPECT_EQ(in_words(with({drops("a"), drops("b")})), "- table a\n");
}

TEST(take_back, leaves_later_files_alone)
{
    auto const all = history({{"001_a.sql", {makes(table("a"))}},
                              {"002_b.sql", {makes(table("b"))}},
                              {"003_c.sql", {makes(table("c"))}},
                              {"004_b.sql", {makes(table("b", {{"comment", "x"}}))}}});
    EXPECT_EQ(without(all, 2, 3).size(), 2U);
    EXPECT_TRUE(without(all, 2, 4).contains({"table", "b"}));
    EXPECT_FALSE(depends_on(all, 2, 3));
    EXPECT_EQ(depends_on(all, 2, 4)->later, 4U);
    EXPECT_FALSE(depends_on(all, 3, 4));
}

TEST(take_back, sees_what_hangs_on)
{
    catalog::object const index{{"index", "i"}, "b", {}};
    auto const all = history({{"001_b.sql", {makes(table("b"))}}, {"002_i.sql", {makes(index)}}});
    EXPECT_EQ(depends_on(all, 1, 2)->what, index.id);
}

TEST(comparison, is_by_meaning)
{
    auto const compared = [](catalog::object const& a, catalog::object const& b) {
        return in_words(compare({{a.id, a}}, {{b.id, b}}));
    };
    EXPECT_EQ(compared(table("a", {{"privileges", ""}}), table("a")), "");
    EXPECT_EQ(compared(table("a", {{"privileges", "x=SELECT"}}), table("a")),
              "~ table a\n    privileges: x=SELECT -> (none)\n");
    catalog::object const valid{{"table constraint", "c on a"}, "a", {}};
    catalog::object const not_valid{{"table constraint", "c on a"}, "a", {{"validated", "no"}}};
    EXPECT_EQ(compared(valid, not_valid), "~ table constraint c on a\n    validated: yes -> no\n");
    EXPECT_EQ(compared(not_valid, valid), "~ table constraint c on a\n    validated: no -> yes\n");
}

TEST(other_file, is_named_if_all_drift_is_about_it)
{
    auto const all = history({{"001_a.sql", {makes(table("a"))}},
                              {"002_b.sql", {makes(table("a", {{"x", "1"}})), makes(table("b"))}},
                              {"003_c.sql", {makes(table("c"))}}});
    state found;
    found.version = 1;
    found.drift = {{{"table", "a"}, "x", std::nullopt, "2"}, {{"table", "b"}, "", std::nullopt, "present"}};
    EXPECT_EQ(drift_is_about(all, found), 2U);
    found.drift.pop_back();
    EXPECT_EQ(drift_is_about(all, found), 2U);
    found.drift.push_back({{"table", "c"}, "", std::nullopt, "present"});
    EXPECT_EQ(drift_is_about(all, found), std::nullopt);
    EXPECT_EQ(drift_in_words(all, found, "prod"), "");
    found.drift.clear();
    EXPECT_EQ(drift_is_about(all, found), std::nullopt);
}
