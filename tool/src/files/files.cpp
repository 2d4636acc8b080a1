// SPDX-License-Identifier: Apache-2.0
#include "files/files.hpp"

#include "errors.hpp"
#include "files/descriptor.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace pgratchet::files {

namespace {

configuration_error trouble(std::string const& what, std::filesystem::path const& file, int reason)
{
    return configuration_error{"cannot " + what + " " + file.string() + ": " + std::generic_category().message(reason)};
}

void write_all(int fd, std::string_view content, std::filesystem::path const& file)
{
    while (!content.empty()) {
        auto const written = ::write(fd, content.data(), content.size());
        if (written < 0 && errno != EINTR) {
            throw trouble("write", file, errno);
        }
        content.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
    }
}

void make_folders_above(std::filesystem::path const& file)
{
    if (!file.has_parent_path()) {
        return;
    }
    std::error_code problem;
    std::filesystem::create_directories(file.parent_path(), problem);
    if (problem) {
        throw configuration_error{"cannot make the folder " + file.parent_path().string() + ": " + problem.message()};
    }
}

/// Writes a file that must not exist. `exactly`: with this mode whatever the umask says.
void create(std::filesystem::path const& file, std::string_view content, mode_t mode, bool exactly)
{
    make_folders_above(file);
    descriptor const out{::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)};
    if (out.get() < 0 || (exactly && ::fchmod(out.get(), mode) != 0)) {
        throw trouble("write", file, errno);
    }
    write_all(out.get(), content, file);
    if (::fsync(out.get()) != 0) {
        throw trouble("flush", file, errno);
    }
}

} // namespace

std::string read(std::filesystem::path const& file)
{
    descriptor const in{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    struct stat about = {};
    if (in.get() < 0 || ::fstat(in.get(), &about) != 0) {
        throw trouble("read", file, errno);
    }
    if (!S_ISREG(about.st_mode)) {
        throw configuration_error{"cannot read " + file.string() + ": it is not a regular file"};
    }
    std::string content;
    content.resize(static_cast<std::size_t>(about.st_size) + 1); // one more, to see that it did not grow meanwhile
    std::size_t filled = 0;
    for (;;) {
        if (filled == content.size()) {
            content.resize(content.size() * 2);
        }
        auto const got = ::read(in.get(), content.data() + filled, content.size() - filled);
        if (got < 0 && errno != EINTR) {
            throw trouble("read", file, errno);
        }
        if (got == 0) {
            break;
        }
        filled += got < 0 ? 0 : static_cast<std::size_t>(got);
    }
    content.resize(filled);
    return content;
}

std::vector<std::string> names_in(std::filesystem::path const& folder)
{
    std::error_code problem;
    std::vector<std::string> names;
    std::filesystem::directory_iterator entries{folder, problem};
    if (problem) {
        throw configuration_error{"cannot read the folder " + folder.string() + ": " + problem.message()};
    }
    for (auto const& entry : entries) {
        names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

void write(std::filesystem::path const& file, std::string_view content)
{
    make_folders_above(file);
    auto const partial = file.string() + ".partial-" + std::to_string(::getpid());
    try {
        descriptor const out{::open(partial.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)};
        if (out.get() < 0) {
            throw trouble("write", partial, errno);
        }
        write_all(out.get(), content, partial);
        if (::fsync(out.get()) != 0) {
            throw trouble("flush", partial, errno);
        }
        if (::rename(partial.c_str(), file.c_str()) != 0) {
            throw trouble("replace", file, errno);
        }
    } catch (...) {
        ::unlink(partial.c_str());
        throw;
    }
}

void write_new(std::filesystem::path const& file, std::string_view content)
{
    constexpr mode_t as_the_umask_says = 0666;
    create(file, content, as_the_umask_says, false);
}

void write_secret(std::filesystem::path const& file, std::string_view content)
{
    constexpr mode_t owner_alone = 0600;
    create(file, content, owner_alone, true);
}

void append_line(std::filesystem::path const& file, std::string_view line)
{
    make_folders_above(file);
    descriptor const out{::open(file.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666)};
    if (out.get() < 0) {
        throw trouble("write", file, errno);
    }
    // A line that was cut off, by a full disk say, must not take this one with it.
    char last = '\n';
    auto const size = ::lseek(out.get(), 0, SEEK_END);
    bool const is_cut_off = size > 0 && ::pread(out.get(), &last, 1, size - 1) == 1 && last != '\n';
    write_all(out.get(), (is_cut_off ? "\n" : "") + std::string{line} + "\n", file);
}

} // namespace pgratchet::files
