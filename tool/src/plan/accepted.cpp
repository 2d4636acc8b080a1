// SPDX-License-Identifier: Apache-2.0
#include "plan/accepted.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace pgratchet::plan {

namespace {

tolerance without_acceptance(tolerance settled)
{
    settled.accepted_drift.clear();
    return settled;
}

/// What the probes of a version say of it: whether one of them has that answer.
bool is_answered(plan const& of, std::string const& version, probe_answers const& answers, bool with)
{
    return std::any_of(of.probes.begin(), of.probes.end(), [&](probe const& one) {
        auto const answer = answers.find(one.name);
        return one.version == version && answer != answers.end() && answer->second == with;
    });
}

/// What of a file, up to version k, is in a live catalog where some drift is accepted.
class remains {
public:
    remains(plan const& of, timelines const& known, std::size_t file, std::size_t k, catalog::snapshot const& live,
            tolerance const& settled)
        : m_plan{of}, m_known{known}, m_file{file}, m_k{k}, m_live{live},
          m_accepted{settled.accepted_drift}, m_strict{without_acceptance(settled)}
    {
    }

    [[nodiscard]] bool has_accepted_as_before() const
    {
        return any_of_changes([&](change const& one, std::vector<segment> const& line) {
            return m_accepted.contains(one.id) && !is_as_at(m_file, one, line) && is_as_at(m_file - 1, one, line);
        });
    }

    /// A transaction that made a table has been through to its end. A column, an index or a function is no such proof:
    /// those are what is made by hand ahead of a file.
    [[nodiscard]] bool has_table_of_its_own() const
    {
        return m_plan.migrations[m_file - 1].mode == script::transaction_mode::wrapped &&
               any_of_changes([&](change const& one, std::vector<segment> const& line) {
                   return one.id.kind == "table" && one.after && !one.if_not_exists && !m_accepted.contains(one.id) &&
                          at(line, m_file - 1).value == nullptr && at(line, m_k).from == m_file &&
                          is_as_at(m_file, one, line) && !is_as_at(m_file - 1, one, line);
               });
    }

private:
    [[nodiscard]] bool
    any_of_changes(std::function<bool(change const&, std::vector<segment> const&)> const& holds) const
    {
        auto const& all = m_plan.migrations[m_file - 1].changes;
        return std::any_of(all.begin(), all.end(), [&](change const& one) {
            auto const line = m_known.find(one.id);
            return line != m_known.end() && holds(one, line->second);
        });
    }

    [[nodiscard]] bool is_as_at(std::size_t version, change const& one, std::vector<segment> const& line) const
    {
        return agrees(m_plan, m_strict, one.id, at(line, version), catalog::find(m_live, one.id));
    }

    plan const& m_plan;
    timelines const& m_known;
    std::size_t m_file;
    std::size_t m_k;
    catalog::snapshot const& m_live;
    std::set<catalog::object_id> const& m_accepted;
    tolerance m_strict;
};

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
    for (std::size_t file = 1; file <= k; ++file) {
        auto const& one = of.migrations[file - 1];
        if (!does_more_than_it_shows(one) || is_answered(of, one.version, answers, true)) {
            continue;
        }
        remains const left{of, known, file, k, live, settled};
        bool const is_proven = !is_answered(of, one.version, answers, false) && left.has_table_of_its_own();
        if (left.has_accepted_as_before() && !is_proven) {
            return file;
        }
    }
    return std::nullopt;
}

} // namespace pgratchet::plan
