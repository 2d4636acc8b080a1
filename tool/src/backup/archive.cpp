// SPDX-License-Identifier: Apache-2.0
#include "backup/archive.hpp"

#include "database/child_process.hpp"
#include "files/descriptor.hpp"
#include "files/files.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <system_error>
#include <tuple>

namespace pgratchet::backup {

namespace fs = std::filesystem;

backup_failed trouble(std::string const& what, fs::path const& where, int reason)
{
    return backup_failed{"cannot " + what + " " + where.string() + ": " + std::generic_category().message(reason)};
}

namespace {

/// SHA-256 by parts.
class hash {
public:
    hash() { crypto_hash_sha256_init(&m_state); }

    void add(void const* bytes, std::size_t count)
    {
        crypto_hash_sha256_update(&m_state, static_cast<unsigned char const*>(bytes), count);
    }

    [[nodiscard]] std::string hexadecimal()
    {
        std::array<unsigned char, crypto_hash_sha256_BYTES> result{};
        crypto_hash_sha256_final(&m_state, result.data());
        std::array<char, crypto_hash_sha256_BYTES * 2 + 1> digits{};
        sodium_bin2hex(digits.data(), digits.size(), result.data(), result.size());
        return {digits.data(), digits.size() - 1};
    }

private:
    crypto_hash_sha256_state m_state{};
};

digest digest_of_file(fs::path const& file, std::function<void()> const& watch)
{
    files::descriptor const in{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
    struct stat about = {};
    if (in.get() < 0 || ::fstat(in.get(), &about) != 0) {
        throw trouble("read", file, errno);
    }
    if (!S_ISREG(about.st_mode)) {
        throw backup_failed{file.string() + " is no regular file, and no part of an archive"};
    }
    digest found;
    hash sum;
    std::vector<char> block(std::size_t{1} << 20U);
    for (;;) {
        auto const got = ::read(in.get(), block.data(), block.size());
        if (got < 0 && errno != EINTR) {
            throw trouble("read", file, errno);
        }
        if (got == 0) {
            break;
        }
        if (watch) {
            watch();
        }
        if (got > 0) {
            sum.add(block.data(), static_cast<std::size_t>(got));
            found.bytes += static_cast<std::uint64_t>(got);
        }
    }
    found.sha256 = sum.hexadecimal();
    return found;
}

fs::path without_slash(fs::path const& path)
{
    return path.has_filename() ? path : path.parent_path();
}

bool is_there(fs::path const& path)
{
    std::error_code error;
    return fs::exists(path, error);
}

/// What pg_restore says of an archive.
std::string read_by(fs::path const& pg_restore, std::vector<std::string> how, fs::path const& archive)
{
    how.insert(how.begin(), pg_restore.string());
    how.push_back(archive.string());
    auto done = database::run({std::move(how), {{"LC_ALL", "C"}}, {}, {}, {}});
    if (done.exit_status != 0) {
        throw backup_failed{"pg_restore cannot read " + archive.string() + ": " +
                            done.output.substr(0, done.output.find_last_not_of(" \n") + 1)};
    }
    return std::move(done.output);
}

} // namespace

digest digest_of(fs::path const& archive, std::function<void()> const& watch)
{
    std::error_code error;
    if (!fs::is_directory(archive, error)) {
        return digest_of_file(archive, watch);
    }
    digest whole;
    hash sum;
    for (auto const& name : files::names_in(archive)) {
        auto const part = digest_of_file(archive / name, watch);
        auto const line = part.sha256 + "  " + name + "\n";
        sum.add(line.data(), line.size());
        whole.bytes += part.bytes;
    }
    whole.sha256 = sum.hexadecimal();
    return whole;
}

found_backup open_backup(fs::path const& given)
{
    auto archive = without_slash(given);
    if (archive.extension() == ".json") {
        archive.replace_extension();
    }
    auto const beside = receipt_of(archive);
    if (!is_there(archive)) {
        throw backup_failed{"there is no backup " + archive.string()};
    }
    if (!is_there(beside)) {
        throw backup_failed{archive.string() + " has no receipt, so it does not count as a backup",
                            "the receipt is " + beside.filename().string() +
                                ", beside it; without one, restore the "
                                "archive by hand with pg_restore"};
    }
    found_backup found{archive, parse_receipt(files::read(beside), beside.string())};
    if (found.about.archive != archive.filename()) {
        throw configuration_error{beside.string() + " is the receipt of " + found.about.archive + ", and not of " +
                                      archive.filename().string(),
                                  "give both the names that they had"};
    }
    return found;
}

std::vector<found_backup> backups_in(fs::path const& folder, std::string const& project, std::string const& environment,
                                     std::vector<std::string>* complain)
{
    std::vector<found_backup> found;
    if (!is_there(folder)) {
        return found;
    }
    auto const tell = [&](std::string const& why) {
        if (complain != nullptr) {
            complain->push_back(why);
        }
    };
    for (auto const& name : files::names_in(folder)) {
        auto const path = folder / name;
        if (path.extension() == ".dump" && !is_there(receipt_of(path))) {
            tell(path.string() + " has no receipt, so it does not count as a backup");
        }
        if (!name.ends_with(".dump.json")) {
            continue;
        }
        try {
            auto one = open_backup(path);
            bool const is_ours = one.about.project.empty() || one.about.project == project;
            if (is_ours && one.about.environment == environment) {
                found.push_back(std::move(one));
            }
        } catch (failure const& problem) {
            tell(problem.what());
        }
    }
    std::ranges::stable_sort(found, {},
                             [](auto const& one) { return std::tie(one.about.started, one.about.finished); });
    return found;
}

std::string schema_of(found_backup const& backup, restore_program const& program)
{
    return read_by(program.pg_restore, {"--create", "--schema-only", "--no-tablespaces", "--file=-"}, backup.archive);
}

std::vector<std::string> contents_of(fs::path const& archive, fs::path const& pg_restore)
{
    auto const listed = read_by(pg_restore, {"--list"}, archive);
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < listed.size();) {
        auto const end = std::min(listed.find('\n', at), listed.size());
        if (end > at && listed[at] != ';') {
            lines.push_back(listed.substr(at, end - at));
        }
        at = end + 1;
    }
    return lines;
}

void verify(found_backup const& backup, restore_program const& program, std::function<void()> const& watch)
{
    auto const now = digest_of(backup.archive, watch);
    if (now.bytes != backup.about.bytes) {
        throw backup_failed{backup.archive.string() + " has " + std::to_string(now.bytes) +
                                " bytes, and its receipt says " + std::to_string(backup.about.bytes),
                            "it was cut off or changed: use another backup"};
    }
    if (now.sha256 != backup.about.sha256) {
        throw backup_failed{backup.archive.string() + " has not the SHA-256 that its receipt says",
                            "it was changed since it was made: use another backup"};
    }
    // What it lists may be nothing: that is the backup of an empty database.
    std::ignore = contents_of(backup.archive, program.pg_restore);
}

} // namespace pgratchet::backup
