// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "database/local_server.hpp"
#include "database/session.hpp"
#include "errors.hpp"
#include "scratch_folder.hpp"

#include <array>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace pgratchet::test {

using database::local_server;
using database::session;

inline std::string ask(local_server const& server, std::string const& sql)
{
    session connection{server.conninfo("postgres"), "test"};
    auto const answer = connection.execute(sql);
    return answer.empty() ? "" : answer.at(0).at(0).value_or("NULL");
}

inline std::string started_at(local_server const& server)
{
    return ask(server, "SELECT pg_postmaster_start_time()");
}

inline int server_pid(std::filesystem::path const& data_dir)
{
    std::ifstream file{data_dir / "data" / "postmaster.pid"};
    auto pid = 0;
    file >> pid;
    return pid;
}

inline std::filesystem::path socket_folder(local_server const& server)
{
    return ask(server, "SELECT trim(both '\"' from current_setting('unix_socket_directories'))");
}

inline bool runs(int pid)
{
    std::ifstream file{"/proc/" + std::to_string(pid) + "/stat"};
    std::string number;
    std::string name;
    std::string state;
    return file >> number >> name >> state && state != "Z";
}

inline void wait_until_gone(int pid)
{
    for (auto i = 0; i < 500 && runs(pid); ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
}

/// Another process that holds a local server until it is told to go, or killed.
class other_user {
public:
    explicit other_user(local_server::options const& options)
    {
        std::array<int, 2> up{};
        std::array<int, 2> down{};
        if (pipe(up.data()) != 0 || pipe(down.data()) != 0) {
            ADD_FAILURE() << "cannot make a pipe";
        }
        m_pid = fork();
        if (m_pid == 0) {
            close(up[0]);
            close(down[1]);
            try {
                local_server server{options};
                auto const said = started_at(server) + "\n";
                std::ignore = write(up[1], said.data(), said.size());
                char c = 0;
                std::ignore = read(down[0], &c, 1);
            } catch (std::exception const& e) {
                auto const said = std::string{"failed: "} + e.what() + "\n";
                std::ignore = write(up[1], said.data(), said.size());
            }
            _exit(0);
        }
        close(up[1]);
        close(down[0]);
        m_from = up[0];
        m_to = down[1];
    }
    ~other_user() { go(); }
    other_user(other_user const&) = delete;
    other_user& operator=(other_user const&) = delete;

    /// The server's start time, once it is up.
    [[nodiscard]] std::string answer()
    {
        std::string line;
        for (char c = 0; read(m_from, &c, 1) == 1 && c != '\n';) {
            line += c;
        }
        return line;
    }

    void go() { end(0); }
    void be_killed() { end(SIGKILL); }

private:
    void end(int signal)
    {
        if (m_pid > 0) {
            if (signal != 0) {
                kill(m_pid, signal);
            }
            close(m_to);
            close(m_from);
            waitpid(m_pid, nullptr, 0);
            m_pid = -1;
        }
    }

    pid_t m_pid = -1;
    int m_from = -1;
    int m_to = -1;
};

inline local_server::options in(std::filesystem::path const& folder, bool disposable = false)
{
    return {folder, std::nullopt, disposable};
}

inline void expect_refused(local_server::options const& options, std::string const& part)
{
    try {
        local_server server{options};
        ADD_FAILURE() << "not refused";
    } catch (configuration_error const& e) {
        EXPECT_NE(std::string{e.what()}.find(part), std::string::npos) << e.what();
        EXPECT_TRUE(e.hint().has_value());
    }
}

} // namespace pgratchet::test
