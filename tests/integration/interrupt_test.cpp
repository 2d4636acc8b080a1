// SPDX-License-Identifier: Apache-2.0
#include "interrupt/build.hpp"
#include "interrupt/interrupt.hpp"
#include "interrupt/watch.hpp"

#include <atomic>
#include <chrono>
#include <csignal>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace pgratchet::interrupt {

namespace {

using namespace std::chrono_literals;

class interrupt_test : public testing::Test {
protected:
    void SetUp() override { forget(); }
    void TearDown() override { forget(); }
};

TEST_F(interrupt_test, it_is_said_once)
{
    EXPECT_NO_THROW(check());
    ask(SIGTERM, "interrupted by SIGTERM");
    EXPECT_TRUE(is_asked());
    try {
        check();
        FAIL();
    } catch (interrupted const& told) {
        EXPECT_EQ(told.code(), exit_code::terminated);
        EXPECT_STREQ(told.with("prod stays at 003").what(), "interrupted by SIGTERM; prod stays at 003");
    }
    EXPECT_FALSE(is_asked());
    EXPECT_NO_THROW(check());
    EXPECT_NO_THROW(sleep_for(1ms));
}

TEST_F(interrupt_test, it_waits_for_what_must_not_be_disturbed)
{
    std::atomic<int> cancelled = 0;
    cancelling const what{[](void* count) noexcept { ++*static_cast<std::atomic<int>*>(count); }, &cancelled};
    {
        held_off const commit;
        ask(SIGINT, "interrupted by SIGINT");
        EXPECT_NO_THROW(check());
        EXPECT_NO_THROW(sleep_for(1ms));
        EXPECT_TRUE(cancel_what_runs());
        EXPECT_EQ(cancelled, 0);
    }
    EXPECT_TRUE(cancel_what_runs());
    EXPECT_EQ(cancelled, 1);
    EXPECT_THROW(check(), interrupted);
    EXPECT_FALSE(cancel_what_runs());
    EXPECT_EQ(cancelled, 1);
}

TEST_F(interrupt_test, a_signal_wakes_a_sleeper_and_cancels_what_runs)
{
    std::atomic<int> cancelled = 0;
    watch const signals{false};
    {
        cancelling const what{[](void* count) noexcept { ++*static_cast<std::atomic<int>*>(count); }, &cancelled};
        ::kill(::getpid(), SIGTERM);
        while (cancelled < 3) { // again and again, until it gives up
            std::this_thread::sleep_for(1ms);
        }
    }
    EXPECT_THROW(sleep_for(1h), interrupted);
    auto const last = cancelled.load();
    std::this_thread::sleep_for(250ms);
    EXPECT_EQ(cancelled, last);
}

TEST_F(interrupt_test, a_build_is_gone_when_its_process_is)
{
    auto const child = ::fork();
    if (child == 0) {
        ::pause();
        ::_exit(0);
    }
    EXPECT_EQ(presence_of({child, "", "0"}), presence::gone) << "one with that number that began at another time";
    for (auto const& one : build_above_us()) {
        EXPECT_EQ(presence_of(one), presence::there) << one.name;
    }
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
}

} // namespace

} // namespace pgratchet::interrupt
