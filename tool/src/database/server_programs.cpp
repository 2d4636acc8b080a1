// SPDX-License-Identifier: Apache-2.0
#include "database/server_programs.hpp"

#include "database/child_process.hpp"
#include "errors.hpp"

#include <charconv>
#include <cstdlib>
#include <string>
#include <string_view>
#include <unistd.h>

namespace pgratchet::database {

namespace fs = std::filesystem;

namespace {

bool is_server_folder(fs::path const& folder)
{
    for (auto const* const program : {"initdb", "pg_ctl", "postgres"}) {
        if (access((folder / program).c_str(), X_OK) != 0) {
            return false;
        }
    }
    return true;
}

int leading_number(std::string_view text)
{
    auto number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

/// The folder behind `pg_ctl` in PATH. Links are followed: a lone link in /usr/local/bin says where the server is.
std::optional<fs::path> from_path()
{
    auto const* const path = std::getenv("PATH");
    auto rest = std::string_view{path == nullptr ? "" : path};
    while (!rest.empty()) {
        auto const end = rest.find(':');
        std::error_code error;
        auto const program = fs::canonical(fs::path{rest.substr(0, end)} / "pg_ctl", error);
        if (!error && is_server_folder(program.parent_path())) {
            return program.parent_path();
        }
        rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    }
    return std::nullopt;
}

std::optional<fs::path> from_pg_config()
{
    try {
        auto const answer = run({{"pg_config", "--bindir"}, {}, {}, {}, {}});
        auto const folder = fs::path{answer.output.substr(0, answer.output.find('\n'))};
        if (answer.exit_status == 0 && is_server_folder(folder)) {
            return folder;
        }
    } catch (configuration_error const&) {
        // not installed: one of several places to look
    }
    return std::nullopt;
}

std::optional<fs::path> newest_of_debian()
{
    std::optional<fs::path> newest;
    auto highest = 0;
    std::error_code error;
    for (auto const& entry : fs::directory_iterator{"/usr/lib/postgresql", error}) {
        auto const major = leading_number(entry.path().filename().native());
        if (major > highest && is_server_folder(entry.path() / "bin")) {
            highest = major;
            newest = entry.path() / "bin";
        }
    }
    return newest;
}

/// "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"
int major_of(fs::path const& bindir)
{
    auto const answer = run({{(bindir / "postgres").string(), "--version"}, {}, {}, {}, {}});
    auto const digits = answer.output.find_first_of("0123456789");
    if (answer.exit_status != 0 || digits == std::string::npos) {
        throw configuration_error{"cannot tell the version of " + (bindir / "postgres").string() + ": " +
                                  answer.output};
    }
    return leading_number(std::string_view{answer.output}.substr(digits));
}

} // namespace

server_programs find_server_programs(std::optional<fs::path> const& bindir)
{
    if (bindir) {
        if (!is_server_folder(*bindir)) {
            throw configuration_error{"no PostgreSQL server programs in " + bindir->string(),
                                      "the folder must hold initdb, pg_ctl and postgres"};
        }
        auto const folder = fs::absolute(*bindir);
        return {folder, major_of(folder)};
    }
    auto found = from_path();
    if (!found) {
        found = from_pg_config();
    }
    if (!found) {
        found = newest_of_debian();
    }
    if (!found) {
        throw configuration_error{"no PostgreSQL server programs found (initdb, pg_ctl, postgres)",
                                  "on Debian and Ubuntu: apt-get install postgresql; or name the folder that has them"};
    }
    return {*found, major_of(*found)};
}

} // namespace pgratchet::database
