// SPDX-License-Identifier: Apache-2.0
#include "apply/proof.hpp"

#include "apply/redefine.hpp"
#include "catalog/identity.hpp"
#include "catalog/query.hpp"
#include "execute/catalog_reader.hpp"
#include "plan/effect.hpp"
#include "plan/effect_only.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace pgratchet::apply {

namespace {

using catalog::object;
using catalog::object_id;

/// What an index is of, and how: behind the name of its table.
std::string content_of(object const& index)
{
    auto const text = catalog::attribute_of(&index, "definition").value_or("");
    return (text.starts_with("CREATE UNIQUE ") ? "UNIQUE" : "") +
           text.substr(std::min(text.find(" USING "), text.size()));
}

/// Whether an object of a child is what a parent's object passes on: its name is the server's own if it is an index, or
/// a key.
bool is_copy(object const& one, object const& of_parent)
{
    if (one.id.kind == "index") {
        return content_of(one) == content_of(of_parent);
    }
    return one.id.kind == "table constraint"
               ? catalog::attribute_of(&one, "definition") == catalog::attribute_of(&of_parent, "definition")
               : catalog::own_name(one) == catalog::own_name(of_parent);
}

class comparison {
public:
    comparison(plan::plan const& compiled, plan::effect const& changes, std::vector<plan::renaming> const& renamed,
               plan::tolerance settled, picture const& before, catalog::snapshot const& found, database::session& on)
        : m_plan{compiled}, m_changes{changes}, m_settled{std::move(settled)}, m_before{before}, m_session{on},
          m_found{found}
    {
        for (auto const& one : renamed) {
            m_old_names.emplace(one.to, one.from);
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
        auto const old_name = m_old_names.find(one.id);
        auto const* was = catalog::find(m_before.expected, old_name == m_old_names.end() ? one.id : old_name->second);
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
                m_objections.push_back(catalog::in_words(expected.id, one));
            }
        }
    }

    /// What is there although neither the plan nor the environment had it before.
    void check_unexpected(object_id const& id)
    {
        if (m_changed.contains(id) || catalog::find(m_before.expected, id) != nullptr ||
            catalog::find(m_before.live, id) != nullptr || catalog::one_way(id) ||
            catalog::belongs_to_effect_only(id) || plan::tolerated(m_plan, m_settled, id, "*") ||
            environment_has_its_own("event trigger") || moved_along(id) || comes_from_parent(m_found.at(id))) {
            return;
        }
        m_objections.push_back(id.kind + " " + id.identity + ": appeared, and the migration does not make it");
    }

    /// An unmanaged object of a table or column that was renamed is called by another name now.
    [[nodiscard]] bool moved_along(object_id const& id) const
    {
        for (auto const& one : catalog::of_kind(m_before.live, id.kind)) {
            bool const root_is_gone = std::any_of(m_changes.begin(), m_changes.end(), [&](plan::change const& each) {
                return !each.after && each.id.identity == one.second.root;
            });
            if (root_is_gone && catalog::find(m_before.expected, one.first) == nullptr &&
                catalog::own_name(one.second) == catalog::own_name(m_found.at(id))) {
                return true;
            }
        }
        return false;
    }

    /// An unmanaged object of a parent is passed on to a new child, and stays with a partition that is detached.
    [[nodiscard]] bool comes_from_parent(object const& one) const
    {
        auto const parents = parents_of(one.root);
        auto const all = catalog::of_kind(m_before.live, one.id.kind);
        return std::any_of(all.begin(), all.end(), [&](auto const& each) {
            return parents.contains(each.second.root) && catalog::find(m_before.expected, each.first) == nullptr &&
                   is_copy(one, each.second);
        });
    }

    /// All above it, before the migration and after it.
    [[nodiscard]] std::set<std::string> parents_of(std::string const& table) const
    {
        std::set<std::string> parents;
        std::vector<std::string> open{table};
        while (!open.empty()) {
            object_id const id{"table", open.back()};
            open.pop_back();
            for (auto const* const side : {&m_before.live, &m_before.expected, &m_found}) {
                for (auto const* const attribute : {"partition of", "inherits"}) {
                    auto const names = catalog::attribute_of(catalog::find(*side, id), attribute).value_or("");
                    for (auto const& part : catalog::parts_of(names, ',')) {
                        auto one = catalog::without_needless_quotes(part);
                        if (parents.insert(one).second) {
                            open.push_back(std::move(one));
                        }
                    }
                }
            }
        }
        return parents;
    }

    [[nodiscard]] bool environment_has_its_own(std::string const& kind) const
    {
        auto const all = catalog::of_kind(m_before.live, kind);
        return std::any_of(all.begin(), all.end(),
                           [&](auto const& one) { return catalog::find(m_before.expected, one.first) == nullptr; });
    }

    plan::plan const& m_plan;
    plan::effect const& m_changes;
    plan::tolerance m_settled;
    picture const& m_before;
    database::session& m_session;
    catalog::snapshot const& m_found;
    std::set<object_id> m_changed;
    std::map<object_id, object_id> m_old_names;
    objections m_objections;
};

} // namespace

proof::proof(plan::plan const& compiled, plan::effect const& changes, std::vector<plan::renaming> const& renamed,
             plan::tolerance const& settled, picture& known)
    : m_plan{compiled}, m_changes{changes}, m_renamed{renamed}, m_settled{settled}, m_known{known}
{
    auto const add = [this](object const& one) {
        auto const name = catalog::root_of(one);
        m_scope.wanted[name.catalog].insert(name.name);
        m_roots.insert(one.root);
        if (name.catalog != "pg_class" && name.catalog != "pg_proc" && name.catalog != "pg_type") {
            m_whole.insert(name.catalog);
        }
    };
    for (auto const& one : changes) {
        if (one.after) {
            add(*one.after);
        }
        if (auto const* was = catalog::find(known.expected, one.id)) {
            add(*was);
        }
    }
}

bool proof::concerns(object const& one) const
{
    return m_roots.contains(one.root) || (!m_whole.empty() && m_whole.contains(catalog::root_of(one).catalog));
}

objections proof::judge(database::session& on, std::vector<catalog::located_object> read)
{
    m_found.clear();
    for (auto& one : read) {
        if (concerns(one.value)) {
            auto id = one.value.id;
            m_found.insert_or_assign(std::move(id), std::move(one.value));
        }
    }
    return comparison{m_plan, m_changes, m_renamed, m_settled, m_known, m_found, on}.run();
}

void proof::accept()
{
    plan::play(m_changes, m_known.expected);
    for (auto const& one : m_changes) {
        m_known.live.erase(one.id);
    }
    for (auto const& [id, value] : m_found) {
        m_known.live.insert_or_assign(id, value);
    }
}

objections prove(database::session& on, plan::plan const& compiled, plan::effect const& changes,
                 std::vector<plan::renaming> const& renamed, plan::tolerance const& settled, picture& known)
{
    proof all{compiled, changes, renamed, settled, known};
    auto found = all.judge(on, execute::read_catalog(on, all.scope()));
    if (found.empty()) {
        all.accept();
    }
    return found;
}

} // namespace pgratchet::apply
