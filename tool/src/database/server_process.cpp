// SPDX-License-Identifier: Apache-2.0
#include "database/server_process.hpp"

#include "errors.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <libpq-fe.h>
#include <string_view>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <vector>

namespace pgratchet::database {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

namespace {

/// The server and its makers get no more of our environment than they need: PG* variables would misdirect them, and
/// secrets have no business in a process that lives on.
std::vector<std::string> unwanted_variables()
{
    static constexpr std::array<std::string_view, 6> wanted{"PATH", "HOME", "TZ", "USER", "LOGNAME", "LD_LIBRARY_PATH"};
    std::vector<std::string> names;
    for (auto* const* variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
        auto const text = std::string_view{*variable};
        auto const name = text.substr(0, text.find('='));
        if (std::ranges::find(wanted, name) == wanted.end()) {
            names.emplace_back(name);
        }
    }
    return names;
}

/// A postmaster works in its cluster's folder. A process of that number alone may be anybody's.
bool belongs_to(server_folder const& folder, int pid)
{
    std::error_code error;
    auto const link = "/proc/" + std::to_string(pid) + "/cwd";
    auto where = fs::read_symlink(link, error);
    if (error == std::errc::permission_denied && folder.user.run_as) {
        // Root in a container may not look into others' processes, but they may do so themselves.
        auto const answer = run(in_home(folder, {"readlink", "-n", link}));
        where = answer.exit_status == 0 ? answer.output : std::string{};
    } else if (error && !fs::exists("/proc/self", error)) {
        return kill(pid, 0) == 0 || errno == EPERM; // nothing better is known in a bare chroot
    }
    return !where.empty() && where == fs::canonical(folder.cluster(), error);
}

std::vector<std::string> pid_file_lines(server_folder const& folder)
{
    std::ifstream file{folder.cluster() / "postmaster.pid"};
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) {
        lines.push_back(line);
    }
    return lines;
}

/// Not by kill(pid, 0): in a container whose first process reaps nobody, a zombie stays.
bool signal_and_wait(server_folder const& folder, running_server const& server, int signal,
                     std::chrono::seconds patience)
{
    auto const deadline = steady_clock::now() + patience;
    if (kill(server.pid, signal) != 0) {
        return errno == ESRCH;
    }
    while (belongs_to(folder, server.pid)) {
        if (steady_clock::now() > deadline) {
            return false;
        }
        wait_a_moment();
    }
    return true;
}

} // namespace

std::string quoted(std::string const& value)
{
    auto text = std::string{"'"};
    for (auto const c : value) {
        if (c == '\'' || c == '\\') {
            text += '\\';
        }
        text += c;
    }
    return text + "'";
}

command in_home(server_folder const& folder, std::vector<std::string> arguments)
{
    return {std::move(arguments), {}, unwanted_variables(), folder.user.run_as, folder.home};
}

std::optional<running_server> find_server(server_folder const& folder)
{
    auto const lines = pid_file_lines(folder);
    if (lines.empty()) {
        return std::nullopt;
    }
    running_server server;
    server.pid = std::atoi(lines[0].c_str());
    if (lines.size() > 4) { // one that has just begun has not written them yet
        server.port = std::atoi(lines[3].c_str());
        server.socket_folder = lines[4];
    }
    server.ready = lines.size() > 7 && lines[7].starts_with("ready");
    if (server.pid <= 1 || !belongs_to(folder, server.pid)) {
        return std::nullopt;
    }
    return server;
}

std::string conninfo_for(running_server const& server, std::string const& database)
{
    return "host=" + quoted(server.socket_folder.string()) + " port=" + std::to_string(server.port) +
           " user=postgres dbname=" + quoted(database);
}

bool answers(running_server const& server)
{
    return server.socket_folder.is_absolute() &&
           PQping((conninfo_for(server, "postgres") + " connect_timeout=5").c_str()) == PQPING_OK;
}

void remove_socket_folder(server_folder const& folder, fs::path const& socket_folder)
{
    if (socket_folder.filename().native().starts_with("pgratchet-") && is_private_folder(socket_folder, folder.user)) {
        std::error_code error;
        fs::remove_all(socket_folder, error);
    }
}

void remove_stale_pid_file(server_folder const& folder)
{
    auto const lines = pid_file_lines(folder);
    if (lines.size() > 4) {
        remove_socket_folder(folder, lines[4]);
    }
    std::error_code error;
    fs::remove(folder.cluster() / "postmaster.pid", error);
}

void wait_a_moment()
{
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
}

void stop_server(server_folder const& folder, running_server const& server)
{
    // SIGINT, SIGQUIT: fast and immediate shutdown (PostgreSQL manual, "Shutting Down the Server"). The last is for
    // one that was stopped, or hangs.
    using std::chrono::seconds;
    if (!signal_and_wait(folder, server, SIGINT, seconds{30}) &&
        !signal_and_wait(folder, server, SIGQUIT, seconds{15}) &&
        !signal_and_wait(folder, server, SIGKILL, seconds{15})) {
        throw configuration_error{"the local server does not end: process " + std::to_string(server.pid),
                                  "the log is in " + folder.log().string()};
    }
    remove_socket_folder(folder, server.socket_folder);
}

} // namespace pgratchet::database
