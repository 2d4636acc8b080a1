// SPDX-License-Identifier: Apache-2.0
#include "plan/seen_by.hpp"

#include "catalog/privileges.hpp"
#include "plan/effect.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

namespace pgratchet::plan {

namespace {

using catalog::deployer;
constexpr std::string_view for_role = "for role ";

/// "SELECT,UPDATE" by grantee.
using grants_by_role = std::map<std::string, std::string>;

std::vector<std::string> parts(std::string_view text, std::string_view separator)
{
    std::vector<std::string> all;
    while (!text.empty()) {
        auto const end = std::min(text.find(separator), text.size());
        all.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + separator.size(), text.size()));
    }
    return all;
}

std::string joined(std::vector<std::string> all, std::string_view separator)
{
    std::sort(all.begin(), all.end()); // as COLLATE "C" does
    std::string text;
    for (auto const& one : all) {
        text += (text.empty() ? "" : std::string{separator}) + one;
    }
    return text;
}

grants_by_role grants_in(std::string_view text)
{
    grants_by_role all;
    for (auto const& one : parts(text, "; ")) {
        auto const equals = std::min(one.rfind('='), one.size() - 1);
        all[one.substr(0, equals)] = one.substr(equals + 1);
    }
    return all;
}

std::string in_one_text(grants_by_role const& all)
{
    std::vector<std::string> each;
    for (auto const& [grantee, privileges] : all) {
        if (!privileges.empty()) {
            each.push_back(grantee + "=" + privileges);
        }
    }
    return joined(std::move(each), "; ");
}

/// What two roles have that are one.
std::string both(std::string const& one, std::string const& other)
{
    if (one.empty() || other.empty()) {
        return one + other;
    }
    std::set<std::string> all;
    for (auto const* const text : {&one, &other}) {
        for (auto& privilege : parts(*text, ",")) {
            all.insert(std::move(privilege));
        }
    }
    std::erase_if(all, [&](std::string const& privilege) { return all.contains(privilege + "*"); });
    return joined({all.begin(), all.end()}, ",");
}

std::string text_of(catalog::object const* of, std::string const& attribute)
{
    return catalog::attribute_of(of, attribute).value_or("");
}

/// "app" of "for role app in schema s on tables".
std::string role_in(catalog::object_id const& id)
{
    auto const in = std::min(id.identity.find(" in schema "), id.identity.rfind(" on "));
    return id.identity.substr(for_role.size(), in - for_role.size());
}

catalog::object_id with_role(catalog::object_id id, std::string const& role)
{
    id.identity.replace(for_role.size(), role_in(id).size(), role);
    return id;
}

/// Plays a history and says what the session sees of each step.
class onlooker {
public:
    onlooker(std::string const& role, catalog::snapshot initial) : m_role{role}, m_compiled{std::move(initial)} {}

    [[nodiscard]] catalog::snapshot seen_now() const
    {
        catalog::snapshot all;
        for (auto const& [id, value] : m_compiled) {
            auto one = seen(id);
            all.insert_or_assign(one.id, *one.after);
        }
        return all;
    }

    effect watch(effect const& changes)
    {
        play(changes, m_compiled);
        std::map<catalog::object_id, change> all;
        for (auto const& one : changes) {
            auto found = seen(one.id);
            found.if_not_exists = one.if_not_exists;
            all.insert_or_assign(found.id, std::move(found));
        }
        effect result;
        for (auto& [id, one] : all) {
            result.push_back(std::move(one));
        }
        return result;
    }

private:
    [[nodiscard]] bool is_deployer(std::string const& name) const { return name == m_role || name == deployer; }

    [[nodiscard]] std::string called(std::string const& name) const { return name == m_role ? deployer : name; }

    /// What is seen of an object as it stands in m_compiled.
    [[nodiscard]] change seen(catalog::object_id const& id) const
    {
        if (catalog::belongs_to_effect_only(id)) {
            return defaults_seen(id);
        }
        auto const* const is = catalog::find(m_compiled, id);
        if (is == nullptr) {
            return {id, std::nullopt};
        }
        auto one = *is;
        if (text_of(&one, "owner") == m_role) {
            one.attributes["owner"] = deployer;
        }
        if (auto const place = one.attributes.find("roles"); id.kind == "policy" && place != one.attributes.end()) {
            auto roles = parts(place->second, ", ");
            std::transform(roles.begin(), roles.end(), roles.begin(), [&](auto const& name) { return called(name); });
            place->second = joined(std::move(roles), ", ");
        }
        if (auto const place = one.attributes.find("privileges"); place != one.attributes.end()) {
            place->second = privileges_seen(*is);
        }
        return {id, std::move(one)};
    }

    /// The deployer's privileges stay on what it is to own, too: another role may own that here, and then they have to
    /// be granted. A column says nothing of its owner, so there they are left out as the query leaves them out.
    [[nodiscard]] std::string privileges_seen(catalog::object const& is) const
    {
        auto all = grants_in(text_of(&is, "privileges"));
        auto const own = both(all[deployer], all[m_role]);
        all.erase(m_role);
        bool const is_column = is.id.kind == "column";
        all[deployer] = is_column && is_deployer(owner_of_table(is)) ? "" : own;
        return in_one_text(all);
    }

    [[nodiscard]] std::string owner_of_table(catalog::object const& column) const
    {
        std::string owner;
        for (auto const* const kind : {"table", "view", "materialized view", "foreign table"}) {
            owner += text_of(catalog::find(m_compiled, {kind, column.root}), "owner");
        }
        return owner.empty() ? deployer : owner;
    }

    /// Those of the shadow's user and those of the role are the same ones here.
    [[nodiscard]] change defaults_seen(catalog::object_id const& id) const
    {
        auto const owner = role_in(id);
        auto const seen_id = with_role(id, called(owner));
        change one{seen_id, std::nullopt};
        grants_by_role all;
        for (auto const& name : is_deployer(owner) ? std::vector<std::string>{deployer, m_role} : std::vector{owner}) {
            auto const* const is = catalog::find(m_compiled, with_role(id, name));
            if (is == nullptr) {
                continue;
            }
            for (auto const& [grantee, privileges] : grants_in(text_of(is, "privileges"))) {
                auto& known = all[called(grantee)];
                known = both(known, privileges);
            }
            one.after = catalog::object{seen_id, seen_id.identity, is->attributes};
        }
        if (is_deployer(owner)) {
            all.erase(deployer);
        }
        if (one.after) {
            one.after->attributes["privileges"] = in_one_text(all);
        }
        return one;
    }

    std::string const& m_role;
    catalog::snapshot m_compiled; ///< as the plan has it
};

bool names(catalog::object const& one, std::string const& role)
{
    if (catalog::belongs_to_effect_only(one.id) && role_in(one.id) == role) {
        return true;
    }
    auto const roles = parts(text_of(&one, "roles"), ", ");
    return text_of(&one, "owner") == role || grants_in(text_of(&one, "privileges")).contains(role) ||
           (one.id.kind == "policy" && std::find(roles.begin(), roles.end(), role) != roles.end());
}

bool names(effect const& changes, std::string const& role)
{
    return std::any_of(changes.begin(), changes.end(),
                       [&](change const& one) { return one.after && names(*one.after, role); });
}

bool names(migration const& one, std::string const& role)
{
    return names(one.changes, role) || std::any_of(one.statements.begin(), one.statements.end(),
                                                   [&](effect const& each) { return names(each, role); });
}

} // namespace

plan seen_by(std::string const& role, plan of)
{
    bool const is_named =
        std::any_of(of.initial.begin(), of.initial.end(), [&](auto const& one) { return names(one.second, role); }) ||
        std::any_of(of.migrations.begin(), of.migrations.end(), [&](auto const& one) { return names(one, role); });
    if (!is_named) {
        return of;
    }
    onlooker all{role, of.initial};
    of.initial = all.seen_now();
    for (auto& one : of.migrations) {
        if (!one.statements.empty()) {
            auto each = all;
            for (auto& statement : one.statements) {
                statement = each.watch(statement);
            }
        }
        one.changes = all.watch(one.changes);
    }
    return of;
}

} // namespace pgratchet::plan
