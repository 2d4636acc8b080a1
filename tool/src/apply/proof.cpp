// SPDX-License-Identifier: Apache-2.0
#include "apply/proof.hpp"

#include "apply/redefine.hpp"
#include "catalog/query.hpp"
#include "execute/catalog_reader.hpp"
#include "plan/effect.hpp"
#include "plan/effect_only.hpp"

#include <algorithm>
#include <set>

namespace pgratchet::apply {

namespace {

using catalog::object;
using catalog::object_id;

/// The objects that an effect touches, as the roots under which the catalog keeps them.
struct touched {
    catalog::scope scope{catalog::scope::selection::by_name, {}};
    std::set<std::string> roots; ///< their identities
    std::set<catalog::catalog_name> whole;

    void add(object const& one)
    {
        auto const name = catalog::root_of(one);
        scope.wanted[name.catalog].insert(name.name);
        roots.insert(one.root);
        if (name.catalog != "pg_class" && name.catalog != "pg_proc" && name.catalog != "pg_type") {
            whole.insert(name.catalog);
        }
    }

    [[nodiscard]] bool holds(object const& one) const
    {
        return roots.contains(one.root) || whole.contains(catalog::root_of(one).catalog);
    }
};

touched touched_by(plan::effect const& changes, catalog::snapshot const& before)
{
    touched all;
    for (auto const& one : changes) {
        if (one.after) {
            all.add(*one.after);
        }
        if (auto const* was = catalog::find(before, one.id)) {
            all.add(*was);
        }
    }
    return all;
}

std::string described(object_id const& id, catalog::attribute_difference const& one)
{
    return id.kind + " " + id.identity + ": " + one.attribute + ": expected " + one.expected.value_or("(none)") +
           ", found " + one.actual.value_or("(none)");
}

/// The part of an identity that is the object's own: "c" of "c on public.t", and of "public.t.c".
std::string own_name(object_id const& id)
{
    auto const on = id.identity.find(" on ");
    return on != std::string::npos ? id.identity.substr(0, on) : id.identity.substr(id.identity.rfind('.') + 1);
}

class comparison {
public:
    comparison(plan::plan const& compiled, plan::effect const& changes, plan::tolerance settled, picture const& before,
               database::session& on)
        : m_plan{compiled}, m_changes{changes}, m_settled{std::move(settled)}, m_before{before}, m_session{on}
    {
        auto const roots = touched_by(changes, before.expected);
        for (auto& one : execute::read_catalog(on, roots.scope)) {
            if (roots.holds(one.value)) {
                auto id = one.value.id;
                m_found.insert_or_assign(std::move(id), std::move(one.value));
            }
        }
        for (auto const& one : changes) {
            m_changed.insert(one.id);
        }
    }

    objections run()
    {
        for (auto const& one : m_changes) {
            check_change(one);
        }
        for (auto const& [id, value] : m_found) {
            check_unexpected(id);
        }
        return std::move(m_objections);
    }

    [[nodiscard]] catalog::snapshot const& found() const { return m_found; }

private:
    void check_change(plan::change const& one)
    {
        auto const* there = catalog::find(m_found, one.id);
        if (plan::tolerated(m_plan, m_settled, one.id, "*")) {
            return;
        }
        if (!one.after) {
            if (there != nullptr) {
                m_objections.push_back(one.id.kind + " " + one.id.identity +
                                       ": expected to be gone, and is still there");
            }
            return;
        }
        if (there == nullptr) {
            m_objections.push_back(one.id.kind + " " + one.id.identity + ": expected, and is not there");
            return;
        }
        compare(*one.after, *there);
        auto const* was = catalog::find(m_before.expected, one.id);
        auto expected = *one.after;
        bool const is_premade = was == nullptr && catalog::find(m_before.live, one.id) != nullptr;
        if (is_premade && !expected.attributes.contains("owner") && there->attributes.contains("owner")) {
            expected.attributes["owner"] = there->attributes.at("owner"); // an administrator made it, and owns it
        }
        for (auto& line :
             plan::effect_only_objections(was, expected, *there, environment_has_its_own("default privileges"))) {
            m_objections.push_back(std::move(line));
        }
    }

    void compare(object const& expected, object const& there)
    {
        auto differences = catalog::differences(expected, there, m_settled.proven);
        std::erase_if(differences,
                      [&](auto const& one) { return plan::tolerated(m_plan, m_settled, expected.id, one.attribute); });
        if (!differences.empty()) {
            m_settled.proven.merge(redefine(m_session, expected, differences));
            differences = catalog::differences(expected, there, m_settled.proven);
        }
        for (auto const& one : differences) {
            if (!plan::tolerated(m_plan, m_settled, expected.id, one.attribute)) {
                m_objections.push_back(described(expected.id, one));
            }
        }
    }

    /// What is there although neither the plan nor the environment had it before.
    void check_unexpected(object_id const& id)
    {
        if (m_changed.contains(id) || catalog::find(m_before.expected, id) != nullptr ||
            catalog::find(m_before.live, id) != nullptr || catalog::one_way(id) ||
            catalog::belongs_to_effect_only(id) || plan::tolerated(m_plan, m_settled, id, "*") ||
            environment_has_its_own("event trigger") || moved_along(id)) {
            return;
        }
        m_objections.push_back(id.kind + " " + id.identity + ": appeared, and the migration does not make it");
    }

    /// An unmanaged object of a table or column that was renamed is called by another name now.
    [[nodiscard]] bool moved_along(object_id const& id) const
    {
        auto const& live = m_before.live;
        for (auto one = live.lower_bound({id.kind, ""}); one != live.end() && one->first.kind == id.kind; ++one) {
            bool const root_is_gone = std::any_of(m_changes.begin(), m_changes.end(), [&](plan::change const& each) {
                return !each.after && each.id.identity == one->second.root;
            });
            if (root_is_gone && catalog::find(m_before.expected, one->first) == nullptr &&
                own_name(one->first) == own_name(id)) {
                return true;
            }
        }
        return false;
    }

    [[nodiscard]] bool environment_has_its_own(std::string const& kind) const
    {
        auto const& live = m_before.live;
        for (auto one = live.lower_bound({kind, ""}); one != live.end() && one->first.kind == kind; ++one) {
            if (catalog::find(m_before.expected, one->first) == nullptr) {
                return true;
            }
        }
        return false;
    }

    plan::plan const& m_plan;
    plan::effect const& m_changes;
    plan::tolerance m_settled;
    picture const& m_before;
    database::session& m_session;
    catalog::snapshot m_found;
    std::set<object_id> m_changed;
    objections m_objections;
};

} // namespace

objections prove(database::session& on, plan::plan const& compiled, plan::effect const& changes,
                 plan::tolerance const& settled, picture& known)
{
    comparison compared{compiled, changes, settled, known, on};
    auto found = compared.run();
    if (found.empty()) {
        plan::play(changes, known.expected);
        for (auto const& one : changes) {
            known.live.erase(one.id);
        }
        for (auto const& [id, value] : compared.found()) {
            known.live.insert_or_assign(id, value);
        }
    }
    return found;
}

} // namespace pgratchet::apply
