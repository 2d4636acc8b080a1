// SPDX-License-Identifier: Apache-2.0
#include "commands/new_migration.hpp"

#include "commands/frozen.hpp"
#include "files/files.hpp"
#include "report/diagnosed.hpp"
#include "script/new_file.hpp"

#include <cstdio>
#include <ctime>

namespace pgratchet::commands {

namespace {

namespace fs = std::filesystem;

/// Names are at most 255 bytes on Linux; the number and the ending are part of them.
constexpr std::size_t longest_description = 200;

/// UTC, as YYYYMMDDhhmmss.
std::string now()
{
    auto const time = std::time(nullptr);
    std::tm parts{};
    ::gmtime_r(&time, &parts);
    char text[sizeof "YYYYMMDDhhmmss"] = {};
    return {text, std::strftime(text, sizeof text, "%Y%m%d%H%M%S", &parts)};
}

script::migration_set ordered_set(fs::path const& migrations, std::optional<std::string> const& baseline)
{
    auto set = script::order(files::names_in(migrations), migrations.string(), baseline);
    for (auto const& one : set.diagnostics) {
        if (one.level == report::severity::error) {
            throw report::diagnosed{exit_code::configuration, one};
        }
    }
    return set;
}

} // namespace

fs::path next_file(fs::path const& migrations, std::string const& description,
                   std::optional<std::string> const& baseline)
{
    auto const name = script::as_part_of_a_name(description);
    if (name.empty() || name.size() > longest_description) {
        throw usage_error{"the description '" + description + "' makes no name for a file",
                          "say in some words what the migration is for: \"add case notes\""};
    }
    auto known = ordered_set(migrations, baseline).migrations;
    auto const frozen = read_frozen_list(migrations);
    if (!frozen.files.empty()) {
        auto const newest = script::parse_name(frozen.files.back().file).value();
        if (known.empty() || script::compare_versions(known.back().version, newest.version) < 0) {
            known.push_back(newest);
        }
    }
    if (known.empty() && baseline) {
        known.push_back({*baseline, "", ""});
    }
    auto const version = script::next_version(known, now());
    if (!known.empty() && version.size() != known.back().version.size()) {
        throw configuration_error{"there is no number after " + known.back().version + " in " +
                                      std::to_string(known.back().version.size()) + " digits",
                                  "rename the migrations so that all have one digit more"};
    }
    return migrations / (version + "_" + name + ".sql");
}

exit_code new_migration(new_options const& chosen)
{
    auto const path = next_file(chosen.migrations, chosen.description, chosen.baseline);
    auto const version = script::parse_name(path.filename().string()).value().version;
    auto const mode = chosen.no_transaction ? script::transaction_mode::none : script::transaction_mode::wrapped;
    files::write_new(path, script::new_file(chosen.description, version, mode));
    std::puts(path.c_str());
    return exit_code::done;
}

} // namespace pgratchet::commands
