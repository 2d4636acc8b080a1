// SPDX-License-Identifier: Apache-2.0
#include "backup/programs.hpp"

#include "database/child_process.hpp"
#include "errors.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <set>
#include <string_view>
#include <unistd.h>
#include <vector>

namespace pgratchet::backup {

namespace fs = std::filesystem;

namespace {

/// The folders to look in, in the order in which they win among programs of one version.
std::vector<fs::path> folders(std::optional<fs::path> const& bindir)
{
    std::vector<fs::path> all;
    if (bindir) {
        all.push_back(*bindir);
    }
    auto const* const path = std::getenv("PATH");
    auto rest = std::string_view{path == nullptr ? "" : path};
    while (!rest.empty()) {
        auto const end = rest.find(':');
        if (end > 0) {
            all.emplace_back(rest.substr(0, end));
        }
        rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    }
    std::error_code error;
    for (auto const& entry : fs::directory_iterator{"/usr/lib/postgresql", error}) {
        all.push_back(entry.path() / "bin");
    }
    return all;
}

/// A program that is what its name says. Debian's wrapper is none: it takes the version of whatever cluster it finds.
bool is_program(fs::path const& program)
{
    std::error_code error;
    auto const real = fs::canonical(program, error);
    return !error && real.filename() != "pg_wrapper" && fs::is_regular_file(real, error) &&
           access(real.c_str(), X_OK) == 0;
}

/// "pg_dump (PostgreSQL) 17.5 (Debian 17.5-1)": "17.5 (Debian 17.5-1)". Nothing if it does not answer like that.
std::optional<std::string> version_of(fs::path const& program)
{
    try {
        auto const answer = database::run({{program.string(), "--version"}, {{"LC_ALL", "C"}}, {}, {}, {}, {}});
        constexpr std::string_view before = "(PostgreSQL) ";
        auto const at = answer.output.find(before);
        if (answer.exit_status != 0 || at == std::string::npos) {
            return std::nullopt;
        }
        auto const begin = at + before.size();
        return answer.output.substr(begin, answer.output.find_first_of("\r\n", begin) - begin);
    } catch (configuration_error const&) {
        return std::nullopt; // for another machine, or not readable: one of several places to look
    }
}

int leading_number(std::string_view text)
{
    auto number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

struct installed {
    fs::path folder;
    int major = 0;
    std::string version;
};

/// Every folder with all of the programs, which are of one version, the first of them being the one that counts.
std::vector<installed> all_installed(std::vector<std::string> const& programs, std::optional<fs::path> const& bindir)
{
    std::vector<installed> found;
    std::set<fs::path> seen;
    for (auto const& folder : folders(bindir)) {
        std::error_code error;
        auto const all_there =
            std::ranges::all_of(programs, [&](auto const& name) { return is_program(folder / name); });
        auto const absolute = fs::absolute(folder, error);
        if (!all_there || error || !seen.insert(fs::canonical(folder / programs.front(), error)).second) {
            continue;
        }
        auto const version = version_of(absolute / programs.front());
        auto const major = version ? leading_number(*version) : 0;
        if (major > 0 && std::ranges::all_of(programs, [&](auto const& name) {
                return leading_number(version_of(absolute / name).value_or("")) == major;
            })) {
            found.push_back({absolute, major, *version});
        }
    }
    return found;
}

std::string listed(std::vector<installed> const& found)
{
    std::string text;
    for (auto const& one : found) {
        text += (text.empty() ? "" : ", ") + one.version + " in " + one.folder.string();
    }
    return text.empty() ? "none is installed" : "there is " + text;
}

std::string what_to_install(int major)
{
    return "install the package postgresql-client-" + std::to_string(major) +
           " (or a newer one; apt.postgresql.org has all of them), or name the folder: --pg-bindir DIR";
}

} // namespace

dump_programs find_dump_programs(int server_major, std::optional<fs::path> const& bindir)
{
    auto const found = all_installed({"pg_dump", "pg_restore"}, bindir);
    auto const best = std::ranges::max_element(found, {}, &installed::major); // the first of the newest
    if (best == found.end() || best->major < server_major) {
        throw configuration_error{
            "the server is PostgreSQL " + std::to_string(server_major) +
                ", and no pg_dump (with its pg_restore) of that version or a newer one is here: " + listed(found),
            what_to_install(server_major)};
    }
    return {best->folder / "pg_dump", best->folder / "pg_restore", best->major, best->version};
}

restore_program find_pg_restore(int archive_major, std::optional<fs::path> const& bindir)
{
    auto found = all_installed({"pg_restore"}, bindir);
    auto const all = listed(found);
    std::erase_if(found, [&](auto const& one) { return one.major < archive_major; });
    auto const best = std::ranges::min_element(found, {}, &installed::major);
    if (best == found.end()) {
        throw configuration_error{"the archive was made by pg_dump " + std::to_string(archive_major) +
                                      ", and no pg_restore of that version or a newer one is here: " + all,
                                  what_to_install(archive_major)};
    }
    return {best->folder / "pg_restore", best->major, best->version};
}

} // namespace pgratchet::backup
