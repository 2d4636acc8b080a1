// SPDX-License-Identifier: Apache-2.0
#include "observe/blocking.hpp"

#include <gtest/gtest.h>
#include <vector>

namespace {

using namespace pgratchet::observe;
using namespace std::chrono_literals;

observation lock(char const* relation, char const* name)
{
    return {relation, name, false, false, false};
}

TEST(observe_blocking, lasts_to_the_end_of_the_transaction)
{
    auto const found =
        stops({{{lock("public.a", "RowExclusiveLock")}, 1s},
               {{lock("public.a", "AccessExclusiveLock"), lock("public.b", "ShareRowExclusiveLock")}, 2s},
               {{}, 3s},
               {{lock("public.c", "ShareLock")}, 4s}},
              true);
    ASSERT_EQ(found.size(), 3U);
    EXPECT_EQ(found[0].relation, "public.a");
    EXPECT_EQ(found[0].what, blocked::reads_and_writes);
    EXPECT_EQ(found[0].time, 9s);
    EXPECT_EQ(found[1].relation, "public.b");
    EXPECT_EQ(found[1].what, blocked::writes);
    EXPECT_EQ(found[1].time, 9s);
    EXPECT_EQ(found[2].time, 4s);
}

TEST(observe_blocking, or_of_each_statement_where_there_is_none)
{
    auto const found = stops(
        {{{lock("public.a", "AccessExclusiveLock")}, 1s}, {{}, 2s}, {{lock("public.a", "AccessExclusiveLock")}, 4s}},
        false);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].time, 5s);
}

TEST(observe_blocking, tells_a_lock_that_became_stronger)
{
    auto const found =
        stops({{{lock("public.a", "ShareLock")}, 1s}, {{lock("public.a", "AccessExclusiveLock")}, 2s}}, true);
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].what, blocked::writes);
    EXPECT_EQ(found[0].time, 3s);
    EXPECT_EQ(found[1].what, blocked::reads_and_writes);
    EXPECT_EQ(found[1].time, 2s);
}

TEST(observe_blocking, does_not_count_a_weaker_one_beside_the_stronger)
{
    auto const found =
        stops({{{lock("public.a", "AccessExclusiveLock")}, 1s}, {{lock("public.a", "ShareLock")}, 2s}}, true);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].what, blocked::reads_and_writes);
    EXPECT_EQ(found[0].time, 3s);
}

TEST(observe_blocking, is_none_where_nobody_is_stopped)
{
    EXPECT_TRUE(
        stops({{{lock("public.a", "RowExclusiveLock"), lock("public.b", "ShareUpdateExclusiveLock")}, 1s}}, true)
            .empty());
    EXPECT_TRUE(stops({}, true).empty());
}

} // namespace
