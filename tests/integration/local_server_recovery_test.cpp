// SPDX-License-Identifier: Apache-2.0
#include "local_server_support.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <string>

namespace {

namespace fs = std::filesystem;
using namespace pgratchet::test;
using condition = local_server::condition;

TEST(local_server_recovery, the_server_of_a_killed_user_is_used_again)
{
    scratch_folder folder;
    other_user user{in(folder.path())};
    auto const start = user.answer();
    auto const pid = server_pid(folder.path());
    user.be_killed();
    EXPECT_TRUE(runs(pid));
    {
        local_server next{in(folder.path())};
        EXPECT_EQ(started_at(next), start);
    }
    EXPECT_FALSE(runs(pid));
}

TEST(local_server_recovery, a_killed_server_is_started_again)
{
    scratch_folder folder;
    local_server server{in(folder.path())};
    ask(server, "CREATE TABLE kept ()");
    auto const pid = server_pid(folder.path());
    auto const socket = socket_folder(server);
    kill(pid, SIGKILL);
    wait_until_gone(pid);
    EXPECT_EQ(local_server::inspect(folder.path()), condition::stopped);
    local_server again{in(folder.path())};
    EXPECT_EQ(ask(again, "SELECT count(*) FROM kept"), "0");
    EXPECT_NE(socket_folder(again), socket);
    EXPECT_FALSE(fs::exists(socket)) << "left behind";
}

TEST(local_server_recovery, a_stale_pid_of_another_program_is_no_server)
{
    scratch_folder folder;
    {
        local_server server{in(folder.path())};
        fs::copy_file(folder.path() / "data" / "postmaster.pid", folder.path() / "saved");
    }
    auto const bystander = fork();
    if (bystander == 0) {
        pause();
        _exit(0);
    }
    {
        std::ifstream saved{folder.path() / "saved"};
        std::string text{std::istreambuf_iterator<char>{saved}, {}};
        text.replace(0, text.find('\n'), std::to_string(bystander));
        std::ofstream{folder.path() / "data" / "postmaster.pid"} << text;
    }
    EXPECT_EQ(local_server::inspect(folder.path()), condition::stopped);
    local_server::stop(folder.path());
    {
        local_server server{in(folder.path())};
        EXPECT_EQ(ask(server, "SELECT 1"), "1");
    }
    EXPECT_TRUE(runs(bystander));
    kill(bystander, SIGKILL);
    waitpid(bystander, nullptr, 0);
}

TEST(local_server_recovery, a_server_whose_socket_was_swept_away_is_restarted)
{
    scratch_folder folder;
    local_server server{in(folder.path())};
    fs::remove_all(socket_folder(server));
    {
        auto const gone = std::move(server);
    }
    {
        local_server{in(folder.path())}.keep_running();
    }
    auto const pid = server_pid(folder.path());
    {
        local_server user{in(folder.path())};
        fs::remove_all(socket_folder(user));
    }
    local_server again{in(folder.path())};
    EXPECT_EQ(ask(again, "SELECT 1"), "1");
    EXPECT_FALSE(runs(pid));
    fs::remove(folder.path() / "keep");
}

TEST(local_server_recovery, a_cut_off_initdb_leaves_no_cluster)
{
    scratch_folder folder;
    std::ofstream const ours{folder.path() / "start.lock"};
    fs::create_directories(folder.path() / "data.4711" / "base");
    std::ofstream{folder.path() / "data.4711" / "PG_VERSION"} << "15\n";
    EXPECT_EQ(local_server::inspect(folder.path()), condition::absent);
    local_server server{in(folder.path())};
    EXPECT_EQ(ask(server, "SELECT 1"), "1");
    EXPECT_FALSE(fs::exists(folder.path() / "data.4711"));
}

TEST(local_server_recovery, half_a_cluster_is_refused_or_made_anew)
{
    scratch_folder folder;
    {
        local_server server{in(folder.path())};
    }
    fs::remove(folder.path() / "data" / "PG_VERSION");
    expect_refused(in(folder.path()), "is not complete");
    std::ofstream{folder.path() / "throwaway"} << "yes\n";
    local_server server{in(folder.path(), true)};
    EXPECT_EQ(ask(server, "SHOW autovacuum"), "off");
}

TEST(local_server_recovery, another_major_version_is_refused_or_made_anew)
{
    scratch_folder folder;
    {
        local_server server{in(folder.path())};
        ask(server, "CREATE TABLE old ()");
    }
    std::ofstream{folder.path() / "data" / "PG_VERSION"} << "9\n";
    expect_refused(in(folder.path()), "is of PostgreSQL 9");
    std::ofstream{folder.path() / "throwaway"} << "yes\n";
    local_server server{in(folder.path(), true)};
    EXPECT_EQ(ask(server, "SELECT to_regclass('old')"), "NULL");
    std::ofstream{folder.path() / "data" / "PG_VERSION"} << "9\n";
    expect_refused(in(folder.path(), true), "is of PostgreSQL 9");
    EXPECT_EQ(ask(server, "SELECT 1"), "1") << "it is in use, so it must stay";
}

TEST(local_server_recovery, a_start_that_fails_shows_the_log)
{
    scratch_folder folder;
    {
        local_server server{in(folder.path())};
    }
    std::ofstream{folder.path() / "data" / "postgresql.auto.conf"} << "no_such_setting = 1\n";
    expect_refused(in(folder.path()), "no_such_setting");
    std::ofstream{folder.path() / "throwaway"} << "yes\n";
    local_server server{in(folder.path(), true)}; // a shadow's is made anew
    EXPECT_EQ(ask(server, "SELECT 1"), "1");
}

TEST(local_server_recovery, a_shadow_is_never_made_of_what_is_none)
{
    scratch_folder folder;
    {
        local_server server{in(folder.path())};
        ask(server, "CREATE TABLE kept ()");
    }
    EXPECT_FALSE(local_server::is_throwaway(folder.path()));
    expect_refused(in(folder.path(), true), "is no throwaway one");
    local_server server{in(folder.path())};
    EXPECT_EQ(ask(server, "SELECT to_regclass('kept')"), "kept");
}

TEST(local_server_recovery, a_shadow_that_is_kept_running_is_one)
{
    scratch_folder folder;
    {
        local_server server{in(folder.path(), true)};
        EXPECT_TRUE(local_server::is_throwaway(folder.path()));
    }
    local_server server{in(folder.path())};
    EXPECT_EQ(ask(server, "SHOW max_logical_replication_workers"), "0");
}

TEST(local_server_recovery, a_shadow_is_made_anew_if_nobody_else_uses_it)
{
    scratch_folder folder;
    local_server server{in(folder.path(), true)};
    ask(server, "CREATE TABLE old ()");
    {
        local_server other{in(folder.path(), true)};
        EXPECT_FALSE(server.make_anew_if_alone());
        EXPECT_EQ(ask(server, "SELECT to_regclass('old')"), "old");
        server.make_anew();
        EXPECT_EQ(ask(server, "SELECT to_regclass('old')"), "NULL");
        ask(server, "CREATE TABLE old ()");
    }
    EXPECT_TRUE(server.make_anew_if_alone());
    EXPECT_EQ(ask(server, "SELECT to_regclass('old')"), "NULL");
}

} // namespace
