// SPDX-License-Identifier: Apache-2.0
#include "plan/accepted.hpp"

#include <algorithm>
#include <utility>

namespace pgratchet::plan {

namespace {

tolerance without_acceptance(tolerance settled)
{
    settled.accepted_drift.clear();
    return settled;
}

bool is_done(plan const& of, std::string const& version, probe_answers const& answers)
{
    return std::any_of(of.probes.begin(), of.probes.end(), [&](probe const& one) {
        auto const answer = answers.find(one.name);
        return one.version == version && answer != answers.end() && answer->second;
    });
}

} // namespace

std::set<catalog::object_id> named_by(std::string_view words, timelines const& known)
{
    std::set<catalog::object_id> named;
    for (auto const& [id, line] : known) {
        if (words == id.identity || words == id.kind + " " + id.identity) {
            named.insert(id);
        }
    }
    return named;
}

tolerance accepting(std::vector<std::string> const& objects, plan const& of)
{
    tolerance settled;
    auto const known = objects.empty() ? timelines{} : timelines_of(of);
    for (auto const& words : objects) {
        settled.accepted_drift.merge(named_by(words, known));
    }
    return settled;
}

std::vector<disagreement> accepted_at(plan const& of, timelines const& known, std::size_t k,
                                      catalog::snapshot const& live, tolerance const& settled)
{
    auto all = disagreements_at(of, known, k, live, without_acceptance(settled));
    std::erase_if(all, [&](disagreement const& one) { return !settled.accepted_drift.contains(one.id); });
    return all;
}

std::optional<std::size_t> may_not_have_run(plan const& of, timelines const& known, std::size_t k,
                                            catalog::snapshot const& live, tolerance const& settled,
                                            probe_answers const& answers)
{
    auto const strict = without_acceptance(settled);
    auto const is_as_before = [&](change const& one, std::size_t file) {
        auto const line = known.find(one.id);
        if (line == known.end() || !settled.accepted_drift.contains(one.id)) {
            return false;
        }
        auto const* there = catalog::find(live, one.id);
        return !agrees(of, strict, one.id, at(line->second, file), there) &&
               agrees(of, strict, one.id, at(line->second, file - 1), there);
    };
    for (std::size_t file = 1; file <= k; ++file) {
        auto const& one = of.migrations[file - 1];
        if (does_more_than_it_shows(one) && !is_done(of, one.version, answers) &&
            std::any_of(one.changes.begin(), one.changes.end(),
                        [&](change const& each) { return is_as_before(each, file); })) {
            return file;
        }
    }
    return std::nullopt;
}

} // namespace pgratchet::plan
