// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <sys/types.h>

namespace pgratchet::database {

/// Who owns a cluster and runs its server. PostgreSQL refuses root.
struct server_user {
    uid_t uid = 0;
    gid_t gid = 0;
    std::optional<std::string> run_as; ///< set if it is not us
};

/// Where the parts of a local server are.
///
/// All of them are in `data_dir`, unless we are root and the server's user cannot reach that folder (`mktemp -d`
/// makes them 0700): then the cluster and the log are in `home` below /var/tmp, and `data_dir` has links to them.
struct server_folder {
    std::filesystem::path data_dir; ///< absolute, links resolved
    std::filesystem::path home;     ///< holds `data` and `server.log`
    server_user user;

    [[nodiscard]] std::filesystem::path cluster() const { return home / "data"; }
    [[nodiscard]] std::filesystem::path log() const { return home / "server.log"; }
    [[nodiscard]] std::filesystem::path keep_marker() const { return data_dir / "keep"; }
    /// Says that whatever is on the server may be thrown away.
    [[nodiscard]] std::filesystem::path throwaway_marker() const { return data_dir / "throwaway"; }
};

/// Looks where the parts are; makes nothing. A folder under a name that others could have taken is refused unless it
/// belongs to us or to the server's user and is closed to everyone else; a link to another folder's cluster (data_dir
/// was copied) is refused, or not followed if the cluster is throwaway. Throws configuration_error.
[[nodiscard]] server_folder locate_server_folder(std::filesystem::path const& data_dir, bool throwaway = false);

/// Makes what is missing for initdb to run: data_dir itself, and the home below /var/tmp if it needs one.
void make_server_folder(server_folder&);

/// Sets owner and group of a new file or folder, not following links; nothing to do unless we are root.
void give_to(server_user const&, std::filesystem::path const&);

/// A new folder with a short path for the socket, open to the server's user alone.
[[nodiscard]] std::filesystem::path make_socket_folder(server_user const&);

/// True if this is a folder of ours or of the server's user, and nobody else may enter.
[[nodiscard]] bool is_private_folder(std::filesystem::path const&, server_user const&);

/// A lock on a file, gone when its holder is, however that ends.
class file_lock {
public:
    enum class mode { shared, exclusive };

    /// Opens the file, makes it if need be, and locks nothing yet.
    file_lock(std::filesystem::path const& file, server_folder const&);
    ~file_lock();
    file_lock(file_lock&&) noexcept;
    file_lock& operator=(file_lock&&) noexcept;

    [[nodiscard]] bool try_lock(mode) noexcept;

    /// Tries again until the time is up. Gives false if it was not enough.
    [[nodiscard]] bool lock(mode, std::chrono::milliseconds patience);

    void unlock() noexcept;

private:
    int m_fd = -1;
};

} // namespace pgratchet::database
