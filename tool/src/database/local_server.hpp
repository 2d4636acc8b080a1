// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace pgratchet::database {

/// A private PostgreSQL cluster in a folder, made with the installed server's `initdb` and run on
/// a Unix socket only, with fsync off: the embedded default environment and the shadow.
///
/// Everyone who uses it holds a `local_server`. The first one starts the server, the last one stops it, unless
/// `keep_running` was asked for. A server left behind by a killed user is found and used again;
/// a folder that is no healthy cluster (cut-off initdb, another major version, a server that does not start) is made
/// anew if it is a shadow's, and refused with a hint otherwise. Waits are bounded.
class local_server {
public:
    struct options {
        std::filesystem::path data_dir;              ///< holds the cluster, its log and its lock file
        std::optional<std::filesystem::path> bindir; ///< where initdb and pg_ctl are; looked for if absent
        bool throwaway = false; ///< a shadow: may be thrown away and made anew; so the folder is marked
    };

    /// Makes the cluster if need be, and starts it if it does not run. Throws configuration_error
    /// (a folder with content that is not ours, or a shadow's in a folder whose cluster is none, before anything is
    /// written; no server programs found, with the package to install; start failed, with the end of its log).
    explicit local_server(options const&);
    ~local_server();
    local_server(local_server&&) noexcept;
    local_server& operator=(local_server&&) noexcept;

    /// A libpq connection string for a database on it. It holds no secret.
    [[nodiscard]] std::string conninfo(std::string const& database) const;

    /// Throws the cluster away and starts a new one: for a shadow. Whoever else uses it loses his connection.
    void make_anew();

    /// The same, if nobody else uses it now. Gives false otherwise.
    [[nodiscard]] bool make_anew_if_alone();

    /// Leaves the server running when the last user goes (`server start`).
    void keep_running();

    enum class condition { absent, stopped, running };
    [[nodiscard]] static condition inspect(std::filesystem::path const& data_dir);

    /// True for the folder of a shadow. Nobody else is to keep anything there.
    [[nodiscard]] static bool is_throwaway(std::filesystem::path const& data_dir);

    /// Ends a server that was kept running (`server stop`). Waits for other users, 30 seconds at most. Throws
    /// configuration_error if the folder is not ours.
    static void stop(std::filesystem::path const& data_dir);

private:
    class implementation;
    std::unique_ptr<implementation> m_implementation;
};

} // namespace pgratchet::database
