// SPDX-License-Identifier: Apache-2.0
#include "commands/restored_state.hpp"

#include "commands/located.hpp"
#include "commands/state_in_words.hpp"
#include "errors.hpp"
#include "plan/accepted.hpp"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <spdlog/spdlog.h>

namespace pgratchet::commands {

namespace {

/// 0 for an empty database.
std::optional<std::size_t> number_of(plan::plan const& compiled, std::optional<std::string> const& version)
{
    return version ? plan::index_of(compiled, *version) : std::optional<std::size_t>{0};
}

bool is_as_said(plan_source const& source, backup::receipt const& about, plan::state const& found)
{
    auto const version = number_of(source.compiled, about.version);
    if (about.condition == "applied" || about.condition == "empty") {
        return version && std::ranges::find(found.fitting, *version) != found.fitting.end();
    }
    if (about.condition == "partial") {
        return found.is == plan::condition::partial && version == found.version;
    }
    return about.plan_sha256 != source.sha256 || about.condition == plan::name_of(found.is);
}

/// A backup of drift, or of what could not be told, names no version.
bool is_of(backup::receipt const& about, plan::plan const& compiled, plan::state const& found)
{
    bool const names_version =
        found.is == plan::condition::applied || (found.is == plan::condition::partial && found.version > 0);
    return about.condition == plan::name_of(found.is) &&
           (!names_version || about.version == plan::version_name(compiled, found.version));
}

} // namespace

void demand_known_version(plan_source const& source, backup::found_backup const& from)
{
    if (!number_of(source.compiled, from.about.version)) {
        throw state_refused{from.archive.filename().string() + " is of version " + *from.about.version +
                                ", which the plan does not have; nothing was changed",
                            "use the plan, or the bundle, with which it was made"};
    }
}

void demand_state_of_receipt(database::session& on, plan_source const& source, backup::found_backup const& from)
{
    auto const compiled = seen_by(on, source.compiled);
    auto const at =
        locate_environment(on, compiled, plan::accepting(from.about.accepted_drift, compiled), std::nullopt);
    if (is_as_said(source, from.about, at.found)) {
        return;
    }
    std::fputs(in_words("the restored database", compiled, at.found).c_str(), stderr);
    throw backup_failed{"what was restored is not at " + state_of(from.about) + ", as the receipt of " +
                            from.archive.filename().string() + " says",
                        from.about.plan_sha256 == source.sha256
                            ? "was something in the catalog changed that a dump does not hold? see what is listed"
                            : "it was made with another plan: use that one, or its bundle"};
}

std::string state_of(backup::receipt const& about)
{
    if (about.condition == "partial") {
        return about.version ? "a part of what follows " + *about.version : "a part of the first migration";
    }
    return about.version.value_or(about.condition);
}

std::optional<std::string> gone_on(connection_options const& to, plan_source const& source,
                                   backup::receipt const& about)
{
    auto const not_known = [&](std::exception const& problem) {
        spdlog::warn("warning: where {} is now could not be asked, and the backup may be of an older version: {}",
                     to.environment, problem.what());
    };
    try {
        environment const where{to, source.compiled.roles};
        auto const session = where.connect("pgratchet rehearse");
        auto const compiled = seen_by(*session, source.compiled);
        auto const version = about.version ? plan::index_of(compiled, *about.version) : std::nullopt;
        auto const at =
            locate_environment(*session, compiled, plan::accepting(about.accepted_drift, compiled), version);
        return is_of(about, compiled, at.found) ? std::nullopt
                                                : std::optional{where_it_stands(to.environment, compiled, at.found)};
    } catch (configuration_error const& problem) {
        not_known(problem);
    } catch (database::connection_lost const& problem) {
        not_known(problem);
    } catch (database::sql_error const& problem) {
        not_known(problem);
    }
    return std::nullopt;
}

} // namespace pgratchet::commands
