// SPDX-License-Identifier: Apache-2.0
#include "commands/find_backup.hpp"

#include "backup/archive.hpp"
#include "errors.hpp"

#include <algorithm>
#include <system_error>

namespace pgratchet::commands {

namespace fs = std::filesystem;

namespace {

std::string newest_in(fs::path const& folder, std::string const& project, std::string const& environment)
{
    constexpr std::size_t most = 5;
    auto const all = backup::backups_in(folder, project, environment);
    std::string list;
    auto left = most;
    for (auto one = all.rbegin(); one != all.rend() && left > 0; ++one, --left) {
        list += (list.empty() ? "" : ", ") + one->about.archive;
    }
    return list.empty() ? "there is none of " + environment + " in " + folder.string()
                        : "the newest of " + environment + " in " + folder.string() + ": " + list;
}

} // namespace

fs::path find_backup(std::string const& named, fs::path const& folder, std::string const& project,
                     std::string const& environment)
{
    if (named.empty()) {
        throw usage_error{"no backup is named: --from says which", newest_in(folder, project, environment)};
    }
    std::error_code error;
    if (named.find('/') == std::string::npos && !fs::exists(named, error)) {
        auto there = folder / named;
        if (!fs::exists(there, error)) {
            throw usage_error{"there is no backup " + named + " in " + folder.string(),
                              newest_in(folder, project, environment)};
        }
        return there;
    }
    return named;
}

} // namespace pgratchet::commands
