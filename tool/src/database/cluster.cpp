// SPDX-License-Identifier: Apache-2.0
#include "database/cluster.hpp"

#include "database/child_process.hpp"
#include "errors.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <libpq-fe.h>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace pgratchet::database {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

namespace {

std::string end_of(std::string const& text)
{
    constexpr std::size_t longest = 2000;
    return text.size() <= longest ? text : "..." + text.substr(text.size() - longest);
}

std::string end_of_log(server_folder const& folder)
{
    std::ifstream log{folder.log(), std::ios::binary};
    return end_of({std::istreambuf_iterator<char>{log}, {}});
}

/// Opens a file that the server's user owns. In his folder a name may lead anywhere, so links are not followed.
int open_for(server_folder const& folder, fs::path const& file, int flags)
{
    auto const fd = open(file.c_str(), flags | O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    struct stat found {};
    auto const fit = fd >= 0 && fstat(fd, &found) == 0 && S_ISREG(found.st_mode) && found.st_nlink == 1;
    if (!fit || (folder.user.run_as && fchown(fd, folder.user.uid, folder.user.gid) != 0)) {
        auto const error = fd < 0 ? errno : EPERM;
        if (fd >= 0) {
            close(fd);
        }
        throw configuration_error{"cannot write " + file.string() + ": " + std::strerror(error)};
    }
    return fd;
}

void prepare_log(server_folder const& folder)
{
    constexpr off_t largest = 4 << 20;
    auto const fd = open_for(folder, folder.log(), O_APPEND);
    struct stat found {};
    if (fstat(fd, &found) == 0 && found.st_size > largest) {
        std::ignore = ftruncate(fd, 0);
    }
    close(fd);
}

/// Settings of a private server that may lose everything in a crash of the machine, and is quick for it.
void write_settings(server_folder const& folder, fs::path const& socket_folder, bool throwaway)
{
    std::string text = "# written at each start\n"
                       "listen_addresses = ''\n"
                       "port = 5432\n"
                       "unix_socket_permissions = 0700\n"
                       "fsync = off\n"
                       "full_page_writes = off\n"
                       "max_connections = 60\n"
                       "logging_collector = off\n"
                       "log_destination = 'stderr'\n";
    text += "unix_socket_directories = " + quoted('"' + socket_folder.string() + '"') + "\n";
    if (throwaway) {
        text += "synchronous_commit = off\n" // elsewhere a commit should survive the end of the server
                "autovacuum = off\n"
                "max_locks_per_transaction = 512\n"
                "max_logical_replication_workers = 0\n" // a subscription here must not use up another's slot
                "jit = off\n";
    }
    auto const file = folder.cluster() / "pgratchet.conf";
    auto const fresh = folder.cluster() / "pgratchet.conf.new";
    std::error_code error;
    fs::remove(fresh, error);
    auto const fd = open_for(folder, fresh, O_EXCL);
    auto const written = write(fd, text.data(), text.size());
    close(fd);
    fs::rename(fresh, file, error);
    if (written != static_cast<ssize_t>(text.size()) || error) {
        throw configuration_error{"cannot write " + file.string()};
    }
}

void remove_leftovers(server_folder const& folder)
{
    std::error_code error;
    for (auto const& entry : fs::directory_iterator{folder.home, error}) {
        if (entry.path().filename().native().starts_with("data.")) {
            fs::remove_all(entry.path(), error);
        }
    }
}

/// The folders that the cluster's tablespaces have elsewhere, or a new cluster could not make them again. As the
/// server's user, who alone may have made them.
void remove_tablespaces(server_folder const& folder, int major)
{
    auto const own = "PG_" + std::to_string(major) + "_";
    std::error_code error;
    for (auto const& link : fs::directory_iterator{folder.cluster() / "pg_tblspc", error}) {
        auto const place = fs::read_symlink(link.path(), error);
        for (auto const& entry : fs::directory_iterator{place, error}) {
            if (entry.path().filename().native().starts_with(own)) {
                std::ignore = run(in_home(folder, {"rm", "-rf", "--", entry.path().string()}));
            }
        }
    }
}

} // namespace

std::optional<int> cluster_version(server_folder const& folder)
{
    std::error_code error;
    std::ifstream file{folder.cluster() / "PG_VERSION"};
    auto version = 0;
    if (!(file >> version) || !fs::exists(folder.cluster() / "global" / "pg_control", error)) {
        return std::nullopt;
    }
    return version;
}

void make_cluster(server_folder const& folder, server_programs const& programs)
{
    remove_leftovers(folder);
    auto const name = "data." + std::to_string(getpid());
    auto const fresh = folder.home / name;
    if (mkdir(fresh.c_str(), 0700) != 0) {
        throw configuration_error{"cannot make " + fresh.string() + ": " + std::strerror(errno)};
    }
    give_to(folder.user, fresh);
    auto const made = run(in_home(folder, {(programs.bindir / "initdb").string(), "--pgdata=" + name, "--encoding=UTF8",
                                           "--no-locale", "--username=postgres", "--auth=trust", "--no-sync"}));
    std::error_code error;
    if (made.exit_status != 0) {
        fs::remove_all(fresh, error);
        throw configuration_error{"initdb failed: " + end_of(made.output)};
    }
    {
        std::ofstream settings{fresh / "postgresql.conf", std::ios::app};
        settings << "include 'pgratchet.conf'\n";
    }
    fs::rename(fresh, folder.cluster(), error);
    if (!error && folder.home != folder.data_dir) {
        fs::remove(folder.data_dir / "data", error);
        fs::create_symlink(folder.cluster(), folder.data_dir / "data", error);
    }
    if (error) {
        throw configuration_error{"cannot make " + (folder.data_dir / "data").string() + ": " + error.message()};
    }
}

void remove_cluster(server_folder const& folder)
{
    if (auto const server = find_server(folder)) {
        stop_server(folder, *server);
    }
    if (auto const major = cluster_version(folder)) {
        remove_tablespaces(folder, *major);
    }
    auto const away = folder.home / ("data." + std::to_string(getpid()));
    std::error_code error;
    fs::rename(folder.cluster(), away, error); // so that it is never half a cluster
    fs::remove_all(away, error);
    if (fs::exists(folder.cluster())) {
        throw configuration_error{"cannot remove " + folder.cluster().string()};
    }
}

running_server start_server(server_folder const& folder, server_programs const& programs, bool throwaway)
{
    auto const deadline = steady_clock::now() + server_patience;
    std::string complaint;
    while (steady_clock::now() < deadline) {
        if (auto const server = find_server(folder)) {
            if (answers(*server)) {
                return *server;
            }
            std::error_code error;
            if (server->ready && !fs::exists(server->socket(), error)) {
                stop_server(folder, *server); // its socket was swept away: nobody can reach it
            }
            wait_a_moment();
            continue;
        }
        remove_stale_pid_file(folder);
        prepare_log(folder);
        auto const socket_folder = make_socket_folder(folder.user);
        write_settings(folder, socket_folder, throwaway);
        auto const started =
            run(in_home(folder, {(programs.bindir / "pg_ctl").string(), "start", "--pgdata=data", "--log=server.log",
                                 "--wait", "--timeout=" + std::to_string(server_patience.count()), "--silent"}));
        complaint = end_of_log(folder);
        if (started.exit_status != 0 && !find_server(folder)) {
            remove_socket_folder(folder, socket_folder);
            // The children of a server that was killed hold its memory for a moment longer.
            if (complaint.rfind("shared memory block") == std::string::npos) {
                throw configuration_error{"the local server does not start: " + end_of(started.output) + complaint,
                                          "the whole log is in " + folder.log().string()};
            }
            wait_a_moment();
        }
    }
    throw configuration_error{"the local server did not get ready within " + std::to_string(server_patience.count()) +
                                  " seconds: " + end_of_log(folder),
                              "the whole log is in " + folder.log().string()};
}

} // namespace pgratchet::database
