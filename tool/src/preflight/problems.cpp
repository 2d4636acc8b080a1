// SPDX-License-Identifier: Apache-2.0
#include "preflight/problems.hpp"

#include "catalog/query.hpp"

#include <algorithm>
#include <cctype>
#include <set>

namespace pgratchet::preflight {

namespace {

/// A role, schema or database as SQL takes it.
std::string name(std::string const& plain)
{
    std::string quoted = "\"";
    for (char const c : plain) {
        quoted += c;
        if (c == '"') {
            quoted += c;
        }
    }
    return catalog::without_needless_quotes(quoted + '"');
}

std::string upper(std::string text)
{
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::toupper(c); });
    return text;
}

class comparison {
public:
    comparison(demands const& wanted, rights const& has) : m_wanted{wanted}, m_has{has} {}

    std::vector<problem> run()
    {
        look_at_extensions();
        if (!m_has.is_superuser) {
            look_at_event_triggers();
            look_at_roles();
            look_at_schemas();
            look_at_new_owners();
            look_at_owners();
        }
        return std::move(m_found);
    }

private:
    void look_at_extensions()
    {
        for (auto const& [extension, why] : m_wanted.extensions) {
            auto const start = why.file + ": extension " + name(extension);
            auto const offer = m_has.extensions.find(extension);
            if (offer == m_has.extensions.end()) {
                add(start + " is not available on this server",
                    "install its files there, or allow it where the provider keeps a list; then: " + why.object + ";",
                    "the server's administrator");
                continue;
            }
            bool const suffices = !offer->second.needs_superuser || m_has.is_superuser ||
                                  m_has.is_managed_administrator ||
                                  (offer->second.is_trusted && m_has.may_create_in_database);
            if (suffices) {
                continue;
            }
            if (offer->second.is_trusted) {
                add(start + " is trusted, and role " + m_has.role + " lacks CREATE on database " + m_has.database,
                    grant_on_database(), "the owner of the database or a superuser");
            } else {
                add(start + " needs a superuser, and role " + m_has.role + " is none", why.object + ";",
                    "a superuser in database " + m_has.database);
            }
        }
    }

    void look_at_event_triggers()
    {
        for (auto const& [trigger, why] : m_wanted.event_triggers) {
            if (!m_has.is_managed_administrator) {
                add(why.file + ": event trigger " + trigger + " needs a superuser, and role " + m_has.role + " is none",
                    "pgratchet apply --to " + why.object, "a superuser");
            }
        }
    }

    void look_at_roles()
    {
        if (!m_wanted.makes_roles.empty()) {
            if (!m_has.is_superuser && !m_has.may_create_roles) {
                add(m_wanted.makes_roles + ": role " + m_has.role + " lacks CREATEROLE, and the file makes roles",
                    "ALTER ROLE " + name(m_has.role) + " CREATEROLE;", "a superuser");
            }
            return; // the role that is missing may be the one that is made
        }
        for (auto const& [role, why] : m_wanted.roles_named) {
            if (!m_has.roles.contains(role)) {
                add(why.file + ": there is no role " + role + ", and the file gives it rights on " + why.object,
                    "CREATE ROLE " + name(role) + ";", "a role with CREATEROLE");
            }
        }
    }

    void look_at_schemas()
    {
        for (auto const& [schema, why] : m_wanted.new_schemas) {
            if (!m_has.may_create_in_database) {
                add(why.file + ": role " + m_has.role + " lacks CREATE on database " + m_has.database + ", for " +
                        why.object,
                    grant_on_database(), "the owner of the database or a superuser");
            }
        }
        for (auto const& [schema, why] : m_wanted.create_in) {
            auto const right = m_has.schemas.find(schema);
            if (right != m_has.schemas.end() && !right->second.may_create) {
                add(why.file + ": role " + m_has.role + " lacks CREATE on schema " + name(schema) + ", for " +
                        why.object,
                    "GRANT USAGE, CREATE ON SCHEMA " + name(schema) + " TO " + name(m_has.role) + ";",
                    "the owner of the schema or a superuser");
            }
        }
    }

    void look_at_new_owners()
    {
        for (auto const& [role, why] : m_wanted.given_to) {
            auto const right = m_has.roles.find(role);
            if (right != m_has.roles.end() && !right->second.may_become) {
                add(why.file + ": role " + m_has.role + " is no member of role " + role + ", and gives it " +
                        why.object,
                    "GRANT " + name(role) + " TO " + name(m_has.role) + ";",
                    "a superuser or an administrator of that role");
            }
        }
    }

    void look_at_owners()
    {
        for (auto const& one : m_wanted.owned) {
            auto const owner = m_has.roles.find(one.owner);
            auto const schema = m_has.schemas.find(schema_of(one.object.identity));
            bool const by_schema = one.is_dropped && schema != m_has.schemas.end() && schema->second.is_owner;
            if (owner == m_has.roles.end() || owner->second.is_member || by_schema) {
                continue;
            }
            auto const what = one.object.kind + " " + one.object.identity;
            auto const is_role_to_share = !owner->second.is_superuser && !owner->second.is_predefined;
            auto const alter =
                "ALTER " + upper(one.object.kind) + " " + one.object.identity + " OWNER TO " + name(m_has.role) + ";";
            add(one.file + ": role " + m_has.role + " does not own " + what + ", which belongs to " + one.owner,
                is_role_to_share ? "GRANT " + name(one.owner) + " TO " + name(m_has.role) + ";  or  " + alter : alter,
                "a superuser" + (is_role_to_share ? " or an administrator of role " + one.owner : ""));
        }
    }

    [[nodiscard]] std::string grant_on_database() const
    {
        return "GRANT CREATE ON DATABASE " + name(m_has.database) + " TO " + name(m_has.role) + ";";
    }

    void add(std::string what, std::string mend, std::string by)
    {
        m_found.push_back({std::move(what), std::move(mend), std::move(by)});
    }

    demands const& m_wanted;
    rights const& m_has;
    std::vector<problem> m_found;
};

} // namespace

std::vector<problem> problems_of(demands const& wanted, rights const& has)
{
    return comparison{wanted, has}.run();
}

std::string in_words(std::vector<problem> const& problems)
{
    std::string text;
    for (auto const& one : problems) {
        text += "\n  " + one.what + "\n    " + one.mend + "  -- by " + one.by;
    }
    return text;
}

} // namespace pgratchet::preflight
