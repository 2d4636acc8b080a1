// SPDX-License-Identifier: Apache-2.0
#include "backup/partial.hpp"

#include "errors.hpp"
#include "files/files.hpp"
#include "interrupt/interrupt.hpp"

#include <array>
#include <cerrno>
#include <ctime>
#include <fcntl.h>
#include <memory>
#include <string_view>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace pgratchet::backup {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view suffix = ".partial";
constexpr mode_t file_for_owner = 0600;
constexpr mode_t folder_for_owner = 0700;

std::string formatted(std::chrono::system_clock::time_point moment, char const* format)
{
    auto const seconds = std::chrono::system_clock::to_time_t(moment);
    std::tm utc{};
    ::gmtime_r(&seconds, &utc);
    std::array<char, 32> text{};
    std::strftime(text.data(), text.size(), format, &utc);
    return text.data();
}

fs::path with_suffix(fs::path path)
{
    return path += suffix;
}

bool has_entry(fs::path const& path)
{
    struct stat about = {};
    return ::lstat(path.c_str(), &about) == 0;
}

/// True if the open file is what stands under that name: somebody who removes leftovers may have been quicker.
bool is_same(int fd, fs::path const& path)
{
    struct stat open_one = {};
    struct stat named = {};
    return ::fstat(fd, &open_one) == 0 && ::lstat(path.c_str(), &named) == 0 && open_one.st_dev == named.st_dev &&
           open_one.st_ino == named.st_ino;
}

/// For flock(2), which on NFS wants a file to be open for writing.
int open_to_lock(fs::path const& path)
{
    constexpr int how = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
    auto const fd = ::open(path.c_str(), O_RDWR | how);
    return fd < 0 && errno == EISDIR ? ::open(path.c_str(), O_RDONLY | how) : fd;
}

/// True for the errors of flock(2) on a file system without locks, and for a folder on NFS, which cannot be locked.
bool has_no_locks(int error)
{
    return error == EBADF || error == ENOLCK || error == EOPNOTSUPP;
}

/// Locks a file or folder that is there; nothing if a process writes it, or it cannot be told.
std::unique_ptr<files::descriptor> locked(fs::path const& path)
{
    auto open_one = std::make_unique<files::descriptor>(open_to_lock(path));
    if (open_one->get() < 0 || ::flock(open_one->get(), LOCK_EX | LOCK_NB) != 0) {
        return nullptr;
    }
    return open_one;
}

void flush_path(fs::path const& path)
{
    files::descriptor const open_one{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (open_one.get() < 0 || ::fsync(open_one.get()) != 0) {
        throw trouble("flush", path, errno);
    }
}

void rename_over_nothing(fs::path const& from, fs::path const& to)
{
    // Not over another backup, whoever made that meanwhile. Some network file systems cannot promise it.
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) {
        return;
    }
    if (errno == EINVAL && !has_entry(to) && ::rename(from.c_str(), to.c_str()) == 0) {
        return;
    }
    throw trouble("rename to", to, errno);
}

void write_for_owner(fs::path const& file, std::string_view content)
{
    files::descriptor const out{
        ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, file_for_owner)};
    if (out.get() < 0) {
        throw trouble("write", file, errno);
    }
    while (!content.empty()) {
        auto const written = ::write(out.get(), content.data(), content.size());
        if (written < 0 && errno != EINTR) {
            throw trouble("write", file, errno);
        }
        content.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
    }
    if (::fsync(out.get()) != 0) {
        throw trouble("flush", file, errno);
    }
}

void remove_quietly(fs::path const& path) noexcept
{
    std::error_code error;
    fs::remove_all(path, error);
}

/// False if there is something of that name.
bool make_empty(fs::path const& path, archive_format format)
{
    auto made = false;
    if (format == archive_format::directory) {
        made = ::mkdir(path.c_str(), folder_for_owner) == 0;
    } else {
        files::descriptor const file{::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, file_for_owner)};
        made = file.get() >= 0;
    }
    if (!made && errno != EEXIST) {
        throw trouble("write", path, errno);
    }
    return made;
}

} // namespace

std::string moment_text(std::chrono::system_clock::time_point moment)
{
    return formatted(moment, "%Y-%m-%dT%H:%M:%SZ");
}

void demand_folder(fs::path const& folder)
{
    std::error_code error;
    if (!fs::is_directory(folder, error)) {
        fs::create_directories(fs::absolute(folder).parent_path(), error);
        if (::mkdir(folder.c_str(), folder_for_owner) != 0) {
            throw trouble("make the folder for backups", folder, errno);
        }
    }
    if (::access(folder.c_str(), R_OK | W_OK | X_OK) != 0) {
        throw backup_failed{"backups cannot be written in " + folder.string() + ": " +
                                std::generic_category().message(errno),
                            "name another folder: --backup-dir DIR"};
    }
}

std::vector<std::string> remove_leftovers(fs::path const& folder)
{
    constexpr std::string_view of_archive = ".dump.partial";
    constexpr std::string_view of_receipt = ".dump.json.partial";
    std::vector<std::string> removed;
    auto const remove = [&](std::string const& name) {
        remove_quietly(folder / name);
        removed.push_back(name);
    };
    for (auto const& name : files::names_in(folder)) {
        if (name.ends_with(of_archive)) {
            if (auto const lock = locked(folder / name)) { // held while it is removed
                remove(name);
            }
        } else if (name.ends_with(of_receipt)) {
            // The archive that it belongs to, under either name, is locked as long as somebody is at it.
            auto const archive = folder / (name.substr(0, name.size() - of_receipt.size()) + ".dump");
            auto const named = locked(archive);
            if (!has_entry(with_suffix(archive)) && (named || !has_entry(archive))) {
                remove(name);
            }
        }
    }
    return removed;
}

partial::partial(fs::path const& folder, std::string const& name, archive_format format)
{
    using namespace std::chrono_literals;
    for (;;) {
        m_started = std::chrono::system_clock::now();
        m_final = folder / (name + "-" + formatted(m_started, "%Y%m%dT%H%M%SZ") + ".dump");
        m_path = with_suffix(m_final);
        if (!has_entry(m_final) && !has_entry(receipt_of(m_final)) && make_empty(m_path, format) && take_lock()) {
            return;
        }
        interrupt::sleep_for(100ms); // until the next second has another name
    }
}

bool partial::take_lock()
{
    m_lock.emplace(open_to_lock(m_path));
    if (m_lock->get() >= 0 && (::flock(m_lock->get(), LOCK_EX | LOCK_NB) == 0 || has_no_locks(errno))) {
        return is_same(m_lock->get(), m_path); // without a lock nobody takes it for a leftover, either
    }
    // Somebody who removes leftovers has it in his hands: then it will be gone.
    if (errno != EWOULDBLOCK && errno != ENOENT) {
        auto const reason = errno;
        remove_quietly(m_path);
        throw trouble("lock", m_path, reason);
    }
    return false;
}

partial::~partial()
{
    using namespace std::chrono_literals;
    if (m_kept) {
        return;
    }
    // pg_dump does not wait for its workers when it is ended, and each of them still holds the lock.
    m_lock.reset();
    for (auto patience = 5000ms; has_entry(m_path) && !locked(m_path) && patience > 0ms; patience -= 20ms) {
        std::this_thread::sleep_for(20ms);
    }
    remove_quietly(m_path);
    remove_quietly(with_suffix(receipt_of(m_final)));
}

std::uint64_t partial::bytes() const
{
    std::error_code error;
    if (!fs::is_directory(m_path, error)) {
        auto const size = fs::file_size(m_path, error);
        return error ? 0 : size;
    }
    std::uint64_t sum = 0;
    for (auto const& entry : fs::directory_iterator{m_path, error}) {
        auto const size = entry.file_size(error);
        sum += error ? 0 : size;
    }
    return sum;
}

void partial::flush() const
{
    std::error_code error;
    if (fs::is_directory(m_path, error)) {
        for (auto const& name : files::names_in(m_path)) {
            flush_path(m_path / name);
            ::chmod((m_path / name).c_str(), file_for_owner);
        }
    }
    flush_path(m_path);
}

fs::path partial::keep(receipt const& about)
{
    auto const final_receipt = receipt_of(m_final);
    auto const partial_receipt = with_suffix(final_receipt);
    write_for_owner(partial_receipt, to_json(about));
    rename_over_nothing(m_path, m_final);
    try {
        // From here on the archive has its name; without the receipt it does not count.
        rename_over_nothing(partial_receipt, final_receipt);
        flush_path(m_final.parent_path());
    } catch (...) {
        remove_quietly(final_receipt);
        remove_quietly(m_final);
        throw;
    }
    m_kept = true;
    return m_final;
}

} // namespace pgratchet::backup
