// SPDX-License-Identifier: Apache-2.0
#include "plan/left_out.hpp"
#include "plan/locate.hpp"
#include "plan/other_file.hpp"
#include "plan_builder.hpp"

#include <gtest/gtest.h>

namespace pgratchet::plan {
namespace {

using namespace builder;

auto const a = table("a");
auto const a2 = table("a", {{"x", "1"}});
auto const b = table("b");
auto const c = table("c");

plan three_files()
{
    return history{}.file({makes(a)}).file({makes(a2), makes(b)}).file({makes(c)}).built();
}

TEST(left_out, all_that_the_file_did_is_as_before)
{
    auto const all = three_files();
    auto const known = timelines_of(all);
    std::vector<disagreement> drift{{a.id, "x", "1", std::nullopt}, {b.id, "", "present", std::nullopt}};
    EXPECT_EQ(left_out(all, known, drift, 3), 2U);
    EXPECT_EQ(left_out(all, known, drift, 2), std::nullopt); // nothing later has run
    EXPECT_EQ(left_out(all, known, {}, 3), std::nullopt);
    drift.front().actual = "2"; // as nobody but another file would have it
    EXPECT_EQ(left_out(all, known, drift, 3), std::nullopt);
    drift.erase(drift.begin()); // the other object is there
    EXPECT_EQ(left_out(all, known, drift, 3), std::nullopt);
    EXPECT_EQ(file_behind(known, drift, 3), 2U);
}

TEST(left_out, is_found_from_above_the_nearest_version)
{
    auto const all = three_files();
    auto const found = locate(all, holding({a, c}), {}, {});
    EXPECT_EQ(found.is, condition::drift);
    ASSERT_TRUE(found.left_out.has_value());
    EXPECT_EQ(found.left_out->file, 2U);
    EXPECT_EQ(found.left_out->version, 3U);
    EXPECT_EQ(drift_in_words(all, found, "prod"), "all of that is so if " + all.migrations[1].file +
                                                      " has not run in prod, although what is there goes up to 003");
    EXPECT_FALSE(locate(all, holding({a2, b, c}), {}, {}).left_out.has_value());
}

} // namespace
} // namespace pgratchet::plan
