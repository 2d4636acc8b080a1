// SPDX-License-Identifier: Apache-2.0
// Small plans and snapshots, written down by hand.
#pragma once

#include "plan/effect.hpp"
#include "plan/locate.hpp"
#include "plan/timeline.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pgratchet::plan::builder {

inline catalog::object thing(std::string kind, std::string identity, catalog::definition attributes = {},
                             std::string root = "")
{
    auto own = root.empty() ? identity : std::move(root);
    return {{std::move(kind), std::move(identity)}, std::move(own), std::move(attributes)};
}

inline catalog::object table(std::string const& name, catalog::definition attributes = {})
{
    return thing("table", "public." + name, std::move(attributes));
}

inline catalog::object column(std::string const& of, std::string const& name, catalog::definition attributes)
{
    return thing("column", "public." + of + "." + name, std::move(attributes), "public." + of);
}

inline catalog::object index(std::string const& name, std::string const& of = "t", std::string const& on = "a")
{
    return thing("index", "public." + name,
                 {{"definition", "CREATE INDEX " + name + " ON public." + of + " USING btree (" + on + ")"}},
                 "public." + of);
}

inline change makes(catalog::object value)
{
    auto id = value.id;
    return {std::move(id), std::move(value), false};
}

inline change makes_if_missing(catalog::object value)
{
    auto one = makes(std::move(value));
    one.if_not_exists = true;
    return one;
}

inline change drops(catalog::object const& value)
{
    return {value.id, std::nullopt, false};
}

inline catalog::snapshot holding(std::vector<catalog::object> values)
{
    catalog::snapshot all;
    for (auto& one : values) {
        auto id = one.id;
        all.insert_or_assign(std::move(id), std::move(one));
    }
    return all;
}

/// Builds a plan file by file; the versions are 001, 002 and so on.
class history {
public:
    /// A file that is schema-only.
    history& file(effect changes) { return add(std::move(changes), true); }

    /// A file that also does work on data.
    history& with_data(effect changes = {}) { return add(std::move(changes), false); }

    /// What the last file does beside its effect no catalog shows.
    history& untraced(std::string on = "")
    {
        m_plan.migrations.back().untraced.push_back(std::move(on));
        return *this;
    }

    /// A file without a transaction.
    history& statements(std::vector<effect> each)
    {
        catalog::snapshot before = snapshot_at(m_plan, m_plan.migrations.size());
        effect all;
        for (auto const& one : each) {
            all = combine(all, one, before);
        }
        add(std::move(all), true);
        m_plan.migrations.back().mode = script::transaction_mode::none;
        m_plan.migrations.back().statements = std::move(each);
        return *this;
    }

    history& probe(std::string const& version, std::string const& name = "")
    {
        auto const stem = version + "_" + (name.empty() ? "done" : name);
        m_plan.probes.push_back({stem, version, stem + ".sql", "00", "SELECT true", works_on_data(version)});
        return *this;
    }

    /// That the last probe is true tells little.
    history& denying_nothing()
    {
        m_plan.probes.back().denies = false;
        return *this;
    }

    history& ignore(std::string kind, std::string identity, std::string attribute = "*")
    {
        m_plan.ignored.push_back({std::move(kind), std::move(identity), std::move(attribute), "differs by design"});
        return *this;
    }

    history& baseline(std::string version)
    {
        m_plan.baseline = std::move(version);
        return *this;
    }

    [[nodiscard]] plan const& built() const { return m_plan; }

    [[nodiscard]] catalog::snapshot at(std::size_t k) const { return snapshot_at(m_plan, k); }

    [[nodiscard]] state locate(catalog::snapshot const& live, probe_answers const& answers = {},
                               tolerance const& settled = {}, std::optional<std::size_t> assumed = std::nullopt) const
    {
        return pgratchet::plan::locate(m_plan, live, answers, settled, assumed);
    }

private:
    history& add(effect changes, bool schema_only)
    {
        auto const number = std::to_string(m_plan.migrations.size() + 1);
        auto const version = std::string(3 - std::min<std::size_t>(3, number.size()), '0') + number;
        migration one;
        one.version = version;
        one.file = version + "_x.sql";
        one.sha256 = "00";
        one.schema_only = schema_only;
        one.changes = std::move(changes);
        m_plan.migrations.push_back(std::move(one));
        return *this;
    }

    [[nodiscard]] bool works_on_data(std::string const& version) const
    {
        auto const k = index_of(m_plan, version);
        return k && !m_plan.migrations[*k - 1].schema_only;
    }

    plan m_plan;
};

} // namespace pgratchet::plan::builder
