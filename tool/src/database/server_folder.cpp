// SPDX-License-Identifier: Apache-2.0
#include "database/server_folder.hpp"

#include "database/child_process.hpp"
#include "errors.hpp"
#include "interrupt/interrupt.hpp"

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <pwd.h>
#include <string_view>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace pgratchet::database {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void fail(std::string const& what, fs::path const& where, int error)
{
    throw configuration_error{"cannot " + what + " " + where.string() + ": " + std::strerror(error)};
}

/// A name for a path that is short and always the same (FNV-1a, 64 bits). It need not be hard to guess: what is found
/// under the name is checked before it is trusted.
std::string short_name(fs::path const& path)
{
    std::uint64_t hash = 14695981039346656037U;
    for (auto const c : path.native()) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
    }
    std::string name;
    for (; name.size() < 16; hash >>= 4U) {
        name += "0123456789abcdef"[hash & 15U];
    }
    return name;
}

server_user user_for_root(fs::path const& cluster)
{
    struct stat found {};
    auto const* user = stat(cluster.c_str(), &found) == 0 && found.st_uid != 0 ? getpwuid(found.st_uid) : nullptr;
    for (auto const* const name : {"postgres", "nobody"}) {
        if (user == nullptr) {
            user = getpwnam(name);
        }
    }
    if (user == nullptr || user->pw_uid == 0) {
        throw configuration_error{"a PostgreSQL server does not run as root, and there is neither a user postgres nor "
                                  "a user nobody to run it",
                                  "run this as another user"};
    }
    return {user->pw_uid, user->pw_gid, std::string{user->pw_name}};
}

fs::path home_elsewhere(fs::path const& data_dir, server_user const& user)
{
    auto const* const base = fs::is_directory("/var/tmp") ? "/var/tmp" : "/tmp";
    return fs::path{base} / ("pgratchet-" + std::to_string(user.uid) + "-" + short_name(data_dir));
}

bool can_reach(server_user const& user, fs::path const& folder)
{
    command test{{"test", "-x", folder.string()}, {}, {}, user.run_as, "/"};
    return run(test).exit_status == 0;
}

void require_private(fs::path const& folder, server_user const& user)
{
    if (!is_private_folder(folder, user)) {
        throw configuration_error{"not trusted, since it is not a folder of this user alone: " + folder.string(),
                                  "someone else may have made it; look at it and remove it"};
    }
}

void make_folder(fs::path const& folder, server_user const& user)
{
    if (mkdir(folder.c_str(), 0700) == 0) {
        give_to(user, folder);
    } else if (errno != EEXIST) {
        fail("make", folder, errno);
    }
    require_private(folder, user);
}

void link_to(fs::path const& target, fs::path const& link)
{
    std::error_code error;
    if (fs::is_symlink(link, error)) {
        fs::remove(link, error);
    }
    fs::create_symlink(target, link, error);
    if (error) {
        fail("make", link, error.value());
    }
}

/// Removes empty socket folders of old: those of servers that ended without us, as in a shutdown of the machine.
void sweep(fs::path const& place, server_user const& user)
{
    std::error_code error;
    auto const old = fs::file_time_type::clock::now() - std::chrono::hours{1}; // a new one is empty until its start
    for (auto entry = fs::directory_iterator{place, error}; !error && entry != fs::directory_iterator{};
         entry.increment(error)) {
        std::error_code gone;
        if (entry->path().filename().native().starts_with("pgratchet-") && is_private_folder(entry->path(), user) &&
            fs::last_write_time(entry->path(), gone) < old) {
            rmdir(entry->path().c_str()); // fails on one that is in use, and that is meant
        }
    }
}

} // namespace

bool is_private_folder(fs::path const& folder, server_user const& user)
{
    struct stat found {};
    return lstat(folder.c_str(), &found) == 0 && S_ISDIR(found.st_mode) && (found.st_mode & 077U) == 0 &&
           (found.st_uid == user.uid || found.st_uid == geteuid());
}

void give_to(server_user const& user, fs::path const& path)
{
    if (user.run_as && lchown(path.c_str(), user.uid, user.gid) != 0) {
        fail("change the owner of", path, errno);
    }
}

server_folder locate_server_folder(fs::path const& data_dir, bool throwaway)
{
    std::error_code error;
    server_folder folder;
    folder.data_dir = fs::weakly_canonical(fs::absolute(data_dir), error);
    if (error) {
        fail("use", data_dir, error.value());
    }
    folder.home = folder.data_dir;
    folder.user = {geteuid(), getegid(), std::nullopt};
    if (geteuid() != 0) {
        return folder;
    }
    folder.user = user_for_root(folder.data_dir / "data");
    auto const link = fs::read_symlink(folder.data_dir / "data", error);
    if (!error) {
        folder.home = home_elsewhere(folder.data_dir, folder.user);
        if (link != folder.cluster() && throwaway) {
            folder.home = folder.data_dir;
            return folder;
        }
        if (link != folder.cluster()) {
            throw configuration_error{(folder.data_dir / "data").string() + " leads to the cluster of another folder",
                                      "it was copied or moved; remove it, or use another folder"};
        }
        if (fs::exists(folder.home, error)) {
            require_private(folder.home, folder.user);
        }
    }
    return folder;
}

void make_server_folder(server_folder& folder)
{
    std::error_code error;
    fs::create_directories(folder.data_dir, error);
    if (error) {
        fail("make", folder.data_dir, error.value());
    }
    auto const elsewhere = folder.home != folder.data_dir;
    if (folder.user.run_as && !elsewhere && fs::is_symlink(folder.cluster())) {
        fs::remove(folder.cluster(), error); // to the cluster of another folder, see locate_server_folder()
    }
    if (!elsewhere &&
        (!folder.user.run_as || fs::exists(folder.cluster()) || can_reach(folder.user, folder.data_dir))) {
        return;
    }
    folder.home = home_elsewhere(folder.data_dir, folder.user);
    make_folder(folder.home, folder.user);
    link_to(folder.log(), folder.data_dir / "server.log");
}

fs::path make_socket_folder(server_user const& user)
{
    // sockaddr_un has 107 bytes; "/pgratchet-XXXXXX/.s.PGSQL.5432.lock" takes 36 of them.
    constexpr std::size_t longest = 70;
    std::vector<std::string> places;
    // A comma separates hosts for libpq and folders for the server.
    if (auto const* const own = std::getenv("TMPDIR");
        own != nullptr && !user.run_as && std::strpbrk(own, ",\"") == nullptr) {
        places.emplace_back(own);
    }
    places.insert(places.end(), {"/tmp", "/var/tmp"});
    for (auto const& place : places) {
        auto name = place + "/pgratchet-XXXXXX";
        if (place.starts_with('/') && place.size() <= longest && mkdtemp(name.data()) != nullptr) {
            give_to(user, name);
            sweep(place, user);
            return name;
        }
    }
    fail("make a folder for a socket in", "/tmp", errno);
}

file_lock::file_lock(fs::path const& file, server_folder const& folder)
    : m_fd{open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)}
{
    if (auto const error = errno; m_fd < 0) {
        throw configuration_error{"cannot open " + file.string() + ": " + std::strerror(error),
                                  error == EACCES ? "another user made it; use another folder, or remove this one"
                                                  : "the folder must be writable"};
    }
    // Root at work in someone else's folder must not lock him out.
    struct stat owner {};
    if (geteuid() == 0 && stat(folder.data_dir.c_str(), &owner) == 0) {
        std::ignore = fchown(m_fd, owner.st_uid, owner.st_gid);
    }
}

file_lock::~file_lock()
{
    if (m_fd >= 0) {
        unlock(); // a child that was forked meanwhile still has the file open
        close(m_fd);
    }
}

file_lock::file_lock(file_lock&& other) noexcept : m_fd{std::exchange(other.m_fd, -1)} {}

file_lock& file_lock::operator=(file_lock&& other) noexcept
{
    std::swap(m_fd, other.m_fd);
    return *this;
}

bool file_lock::try_lock(mode how) noexcept
{
    return flock(m_fd, (how == mode::shared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0;
}

bool file_lock::lock(mode how, std::chrono::milliseconds patience)
{
    auto const deadline = std::chrono::steady_clock::now() + patience;
    while (!try_lock(how)) {
        if (std::chrono::steady_clock::now() > deadline) {
            return false;
        }
        interrupt::sleep_for(std::chrono::milliseconds{20});
    }
    return true;
}

void file_lock::unlock() noexcept
{
    flock(m_fd, LOCK_UN);
}

} // namespace pgratchet::database
