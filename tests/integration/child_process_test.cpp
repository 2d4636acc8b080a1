// SPDX-License-Identifier: Apache-2.0
#include "database/child_process.hpp"
#include "errors.hpp"

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <memory>
#include <pwd.h>
#include <string>
#include <thread>
#include <unistd.h>

namespace {

using pgratchet::configuration_error;
using pgratchet::database::child;
using pgratchet::database::command;
using pgratchet::database::outcome;
using pgratchet::database::run;

outcome shell(std::string const& script)
{
    command what;
    what.arguments = {"sh", "-c", script};
    return run(what);
}

TEST(child_process, gives_status_and_both_outputs)
{
    auto const result = shell("echo out; echo err >&2; exit 7");
    EXPECT_EQ(result.exit_status, 7);
    EXPECT_EQ(result.output, "out\nerr\n");
}

TEST(child_process, a_signal_counts_from_128)
{
    EXPECT_EQ(shell("kill -TERM $$").exit_status, 128 + SIGTERM);
}

TEST(child_process, arguments_pass_through_no_shell)
{
    command what;
    what.arguments = {"printf", "%s|%s", "a b $HOME `x`", "ü'\""};
    EXPECT_EQ(run(what).output, "a b $HOME `x`|ü'\"");
}

TEST(child_process, environment_is_set_and_unset)
{
    setenv("RATCHET_KEPT", "kept", 1);
    setenv("RATCHET_GONE", "gone", 1);
    setenv("RATCHET_OVER", "old", 1);
    command what;
    what.arguments = {"sh", "-c", "echo ${RATCHET_KEPT-no} ${RATCHET_GONE-no} ${RATCHET_OVER-no}"};
    what.environment = {{"RATCHET_OVER", "new"}};
    what.unset = {"RATCHET_GONE"};
    EXPECT_EQ(run(what).output, "kept no new\n");
}

TEST(child_process, a_program_that_is_not_there_is_an_error)
{
    command what;
    what.arguments = {"no-such-program-here"};
    EXPECT_THROW(std::ignore = run(what), configuration_error);
    what.arguments = {"/no/such/program"};
    EXPECT_THROW(std::ignore = run(what), configuration_error);
    what.arguments = {"true"};
    what.working_directory = "/no/such/folder";
    EXPECT_THROW(std::ignore = run(what), configuration_error);
    what.arguments = {};
    EXPECT_THROW(std::ignore = run(what), configuration_error);
}

TEST(child_process, works_in_the_folder_given)
{
    command what;
    what.arguments = {"pwd"};
    what.working_directory = "/usr";
    EXPECT_EQ(run(what).output, "/usr\n");
}

TEST(child_process, inherits_no_descriptor)
{
    auto const leaky = open("/dev/null", O_RDONLY); // without O_CLOEXEC
    ASSERT_GT(leaky, 2);
    auto const result = shell("test -e /proc/self/fd/" + std::to_string(leaky) + " && echo open || echo closed");
    close(leaky);
    EXPECT_EQ(result.output, "closed\n");
}

TEST(child_process, does_not_wait_for_a_grandchild_that_holds_the_output)
{
    auto const begin = std::chrono::steady_clock::now();
    auto const result = shell("sleep 20 & echo $!");
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds{10});
    kill(std::atoi(result.output.c_str()), SIGKILL);
}

TEST(child_process, blocked_signals_are_not_inherited)
{
    sigset_t blocked;
    sigset_t before;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &blocked, &before);
    auto const result = shell("kill -TERM $$; echo survived");
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    EXPECT_EQ(result.output, "");
    EXPECT_EQ(result.exit_status, 128 + SIGTERM);
}

TEST(child_process, large_output_is_complete)
{
    EXPECT_EQ(shell("head -c 3000000 /dev/zero").output.size(), 3000000U);
}

TEST(child_process, root_becomes_another_user_for_good)
{
    if (geteuid() != 0) {
        GTEST_SKIP() << "only root can";
    }
    command what;
    what.arguments = {"sh", "-c", "id -un; id -G; grep -E '^[UG]id:' /proc/self/status"};
    what.run_as = "nobody";
    auto const output = run(what).output;
    EXPECT_TRUE(output.starts_with("nobody\n")) << output;
    EXPECT_EQ(output.find("\t0"), std::string::npos) << output;
    what.run_as = "no_such_user_here";
    EXPECT_THROW(std::ignore = run(what), configuration_error);
}

command script(std::string const& text)
{
    command what;
    what.arguments = {"sh", "-c", text};
    return what;
}

bool is_running(pid_t pid)
{
    std::ifstream in{"/proc/" + std::to_string(pid) + "/stat"};
    std::string text{std::istreambuf_iterator<char>{in}, {}};
    return !text.empty() && text.find(") Z ") == std::string::npos;
}

TEST(child_process, a_child_is_waited_for_and_its_output_kept)
{
    child running{script("echo early; sleep 0.3; echo late >&2; exit 7")};
    EXPECT_FALSE(running.wait(std::chrono::milliseconds{1}));
    auto const ended = running.wait(std::chrono::seconds{20});
    ASSERT_TRUE(ended);
    EXPECT_EQ(ended->exit_status, 7);
    EXPECT_EQ(ended->output, "early\nlate\n");
}

TEST(child_process, a_child_ends_with_what_holds_it)
{
    pid_t pid = 0;
    {
        child const running{script("exec sleep 100")};
        pid = running.pid();
        EXPECT_TRUE(is_running(pid));
    }
    EXPECT_FALSE(is_running(pid));
}

TEST(child_process, a_child_ends_with_the_thread_that_started_it)
{
    std::unique_ptr<child> running;
    std::thread{[&] {
        running = std::make_unique<child>(script("exec sleep 100"));
    }}.join();
    auto const ended = running->wait(std::chrono::seconds{20});
    ASSERT_TRUE(ended);
    EXPECT_EQ(ended->exit_status, 128 + SIGTERM);
}

TEST(child_process, a_file_given_becomes_stdin)
{
    std::array<int, 2> ends{};
    ASSERT_EQ(pipe(ends.data()), 0);
    ASSERT_EQ(write(ends[1], "given\n", 6), 6);
    close(ends[1]);
    auto what = script("cat");
    what.input = ends[0];
    EXPECT_EQ(run(what).output, "given\n");
    close(ends[0]);
}

TEST(child_process, a_child_that_cannot_start_is_an_error)
{
    command what;
    what.arguments = {"/no/such/program"};
    EXPECT_THROW(child{what}, configuration_error);
}

} // namespace
