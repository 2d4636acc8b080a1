// SPDX-License-Identifier: Apache-2.0
#include "plan/probed.hpp"

#include "plan/take_back.hpp"

#include <algorithm>

namespace pgratchet::plan {

namespace {

/// The file that a probe speaks for, if it lies behind k and the probe can tell that it has run.
std::optional<std::size_t> told_by(plan const& of, probe const& one, std::size_t k)
{
    auto const file = index_of(of, one.version);
    bool const can_tell = file && k > 0 && *file > k && one.denies;
    return can_tell ? file : std::nullopt;
}

} // namespace

bool may_be_done_behind(plan const& of, std::size_t k)
{
    return std::any_of(of.probes.begin(), of.probes.end(),
                       [&](probe const& one) { return told_by(of, one, k).has_value(); });
}

std::optional<std::size_t> done_behind(plan const& of, std::size_t k, probe_answers const& answers)
{
    std::optional<std::size_t> newest;
    for (auto const& one : of.probes) {
        auto const answer = answers.find(one.name);
        if (answer != answers.end() && answer->second) {
            newest = std::max(newest, told_by(of, one, k));
        }
    }
    return newest;
}

std::vector<probe const*> speaking_of_applied(plan const& of, std::size_t k)
{
    auto const baseline = of.baseline ? index_of(of, *of.baseline).value_or(0) : 0;
    std::vector<probe const*> all;
    for (auto const& one : of.probes) {
        auto const file = index_of(of, one.version).value_or(0);
        if (file > baseline && file <= k && does_more_than_it_shows(of.migrations[file - 1]) &&
            !in_force_against(of, file, k)) {
            all.push_back(&one);
        }
    }
    return all;
}

} // namespace pgratchet::plan
