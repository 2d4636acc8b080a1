// SPDX-License-Identifier: Apache-2.0
#include "database/local_server.hpp"

#include "database/cluster.hpp"
#include "database/server_folder.hpp"
#include "database/server_programs.hpp"
#include "errors.hpp"
#include "interrupt/interrupt.hpp"

#include <chrono>
#include <fstream>
#include <tuple>
#include <utility>

namespace pgratchet::database {

namespace fs = std::filesystem;

namespace {

constexpr std::chrono::seconds use_patience{30};

/// Starting and stopping happen under `start.lock`; who uses the server holds `users.lock` shared.
file_lock start_lock(server_folder const& folder)
{
    return {folder.data_dir / "start.lock", folder};
}
file_lock users_lock(server_folder const& folder)
{
    return {folder.data_dir / "users.lock", folder};
}

/// Of what stands in a folder of ours, only the link to the log may be there before start.lock.
void require_ours(server_folder const& folder)
{
    constexpr auto* hint = "a local server keeps its files in a folder of its own: name an empty one, or a new one";
    auto const& where = folder.data_dir;
    std::error_code error;
    if (fs::exists(where / "PG_VERSION", error)) {
        throw configuration_error{where.string() + " is the data directory of a PostgreSQL server", hint};
    }
    for (auto const& entry : fs::directory_iterator{where, error}) {
        auto const name = entry.path().filename();
        if (name != folder.log().filename() && !fs::exists(where / "start.lock", error)) {
            throw configuration_error{
                where.string() + " is not empty, and is no folder of a local server: it holds " + name.string(), hint};
        }
    }
}

void require(bool locked, server_folder const& folder)
{
    if (!locked) {
        throw lock_unavailable{"another program has been starting or stopping the local server in " +
                                   folder.data_dir.string() + " for " + std::to_string(server_patience.count()) +
                                   " seconds",
                               "see what holds " + (folder.data_dir / "start.lock").string()};
    }
}

void make_marker(fs::path const& marker)
{
    if (!std::ofstream{marker}) {
        throw configuration_error{"cannot write " + marker.string()};
    }
}

/// What data_dir has no link to is left of a data_dir that was removed: nobody's any more.
bool is_orphaned(server_folder const& folder)
{
    std::error_code error;
    return folder.home != folder.data_dir && !fs::is_symlink(folder.data_dir / "data", error);
}

/// Under start.lock. Marks the folder of a shadow, and refuses to make one of a folder that holds somebody's work.
bool is_to_be_thrown_away(server_folder const& folder, bool wanted)
{
    std::error_code error;
    auto const is_marked = fs::exists(folder.throwaway_marker(), error);
    if (is_marked || !wanted) {
        return is_marked;
    }
    if (fs::exists(fs::symlink_status(folder.cluster(), error)) && !is_orphaned(folder)) {
        throw configuration_error{"the local cluster in " + folder.data_dir.string() + " is no throwaway one",
                                  "a shadow needs a folder of its own: --data-dir DIR; or remove the folder, if nobody "
                                  "needs what is in it"};
    }
    make_marker(folder.throwaway_marker());
    return true;
}

/// Makes way for a cluster that these programs can run. Under both locks, users.lock exclusive if nobody uses it.
void discard_unfit_cluster(server_folder const& folder, int major, bool throwaway, bool in_use)
{
    std::error_code error;
    auto const orphaned = is_orphaned(folder);
    auto const version = cluster_version(folder);
    if (!fs::exists(fs::symlink_status(folder.cluster(), error)) || (version == major && !orphaned)) {
        return;
    }
    auto const what = version ? "is of PostgreSQL " + std::to_string(*version) + ", and the programs found are of " +
                                    std::to_string(major)
                              : std::string{"is not complete"};
    if (in_use) {
        throw configuration_error{"the local cluster in " + folder.data_dir.string() + " " + what,
                                  "it is in use now; try again when that has ended"};
    }
    if (!throwaway && !orphaned) {
        throw configuration_error{"the local cluster in " + folder.data_dir.string() + " " + what,
                                  "remove the folder to start with an empty one, or give another one" +
                                      std::string{version ? ", or use the programs of its version" : ""}};
    }
    remove_cluster(folder);
}

} // namespace

class local_server::implementation {
public:
    explicit implementation(options const& wanted)
        : m_folder{prepared_folder(wanted)}, m_start{start_lock(m_folder)}, m_users{users_lock(m_folder)},
          m_programs{find_server_programs(wanted.bindir)}
    {
        require(m_start.lock(file_lock::mode::exclusive, server_patience), m_folder);
        m_throwaway = is_to_be_thrown_away(m_folder, wanted.throwaway);
        auto const alone = become_user();
        discard_unfit_cluster(m_folder, m_programs.major, m_throwaway, !alone);
        auto const is_new = !cluster_version(m_folder);
        if (is_new) {
            make_cluster(m_folder, m_programs);
        }
        try {
            start(m_throwaway && alone && !is_new);
        } catch (configuration_error const&) {
            stop_if_last(); // one that runs and does not answer
            throw;
        }
        m_start.unlock();
    }

    ~implementation()
    {
        interrupt::held_off const until_it_is_ended;
        try {
            leave();
        } catch (std::exception const&) {
            // It goes on running; the next user finds it, uses it and ends it.
        }
    }

    implementation(implementation const&) = delete;
    implementation& operator=(implementation const&) = delete;

    [[nodiscard]] running_server const& server() const noexcept { return m_server; }

    [[nodiscard]] bool replace_cluster(bool even_if_used)
    {
        require(m_start.lock(file_lock::mode::exclusive, server_patience), m_folder);
        auto const done = become_user() || even_if_used;
        if (done) {
            replace_and_start();
        }
        m_start.unlock();
        return done;
    }

    void keep() const { make_marker(m_folder.keep_marker()); }

private:
    static server_folder prepared_folder(options const& wanted)
    {
        auto folder = locate_server_folder(wanted.data_dir, wanted.throwaway);
        require_ours(folder);
        make_server_folder(folder);
        return folder;
    }

    /// Under start.lock. True if nobody else is one.
    [[nodiscard]] bool become_user()
    {
        auto const alone = m_users.try_lock(file_lock::mode::exclusive);
        require(m_users.lock(file_lock::mode::shared, server_patience), m_folder);
        return alone;
    }

    void start(bool may_replace)
    {
        try {
            m_server = start_server(m_folder, m_programs, m_throwaway);
        } catch (configuration_error const&) {
            if (!may_replace) {
                throw;
            }
            replace_and_start(); // ALTER SYSTEM in a migration is enough to keep a server from starting
        }
    }

    void replace_and_start()
    {
        remove_cluster(m_folder);
        make_cluster(m_folder, m_programs);
        m_server = start_server(m_folder, m_programs, m_throwaway);
    }

    void leave()
    {
        require(m_start.lock(file_lock::mode::exclusive, server_patience), m_folder);
        stop_if_last();
    }

    /// Under start.lock.
    void stop_if_last()
    {
        m_users.unlock();
        std::error_code error;
        if (m_users.try_lock(file_lock::mode::exclusive) && !fs::exists(m_folder.keep_marker(), error)) {
            if (auto const server = find_server(m_folder)) {
                stop_server(m_folder, *server);
            }
        }
    }

    server_folder m_folder;
    file_lock m_start;
    file_lock m_users;
    server_programs m_programs;
    bool m_throwaway = false;
    running_server m_server;
};

local_server::local_server(options const& wanted) : m_implementation{std::make_unique<implementation>(wanted)} {}

local_server::~local_server() = default;
local_server::local_server(local_server&&) noexcept = default;
local_server& local_server::operator=(local_server&&) noexcept = default;

std::string local_server::conninfo(std::string const& database) const
{
    return conninfo_for(m_implementation->server(), database);
}

void local_server::make_anew()
{
    std::ignore = m_implementation->replace_cluster(true);
}

bool local_server::make_anew_if_alone()
{
    return m_implementation->replace_cluster(false);
}

void local_server::keep_running()
{
    m_implementation->keep();
}

local_server::condition local_server::inspect(fs::path const& data_dir)
{
    auto const folder = locate_server_folder(data_dir);
    if (!cluster_version(folder)) {
        return condition::absent;
    }
    auto const server = find_server(folder);
    return server && answers(*server) ? condition::running : condition::stopped;
}

bool local_server::is_throwaway(fs::path const& data_dir)
{
    std::error_code error;
    return fs::exists(locate_server_folder(data_dir).throwaway_marker(), error);
}

void local_server::stop(fs::path const& data_dir)
{
    auto const folder = locate_server_folder(data_dir);
    if (!cluster_version(folder)) {
        return;
    }
    require_ours(folder);
    auto start = start_lock(folder);
    auto users = users_lock(folder);
    auto const deadline = std::chrono::steady_clock::now() + use_patience;
    std::error_code error;
    fs::remove(folder.keep_marker(), error); // even if others use it now: then the last of them ends it
    for (;;) {
        require(start.lock(file_lock::mode::exclusive, server_patience), folder);
        if (users.try_lock(file_lock::mode::exclusive)) {
            break;
        }
        start.unlock(); // or they could not leave
        if (std::chrono::steady_clock::now() > deadline) {
            throw lock_unavailable{"the local server in " + folder.data_dir.string() + " is in use by others",
                                   "it ends when the last of them is done"};
        }
        interrupt::sleep_for(std::chrono::milliseconds{50});
    }
    if (auto const server = find_server(folder)) {
        stop_server(folder, *server);
    }
}

} // namespace pgratchet::database
