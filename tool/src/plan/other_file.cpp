// SPDX-License-Identifier: Apache-2.0
#include "plan/other_file.hpp"

#include "plan/left_out.hpp"

#include <algorithm>

namespace pgratchet::plan {

std::optional<std::size_t> drift_is_about(plan const& of, state const& found)
{
    if (found.is != condition::drift) {
        return std::nullopt;
    }
    // The drift is told against the nearest version: of what comes later, only the next file can have been meant.
    return file_behind(timelines_of(of), found.drift, std::min(found.version + 1, of.migrations.size()));
}

std::string drift_in_words(plan const& of, state const& found, std::string const& environment)
{
    if (found.left_out) {
        return "all of that is so if " + of.migrations[found.left_out->file - 1].file + " has not run in " +
               environment + ", although what is there goes up to " + version_name(of, found.left_out->version);
    }
    auto const k = drift_is_about(of, found);
    if (!k) {
        return {};
    }
    auto const& one = of.migrations[*k - 1];
    return "all of it is about what " + one.file + " does: either " + environment + " got another " + one.version +
           " than this plan has, or what it made was changed since";
}

} // namespace pgratchet::plan
