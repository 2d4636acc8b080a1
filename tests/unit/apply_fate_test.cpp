// SPDX-License-Identifier: Apache-2.0
#include "apply/fate.hpp"

#include <gtest/gtest.h>

namespace pgratchet::apply {

namespace {

constexpr fitting only_before{true, false};
constexpr fitting only_after{false, true};
constexpr fitting both{true, true};
constexpr fitting neither{false, false};

TEST(apply_fate, the_catalog_and_the_server_agree)
{
    EXPECT_EQ(decide("committed", only_after), fate::committed);
    EXPECT_EQ(decide("aborted", only_before), fate::rolled_back);
}

TEST(apply_fate, without_a_trace_the_server_alone_knows)
{
    for (auto const& live : {both, neither}) {
        EXPECT_EQ(decide("committed", live), fate::committed);
        EXPECT_EQ(decide("aborted", live), fate::rolled_back);
        EXPECT_EQ(decide(std::nullopt, live), fate::unknown);
    }
    EXPECT_EQ(decide("committed", std::nullopt), fate::committed);
    EXPECT_EQ(decide("aborted", std::nullopt), fate::rolled_back);
}

TEST(apply_fate, where_the_server_does_not_know_the_catalog_does)
{
    EXPECT_EQ(decide(std::nullopt, only_after), fate::committed);
    EXPECT_EQ(decide(std::nullopt, only_before), fate::rolled_back);
}

TEST(apply_fate, a_number_that_was_given_out_twice)
{
    // The server crashed, lost our transaction, and gave its number to somebody who committed.
    EXPECT_EQ(decide("committed", only_before), fate::rolled_back);
    EXPECT_EQ(decide("aborted", only_after), fate::committed);
}

TEST(apply_fate, one_that_is_still_at_it_may_end_either_way)
{
    EXPECT_EQ(decide("in progress", only_before), fate::unknown);
    EXPECT_EQ(decide("in progress", both), fate::unknown);
    EXPECT_EQ(decide(std::nullopt, std::nullopt), fate::unknown);
}

} // namespace

} // namespace pgratchet::apply
