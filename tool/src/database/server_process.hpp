// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "database/child_process.hpp"
#include "database/server_folder.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace pgratchet::database {

/// How long anything may take that a server does: to start, to recover, to end.
constexpr std::chrono::seconds server_patience{60};

/// The server process of a cluster, as its postmaster.pid tells (PostgreSQL source, pidfile.h) and /proc confirms.
struct running_server {
    int pid = 0;
    std::filesystem::path socket_folder;
    int port = 0;
    bool ready = false; ///< it says that it takes connections

    [[nodiscard]] std::filesystem::path socket() const { return socket_folder / (".s.PGSQL." + std::to_string(port)); }
};

/// The server that runs on the cluster. A pid file left by a crash, whose number is another program's by now, is none.
[[nodiscard]] std::optional<running_server> find_server(server_folder const&);

/// True if it takes connections now.
[[nodiscard]] bool answers(running_server const&);

/// A libpq connection string for one of its databases.
[[nodiscard]] std::string conninfo_for(running_server const&, std::string const& database);

/// Ends the server, by force if it does not end otherwise; also removes its socket's folder. Throws
/// configuration_error if it is still there after all that.
void stop_server(server_folder const&, running_server const&);

/// Removes the pid file that a server left behind which is no more, and its socket's folder. If the file's number
/// is a living process's by now, it would keep a new server from starting.
void remove_stale_pid_file(server_folder const&);

/// Removes the folder of a socket, if it is one of ours.
void remove_socket_folder(server_folder const&, std::filesystem::path const& socket_folder);

/// A program to run as the server's user in the home, with next to nothing of our environment. Give it paths relative
/// to the home: pg_ctl builds a shell command, in which `$` and quotes would count.
[[nodiscard]] command in_home(server_folder const&, std::vector<std::string> arguments);

/// Between two looks at a server.
void wait_a_moment();

/// A value in quotes, as libpq's connection strings and postgresql.conf both take it.
[[nodiscard]] std::string quoted(std::string const& value);

} // namespace pgratchet::database
