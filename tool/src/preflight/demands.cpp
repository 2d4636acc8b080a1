// SPDX-License-Identifier: Apache-2.0
#include "preflight/demands.hpp"

#include "catalog/privileges.hpp"
#include "catalog/query.hpp"
#include "preflight/mentions.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace pgratchet::preflight {

namespace {

std::string described(catalog::object_id const& id)
{
    return id.kind + " " + id.identity;
}

/// Kinds whose maker needs CREATE on the schema.
bool lives_in_schema(std::string_view kind)
{
    static constexpr std::array kinds =
        std::to_array<std::string_view>({"table", "view", "materialized view", "foreign table", "sequence", "type",
                                         "function", "procedure", "aggregate", "index", "collation"});
    return std::ranges::find(kinds, kind) != kinds.end();
}

/// Changes that go with a privilege other than ownership, or with none that can be told.
bool needs_no_owner(plan::change const& one, bool is_new)
{
    return one.id.kind == "default privileges" || catalog::one_way(one.id) || (one.id.kind == "trigger" && is_new);
}

/// True if all that changes is who may do what: a grantor need not be the owner.
bool only_privileges_differ(catalog::object const& before, catalog::object const& after)
{
    auto one = before.attributes;
    auto other = after.attributes;
    one.erase("privileges");
    other.erase("privileges");
    one.erase("owner"); // by its own rule
    other.erase("owner");
    return one == other;
}

class collection {
public:
    collection(catalog::snapshot const& live, std::vector<std::string> const& roles) : m_roles{roles}
    {
        for (auto const& [id, value] : live) {
            m_now[id] = &value;
            if (id.identity == value.root) {
                m_roots[value.root] = &value;
            }
        }
    }

    void add(pending_file const& one)
    {
        auto const named = mentioned_in(one.file, one.statements_done);
        if (named.makes_roles && m_found.makes_roles.empty()) {
            m_found.makes_roles = one.compiled->file;
        }
        if (named.changes_role) {
            m_is_certain = false; // and so is every later file, whose objects may belong to anybody
        }
        m_dropped.clear();
        for (auto const& each : one.compiled->changes) {
            if (!each.after) {
                m_dropped.insert(each.id.identity);
            }
        }
        for (auto const& each : one.compiled->changes) {
            if (m_is_certain) {
                look_at(each, named, one.compiled->file);
                if (each.id.kind == "event trigger" && each.after && named.makes_event_triggers) {
                    m_found.event_triggers.try_emplace(each.id.identity,
                                                       reason{one.compiled->version, one.compiled->file});
                }
            }
            play(each);
        }
    }

    demands result() && { return std::move(m_found); }

private:
    void look_at(plan::change const& one, mentions const& named, std::string const& file)
    {
        auto const known = m_now.find(one.id);
        auto const* before = known == m_now.end() ? nullptr : known->second;
        if (one.id.kind == "extension") {
            if (auto const by = named.extensions.find(one.id.identity);
                one.after && before == nullptr && by != named.extensions.end()) {
                m_found.extensions.try_emplace(one.id.identity, reason{by->second, file});
            }
            return;
        }
        if (one.id.kind == "schema" && one.after && before == nullptr) {
            if (named.schemas.contains(schema_of(one.id.identity + "."))) {
                m_found.new_schemas.try_emplace(schema_of(one.id.identity + "."), reason{described(one.id), file});
            }
        } else if (one.after && before == nullptr) {
            look_at_new(one, named, file);
        }
        look_at_ownership(one, before, named, file);
        if (one.after) {
            look_at_roles(one, before, file);
        }
    }

    void look_at_new(plan::change const& one, mentions const& named, std::string const& file)
    {
        auto const names_it = named.made.contains(catalog::root_of({one.id, one.id.identity, {}}).name);
        bool const is_index = one.id.kind == "index" && named.made.contains(catalog::root_of(*one.after).name);
        auto const schema = schema_of(one.id.identity);
        if (lives_in_schema(one.id.kind) && (names_it || is_index) && m_roots.contains(quoted_if_needed(schema)) &&
            !m_schemas_changed.contains(schema)) {
            m_found.create_in.try_emplace(schema, reason{described(one.id), file});
        }
    }

    void look_at_ownership(plan::change const& one, catalog::object const* before, mentions const& named,
                           std::string const& file)
    {
        auto const& root_name = one.after ? one.after->root : before != nullptr ? before->root : one.id.identity;
        auto const place = m_roots.find(root_name);
        if (place == m_roots.end() || needs_no_owner(one, before == nullptr)) {
            return;
        }
        if (one.after && before != nullptr && only_privileges_differ(*before, *one.after)) {
            return;
        }
        auto const& root = *place->second;
        auto const owner = catalog::other_owner(root);
        if (!owner || !named.worked_on.contains(catalog::root_of(root).name) || !m_asked.insert(root.id).second) {
            return;
        }
        m_found.owned.push_back({root.id, *owner, file, m_dropped.contains(root.id.identity)});
    }

    void look_at_roles(plan::change const& one, catalog::object const* before, std::string const& file)
    {
        auto const of = [](catalog::object const* object, char const* name) {
            return catalog::attribute_of(object, name).value_or("");
        };
        auto const owner = catalog::other_owner(*one.after).value_or("");
        if (!owner.empty() && owner != of(before, "owner")) {
            m_found.given_to.try_emplace(owner, reason{described(one.id), file});
            m_found.roles_named.try_emplace(owner, reason{described(one.id), file});
        }
        auto const privileges = "; " + of(&*one.after, "privileges");
        auto const policy = ", " + of(&*one.after, "roles") + ", ";
        for (auto const& role : m_roles) {
            if (privileges.find("; " + role + "=") != std::string::npos ||
                policy.find(", " + role + ", ") != std::string::npos) {
                m_found.roles_named.try_emplace(role, reason{described(one.id), file});
            }
        }
    }

    void play(plan::change const& one)
    {
        if (one.id.kind == "schema") {
            m_schemas_changed.insert(schema_of(one.id.identity + ".")); // its privileges are what the file makes them
        }
        if (!one.after) {
            m_now.erase(one.id);
            m_roots.erase(one.id.identity);
            return;
        }
        m_now[one.id] = &*one.after;
        if (one.id.identity == one.after->root) {
            // A definition alone does not move an object to another owner: what is there keeps its own.
            auto const [place, is_new] = m_roots.try_emplace(one.id.identity, &*one.after);
            if (!is_new && one.after->attributes.contains("owner")) {
                place->second = &*one.after;
            }
        }
    }

    static std::string quoted_if_needed(std::string const& schema)
    {
        return catalog::without_needless_quotes("\"" + schema + "\"");
    }

    std::vector<std::string> const& m_roles;
    demands m_found;
    bool m_is_certain = true;
    std::map<catalog::object_id, catalog::object const*> m_now;
    std::map<std::string, catalog::object const*> m_roots; ///< what has an owner, by identity; schemas too
    std::set<std::string> m_schemas_changed;
    std::set<catalog::object_id> m_asked;
    std::set<std::string> m_dropped; ///< identities that the file at hand drops
};

} // namespace

std::string schema_of(std::string const& identity)
{
    std::string name;
    bool in_quotes = false;
    for (char const c : identity) {
        if (c == '"') {
            in_quotes = !in_quotes;
        } else if (c == '.' && !in_quotes) {
            return name;
        } else if (c == '(' && !in_quotes) {
            break;
        } else {
            name += c;
        }
    }
    return {};
}

demands demands_of(std::vector<pending_file> const& files, catalog::snapshot const& live,
                   std::vector<std::string> const& declared_roles)
{
    collection all{live, declared_roles};
    for (auto const& one : files) {
        all.add(one);
    }
    return std::move(all).result();
}

} // namespace pgratchet::preflight
