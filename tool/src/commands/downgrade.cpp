// SPDX-License-Identifier: Apache-2.0
#include "commands/downgrade.hpp"

#include "errors.hpp"
#include "plan/timeline.hpp"

#include <algorithm>
#include <set>
#include <spdlog/spdlog.h>

namespace pgratchet::commands {

namespace {

std::string listed(std::vector<catalog::object_id> const& objects)
{
    constexpr std::size_t most = 5;
    std::string text;
    for (std::size_t i = 0; i < std::min(objects.size(), most); ++i) {
        text += (i == 0 ? "" : ", ") + objects[i].kind + " " + objects[i].identity;
    }
    return objects.size() > most ? text + " and " + std::to_string(objects.size() - most) + " more" : text;
}

} // namespace

newer_than_bundle look_for_newer(plan_source const& source, located const& at)
{
    newer_than_bundle found;
    auto const newest = source.compiled.migrations.size();
    bool const may_be = at.found.is == plan::condition::applied || at.found.is == plan::condition::drift;
    if (!source.in_bundle || !may_be || at.found.version != newest) {
        return found;
    }
    std::set<std::string> known;
    for (auto const& [id, value] : plan::snapshot_at(source.compiled, newest)) {
        known.insert(value.root);
    }
    for (auto const& id : at.found.unmanaged) {
        if (plan::tolerated(source.compiled, at.settled, id, "*")) {
            continue;
        }
        auto const* const live = catalog::find(at.live, id);
        bool const is_ours = id.kind == "column" && live != nullptr && known.contains(live->root);
        (is_ours ? found.columns : found.others).push_back(id);
    }
    return found;
}

std::optional<std::string> why_too_old(plan_source const& source, located const& at, std::string const& environment)
{
    auto const found = look_for_newer(source, at);
    if (found.columns.empty()) {
        return std::nullopt;
    }
    return environment + " is newer than this bundle, which ends at " + source.compiled.migrations.back().version +
           ", or was changed by hand: it has " + listed(found.columns) + ", of which the bundle knows nothing";
}

void refuse_downgrade(plan_source const& source, located const& at, std::string const& environment)
{
    if (auto const why = why_too_old(source, at, environment)) {
        throw state_refused{
            *why + "; nothing was changed",
            "a bundle does not go back: use the newer one, or restore a backup; what was made by hand and "
            "is to stay is let pass by a bundle whose IGNORE names it"};
    }
    if (auto const found = look_for_newer(source, at); !found.others.empty()) {
        spdlog::warn("{} has objects of which this bundle knows nothing: {}; is there a newer one?", environment,
                     listed(found.others));
    }
}

} // namespace pgratchet::commands
