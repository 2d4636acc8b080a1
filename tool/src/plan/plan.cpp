// SPDX-License-Identifier: Apache-2.0
#include "plan/plan.hpp"

#include "script/migration_set.hpp"

#include <algorithm>
#include <iterator>

namespace pgratchet::plan {

std::optional<std::size_t> index_of(plan const& of, std::string_view version)
{
    auto const place = std::find_if(of.migrations.begin(), of.migrations.end(), [&](migration const& one) {
        return script::compare_versions(one.version, version) == 0;
    });
    if (place == of.migrations.end()) {
        return std::nullopt;
    }
    return static_cast<std::size_t>(std::distance(of.migrations.begin(), place)) + 1;
}

std::string version_name(plan const& of, std::size_t k)
{
    return k == 0 ? "empty" : of.migrations.at(k - 1).version;
}

std::string stays(std::string const& environment, plan const& of, std::size_t k)
{
    return environment + (k == 0 ? " stays empty" : " stays at " + version_name(of, k));
}

} // namespace pgratchet::plan
