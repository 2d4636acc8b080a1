// SPDX-License-Identifier: Apache-2.0
#include "plan/choose.hpp"

#include "plan/effect_only.hpp"
#include "plan/out_of_sight.hpp"

#include <algorithm>
#include <optional>
#include <set>

namespace pgratchet::plan {

namespace {

/// What the live catalog says about the files between two versions whose compared schemas it fits both.
class evidence {
public:
    evidence(timelines const& histories, catalog::snapshot const& live, catalog::proven_equal const& proven,
             std::size_t low)
        : m_histories{histories}, m_live{live}, m_proven{proven}, m_low{low}
    {
    }

    /// Weighs these objects again, as version `high` has them.
    void weigh(std::set<catalog::object_id> const& changed, std::size_t high)
    {
        for (auto const& id : changed) {
            auto& known = m_findings[id];
            count(known, -1);
            known = examine(id, high);
            count(known, +1);
        }
    }

    [[nodiscard]] bool allows_higher() const { return m_missing == 0 && (m_like_lower == 0 || m_like_higher > 0); }

    /// Whether only what is not compared speaks for the lower one: somebody may have taken it back since.
    [[nodiscard]] bool only_lacks() const { return m_missing > 0 && m_like_lower == 0; }

    /// What of owners, privileges and comments the files set up to version `high`, and is not there: a line each.
    [[nodiscard]] std::vector<std::string> lacking(catalog::object_id const& id, std::size_t high) const
    {
        auto const& line = m_histories.at(id);
        return lacking(id, at(line, m_low).value, at(line, high).value);
    }

    /// Whether something is as neither of them has it, so that nothing tells whether what changes it has run.
    [[nodiscard]] bool is_hidden() const { return m_like_neither > 0; }

private:
    struct finding {
        bool missing = false;      ///< a privilege, owner or comment that the files set and that is not there
        bool like_lower = false;   ///< the object is as the lower version has it, and not as the higher
        bool like_higher = false;  ///< the other way round
        bool like_neither = false; ///< it has a form of its own, by a rule that ignores or as accepted drift
    };

    void count(finding const& one, int by)
    {
        m_missing += one.missing ? by : 0;
        m_like_lower += one.like_lower ? by : 0;
        m_like_higher += one.like_higher ? by : 0;
        m_like_neither += one.like_neither ? by : 0;
    }

    /// Whether the live object is as one version has it, in what the other has differently.
    [[nodiscard]] bool is_like(catalog::object const* one, catalog::object const* other,
                               catalog::object const* there) const
    {
        if (one == nullptr || there == nullptr) {
            return one == there;
        }
        auto const found = catalog::differences(*one, *there, m_proven);
        if (other == nullptr) {
            return found.empty();
        }
        auto const changed = catalog::differences(*one, *other, m_proven);
        return std::none_of(found.begin(), found.end(), [&](auto const& difference) {
            return std::any_of(changed.begin(), changed.end(),
                               [&](auto const& each) { return each.attribute == difference.attribute; });
        });
    }

    [[nodiscard]] finding examine(catalog::object_id const& id, std::size_t high) const
    {
        auto const& line = m_histories.at(id);
        auto const* was = at(line, m_low).value;
        auto const& now = at(line, high);
        auto const* there = catalog::find(m_live, id);
        bool const missing = !lacking(id, was, now.value).empty();
        if (catalog::belongs_to_effect_only(id)) {
            return {missing, false, false, false};
        }
        bool const lower = is_like(was, now.value, there);
        bool const higher = is_like(now.value, was, there);
        // Made beforehand by somebody else, as these may be: no sign that the file has run.
        bool const may_be_premade = now.if_not_exists || (was == nullptr && catalog::one_way(id));
        return {missing, lower && !higher, higher && !lower && !may_be_premade, was != nullptr && !lower && !higher};
    }

    [[nodiscard]] std::vector<std::string> lacking(catalog::object_id const& id, catalog::object const* was,
                                                   catalog::object const* wanted) const
    {
        auto const* there = catalog::find(m_live, id);
        if (catalog::belongs_to_effect_only(id)) {
            return lacking_defaults(id, was, wanted, there);
        }
        if (wanted == nullptr || there == nullptr) {
            return {};
        }
        auto expected = *wanted;
        if (was == nullptr && !expected.attributes.contains("owner") && there->attributes.contains("owner")) {
            expected.attributes["owner"] = there->attributes.at("owner"); // premade by an administrator, who owns it
        }
        return effect_only_objections(was, expected, *there, false);
    }

    /// Default privileges: an environment may have more of its own.
    static std::vector<std::string> lacking_defaults(catalog::object_id const& id, catalog::object const* was,
                                                     catalog::object const* wanted, catalog::object const* there)
    {
        bool const is_unchanged = was == wanted || (was != nullptr && wanted != nullptr && *was == *wanted);
        if (is_unchanged) {
            return {};
        }
        catalog::object const none{id, id.identity, {{"privileges", ""}}};
        if (there == nullptr && wanted == nullptr) {
            return {};
        }
        return there == nullptr ? std::vector{id.kind + " " + id.identity + ": expected, and is not there"}
                                : effect_only_objections(was, wanted == nullptr ? none : *wanted, *there, false);
    }

    timelines const& m_histories;
    catalog::snapshot const& m_live;
    catalog::proven_equal const& m_proven;
    std::size_t m_low;
    std::map<catalog::object_id, finding> m_findings;
    int m_missing = 0;
    int m_like_lower = 0;
    int m_like_higher = 0;
    int m_like_neither = 0;
};

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
