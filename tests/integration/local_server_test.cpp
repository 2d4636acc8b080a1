// SPDX-License-Identifier: Apache-2.0
#include "local_server_support.hpp"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <string>
#include <thread>

namespace {

namespace fs = std::filesystem;
using namespace pgratchet::test;
using condition = local_server::condition;
using namespace std::chrono_literals;

TEST(local_server, is_made_started_and_stopped)
{
    scratch_folder folder;
    auto const place = folder.path() / "server";
    EXPECT_EQ(local_server::inspect(place), condition::absent);
    auto pid = 0;
    fs::path socket;
    {
        local_server server{in(place)};
        EXPECT_EQ(local_server::inspect(place), condition::running);
        EXPECT_EQ(ask(server, "SHOW server_encoding"), "UTF8");
        EXPECT_EQ(ask(server, "SHOW fsync"), "off");
        EXPECT_EQ(ask(server, "SHOW listen_addresses"), "");
        EXPECT_EQ(ask(server, "SHOW lc_collate"), "C");
        ask(server, "CREATE TABLE kept ()");
        pid = server_pid(place);
        socket = socket_folder(server);
        EXPECT_EQ(fs::status(socket).permissions(), fs::perms::owner_all);
        EXPECT_TRUE(runs(pid));
    }
    EXPECT_FALSE(runs(pid));
    EXPECT_FALSE(fs::exists(socket));
    EXPECT_EQ(local_server::inspect(place), condition::stopped);
    local_server again{in(place)};
    EXPECT_EQ(ask(again, "SELECT count(*) FROM kept"), "0");
}

TEST(local_server, the_last_of_several_users_stops_it)
{
    scratch_folder folder;
    local_server first{in(folder.path())};
    auto const pid = server_pid(folder.path());
    {
        local_server second{in(folder.path())};
        EXPECT_EQ(started_at(second), started_at(first));
    }
    EXPECT_TRUE(runs(pid));
    other_user third{in(folder.path())};
    EXPECT_EQ(third.answer(), started_at(first));
    {
        auto const moved = std::move(first);
    }
    EXPECT_TRUE(runs(pid));
    third.go();
    EXPECT_FALSE(runs(pid));
}

TEST(local_server, is_kept_running_until_stop)
{
    scratch_folder folder;
    {
        local_server{in(folder.path())}.keep_running();
    }
    EXPECT_EQ(local_server::inspect(folder.path()), condition::running);
    {
        local_server again{in(folder.path())};
    }
    EXPECT_EQ(local_server::inspect(folder.path()), condition::running);
    local_server::stop(folder.path());
    EXPECT_EQ(local_server::inspect(folder.path()), condition::stopped);
    {
        local_server again{in(folder.path())};
    }
    EXPECT_EQ(local_server::inspect(folder.path()), condition::stopped) << "the wish to keep it ended with stop";
    local_server::stop(folder.path());
    local_server::stop(folder.path() / "nothing here");
}

TEST(local_server, stop_waits_for_other_users)
{
    scratch_folder folder;
    other_user user{in(folder.path())};
    ASSERT_FALSE(user.answer().empty());
    std::thread leaving{[&user] {
        std::this_thread::sleep_for(1s);
        user.go();
    }};
    auto const begin = std::chrono::steady_clock::now();
    local_server::stop(folder.path());
    EXPECT_GE(std::chrono::steady_clock::now() - begin, 900ms);
    leaving.join();
    EXPECT_EQ(local_server::inspect(folder.path()), condition::stopped);
}

TEST(local_server, two_that_start_it_at_once_share_one)
{
    scratch_folder folder;
    other_user a{in(folder.path())};
    other_user b{in(folder.path())};
    other_user c{in(folder.path())};
    auto const start = a.answer();
    EXPECT_TRUE(start.starts_with("20")) << start;
    EXPECT_EQ(b.answer(), start);
    EXPECT_EQ(c.answer(), start);
}

TEST(local_server, long_and_strange_paths_work)
{
    scratch_folder folder;
    auto const place = folder.path() / std::string(120, 'l') / "ein Pfad mit Blank, ümläüt, 漢字, $HOME `x` \"y\" 'z'";
    local_server server{in(place)};
    EXPECT_EQ(ask(server, "SELECT 1"), "1");
    session connection{server.conninfo("postgres"), "test"};
    connection.execute("CREATE DATABASE \"it's a \\ db\"");
    session other{server.conninfo("it's a \\ db"), "test"};
    EXPECT_EQ(other.execute("SELECT current_database()").at(0).at(0), "it's a \\ db");
}

TEST(local_server, a_long_or_strange_tmpdir_works)
{
    scratch_folder folder;
    for (auto const& name : {std::string(100, 't'), std::string{"a, b 'c' ü"}, std::string{"a\"b"}}) {
        fs::create_directories(folder.path() / name);
        setenv("TMPDIR", (folder.path() / name).c_str(), 1);
        local_server server{in(folder.path() / "server", true)};
        EXPECT_EQ(ask(server, "SELECT 1"), "1");
        unsetenv("TMPDIR");
    }
}

TEST(local_server, variables_of_libpq_and_secrets_do_not_reach_the_server)
{
    scratch_folder folder;
    setenv("PGDATA", "/nowhere", 1);
    setenv("PGPORT", "1", 1);
    setenv("RATCHET_SECRET", "geheim", 1);
    {
        local_server server{in(folder.path())};
        auto const pid = std::to_string(server_pid(folder.path()));
        std::ifstream file{"/proc/" + pid + "/environ"};
        std::string const all{std::istreambuf_iterator<char>{file}, {}};
        EXPECT_NE(all.find("PATH="), std::string::npos);
        EXPECT_EQ(all.find("geheim"), std::string::npos);
        EXPECT_EQ(all.find("PGPORT"), std::string::npos);
    }
    unsetenv("PGDATA");
    unsetenv("PGPORT");
    unsetenv("RATCHET_SECRET");
}

TEST(local_server, no_server_programs_in_the_folder_given)
{
    scratch_folder folder;
    expect_refused({folder.path() / "server", folder.path(), false}, "no PostgreSQL server programs");
}

/// Not even a shadow, which may throw away what it finds.
TEST(local_server, a_folder_of_somebody_else_is_refused_and_left_alone)
{
    for (auto const* const name : {"PG_VERSION", "notes.txt", "data/PG_VERSION", "data.csv"}) {
        scratch_folder folder;
        auto const file = folder.path() / name;
        fs::create_directories(file.parent_path());
        std::ofstream{file} << "15\n";
        auto const* const words = name == std::string{"PG_VERSION"} ? "is the data directory" : "is not empty";
        expect_refused(in(folder.path()), words);
        expect_refused(in(folder.path(), true), words);
        EXPECT_TRUE(fs::exists(file));
        EXPECT_EQ(std::distance(fs::directory_iterator{folder.path()}, fs::directory_iterator{}), 1);
    }
}

TEST(local_server, root_below_a_closed_folder)
{
    if (geteuid() != 0) {
        GTEST_SKIP() << "only root meets this";
    }
    scratch_folder folder{0700};
    auto const place = folder.path() / "server";
    {
        local_server server{in(place)};
        ask(server, "CREATE TABLE kept ()");
        EXPECT_TRUE(fs::is_symlink(place / "data"));
        EXPECT_TRUE(fs::exists(place / "server.log"));
        EXPECT_EQ(local_server::inspect(place), condition::running);
    }
    auto const home = fs::read_symlink(place / "data").parent_path();
    {
        local_server server{in(place)};
        EXPECT_EQ(ask(server, "SELECT count(*) FROM kept"), "0");
    }
    // data_dir is gone, what was elsewhere is not: a new one is empty.
    fs::remove_all(place);
    {
        local_server server{in(place)};
        EXPECT_EQ(ask(server, "SELECT to_regclass('kept')"), "NULL");
    }
    fs::copy(place, folder.path() / "copy", fs::copy_options::recursive | fs::copy_options::copy_symlinks);
    expect_refused(in(folder.path() / "copy"), "another folder");
    fs::permissions(home, fs::perms::all);
    expect_refused(in(place), "not trusted");
    fs::permissions(home, fs::perms::owner_all);
}

} // namespace
