// SPDX-License-Identifier: Apache-2.0
#include "plan/choose.hpp"

#include "plan/evidence.hpp"
#include "plan/out_of_sight.hpp"

#include <algorithm>
#include <optional>
#include <set>

namespace pgratchet::plan {

namespace {

struct answered_probe {
    std::size_t k;
    std::optional<bool> answer;
};

std::vector<answered_probe> with_answers(plan const& of, probe_answers const& answers)
{
    std::vector<answered_probe> all;
    for (auto const& one : of.probes) {
        if (auto const k = index_of(of, one.version)) {
            auto const place = answers.find(one.name);
            all.push_back({*k, place == answers.end() ? std::nullopt : std::optional{place->second}});
        }
    }
    return all;
}

enum class step { climb, stay, unknown };

step ask(std::vector<answered_probe> const& probes, std::size_t low, std::size_t high)
{
    bool is_done = false;
    for (auto const& one : probes) {
        if (one.k <= low || one.k > high || !one.answer) {
            continue;
        }
        if (!*one.answer && one.k == high) {
            return step::stay;
        }
        is_done = is_done || *one.answer;
    }
    return is_done ? step::climb : step::unknown;
}

std::set<catalog::object_id> changed_between(plan const& of, std::size_t low, std::size_t high)
{
    std::set<catalog::object_id> changed;
    for (auto k = low; k < high; ++k) {
        for (auto const& one : of.migrations[k].changes) {
            changed.insert(one.id);
        }
    }
    return changed;
}

/// What a database at one of the fitting versions can be taken for.
struct outlook {
    std::optional<std::size_t> place; ///< the next place among them; none: it stays
    bool is_told = true;              ///< the catalog tells it from the version that follows
    bool by_probe = false;            ///< it takes the word of a probe to come to that place
};

/// What the first file left may have been taken away by a later one, so all that follow are looked at as long as
/// nothing speaks against them.
outlook look_up(plan const& of, std::vector<std::size_t> const& fitting, std::size_t from,
                std::vector<answered_probe> const& probes, evidence weighed)
{
    outlook found;
    for (auto next = from + 1; next < fitting.size(); ++next) {
        auto const low = fitting[next - 1];
        auto const high = fitting[next];
        weighed.weigh(changed_between(of, low, high), high);
        bool const is_told = may_take_higher(of, low, high) && !weighed.is_hidden() &&
                             !(weighed.only_lacks() && loses_data_again(of, low, high));
        bool const is_first = next == from + 1;
        found.is_told = is_first ? is_told : found.is_told;
        if (!is_told && ask(probes, low, high) != step::climb) {
            break;
        }
        found.by_probe = found.by_probe || !is_told;
        if ((!is_told && is_first) || weighed.allows_higher()) {
            found.place = next;
            break;
        }
    }
    return found;
}

/// What of owners, privileges and comments speaks against the higher ones of several versions.
std::vector<std::string> lacking_between(plan const& of, std::vector<std::size_t> const& candidates,
                                         evidence const& weighed)
{
    std::vector<std::string> all;
    for (std::size_t i = 1; i < candidates.size(); ++i) {
        for (auto const& id : changed_between(of, candidates[i - 1], candidates[i])) {
            for (auto& line : weighed.lacking(id, candidates[i])) {
                if (std::find(all.begin(), all.end(), line) == all.end()) {
                    all.push_back(std::move(line));
                }
            }
        }
    }
    return all;
}

/// Whether to go on from a version, its own files after it included, could do a second time what does not show.
bool is_contested(plan const& of, std::vector<answered_probe> const& probes, std::size_t low, std::size_t highest)
{
    bool const has_such_work =
        std::any_of(of.migrations.begin() + static_cast<std::ptrdiff_t>(low),
                    of.migrations.begin() + static_cast<std::ptrdiff_t>(highest), does_more_than_it_shows);
    return has_such_work && std::any_of(probes.begin(), probes.end(), [&](answered_probe const& one) {
               return one.k > low && one.k <= highest && one.answer.value_or(true);
           });
}

} // namespace

choice choose(plan const& of, std::vector<std::size_t> const& fitting, catalog::snapshot const& live,
              probe_answers const& answers, catalog::proven_equal const& proven)
{
    std::size_t at = 0;
    auto const baseline = of.baseline ? index_of(of, *of.baseline).value_or(0) : 0;
    while (at + 1 < fitting.size() && fitting[at + 1] <= baseline) {
        ++at;
    }
    choice chosen;
    if (at + 1 < fitting.size()) {
        auto const histories = histories_of(of);
        auto const probes = with_answers(of, answers);
        auto const look_ahead = [&] {
            return look_up(of, fitting, at, probes, {histories, live, proven, fitting[at]});
        };
        auto found = look_ahead();
        for (; found.place; found = look_ahead()) {
            for (auto k = fitting[at] + 1; found.by_probe && k <= fitting[*found.place]; ++k) {
                chosen.by_probe.push_back(k);
            }
            at = *found.place;
        }
        bool const is_open =
            at + 1 < fitting.size() && !found.is_told && ask(probes, fitting[at], fitting[at + 1]) == step::unknown;
        if (is_open || is_contested(of, probes, fitting[at], fitting.back())) {
            chosen.candidates.assign(fitting.begin() + static_cast<std::ptrdiff_t>(at), fitting.end());
            chosen.lacking = lacking_between(of, chosen.candidates, {histories, live, proven, fitting[at]});
        }
    }
    chosen.version = fitting[at];
    return chosen;
}

} // namespace pgratchet::plan
