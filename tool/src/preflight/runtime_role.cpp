// SPDX-License-Identifier: Apache-2.0
#include "preflight/runtime_role.hpp"

#include "catalog/query.hpp"

#include <algorithm>

namespace pgratchet::preflight {

namespace {

std::string name(std::string const& plain)
{
    return catalog::without_needless_quotes(database::quoted_name(plain));
}

std::string texts(std::vector<std::string> const& values)
{
    return catalog::array_literal(values) + "::text[]";
}

class inspection {
public:
    inspection(database::session& on, runtime_needs const& needs)
        : m_session{on}, m_needs{needs}, m_role{name(needs.role)}, m_literal{on.quote(needs.role) + "::name"}
    {
    }

    std::vector<std::string> run()
    {
        auto const role = m_session.execute(
            "SELECT rolsuper, rolcreaterole, pg_catalog.has_database_privilege(oid, pg_catalog.current_database(), "
            "'CREATE'), pg_catalog.current_database() FROM pg_catalog.pg_roles WHERE rolname = " +
            m_literal);
        if (role.empty()) {
            return {"there is no role " + m_needs.role + ": CREATE ROLE " + m_role + " LOGIN;"};
        }
        if (role[0][0] == "t") {
            // Then it may do anything, and each of the other questions is answered by that.
            return {"role " + m_needs.role + " is a superuser: ALTER ROLE " + m_role + " NOSUPERUSER;"};
        }
        if (role[0][1] == "t") {
            say("role " + m_needs.role + " may make roles", "ALTER ROLE " + m_role + " NOCREATEROLE;");
        }
        auto const database = role[0][3].value();
        if (role[0][2] == "t") {
            say("role " + m_needs.role + " has CREATE on database " + database,
                "REVOKE CREATE ON DATABASE " + name(database) + " FROM " + m_role + ", PUBLIC;");
        }
        look_at_schemas();
        look_at_tables();
        look_at_sequences();
        look_at_memberships();
        look_at_ownership();
        return std::move(m_found);
    }

private:
    void look_at_schemas()
    {
        for (auto const& row : m_session.execute("SELECT nspname, pg_catalog.has_schema_privilege(" + m_literal +
                                                 ", oid, 'USAGE'), pg_catalog.has_schema_privilege(" + m_literal +
                                                 ", oid, 'CREATE') FROM pg_catalog.pg_namespace WHERE nspname = ANY (" +
                                                 texts(m_needs.schemas) + ") ORDER BY nspname")) {
            auto const schema = row[0].value();
            if (row[1] == "f") {
                say("role " + m_needs.role + " lacks USAGE on schema " + schema,
                    "GRANT USAGE ON SCHEMA " + name(schema) + " TO " + m_role + ";");
            }
            if (row[2] == "t") {
                say("role " + m_needs.role + " has CREATE on schema " + schema,
                    "REVOKE CREATE ON SCHEMA " + name(schema) + " FROM " + m_role + ", PUBLIC;");
            }
        }
    }

    void look_at_tables()
    {
        for (auto const& row : m_session.execute(
                 "SELECT t.name, pg_catalog.string_agg(p.name, ', ' ORDER BY p.at) "
                 "FROM pg_catalog.unnest(" +
                 texts(m_needs.tables) + ") t(name) CROSS JOIN pg_catalog.unnest(" + texts(m_needs.privileges) +
                 ") WITH ORDINALITY p(name, at) WHERE NOT pg_catalog.has_table_privilege(" + m_literal +
                 ", pg_catalog.to_regclass(t.name)::oid, p.name) GROUP BY t.name ORDER BY t.name")) {
            auto const table = row[0].value();
            auto const lacking = row[1].value();
            say("role " + m_needs.role + " lacks " + lacking + " on table " + table,
                "GRANT " + lacking + " ON " + table + " TO " + m_role + ";");
        }
    }

    /// An identity column's sequence asks for no privilege; one in a default does.
    void look_at_sequences()
    {
        if (std::ranges::find(m_needs.privileges, "INSERT") == m_needs.privileges.end()) {
            return;
        }
        for (auto const& row : m_session.execute(
                 "SELECT DISTINCT pg_catalog.format('%I.%I', n.nspname, s.relname) FROM pg_catalog.unnest(" +
                 texts(m_needs.tables) +
                 ") t(name) JOIN pg_catalog.pg_attrdef a ON a.adrelid = pg_catalog.to_regclass(t.name) "
                 "JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_attrdef'::regclass "
                 "AND d.objid = a.oid AND d.refclassid = 'pg_catalog.pg_class'::regclass "
                 "JOIN pg_catalog.pg_class s ON s.oid = d.refobjid "
                 "JOIN pg_catalog.pg_namespace n ON n.oid = s.relnamespace "
                 // the function raises an error for what is no sequence, and conditions are asked in any order
                 "WHERE CASE WHEN s.relkind = 'S' THEN NOT pg_catalog.has_sequence_privilege(" +
                 m_literal + ", s.oid, 'USAGE, UPDATE') END ORDER BY 1")) {
            auto const sequence = row[0].value();
            say("role " + m_needs.role + " lacks USAGE on sequence " + sequence + ", which an INSERT draws from",
                "GRANT USAGE ON SEQUENCE " + sequence + " TO " + m_role + ";");
        }
    }

    void look_at_memberships()
    {
        for (auto const& row : m_session.execute(
                 "SELECT o.rolname FROM pg_catalog.pg_roles o WHERE o.rolname <> " + m_literal +
                 " AND pg_catalog.pg_has_role(" + m_literal +
                 ", o.oid, 'MEMBER') AND (o.rolname = " + m_session.quote(m_session.role()) +
                 " OR o.oid IN (SELECT c.relowner "
                 "FROM pg_catalog.unnest(" +
                 texts(m_needs.tables) +
                 ") t(name) JOIN pg_catalog.pg_class c ON c.oid = pg_catalog.to_regclass(t.name))) ORDER BY 1")) {
            auto const owner = row[0].value();
            say("role " + m_needs.role + " is a member of role " + owner + ", which owns or deploys",
                "REVOKE " + name(owner) + " FROM " + m_role + ";");
        }
    }

    void look_at_ownership()
    {
        for (auto const& row : m_session.execute(
                 "SELECT pg_catalog.pg_describe_object(s.classid, s.objid, s.objsubid) FROM pg_catalog.pg_shdepend s "
                 "JOIN pg_catalog.pg_database d ON d.datname = pg_catalog.current_database() "
                 "JOIN pg_catalog.pg_roles r ON r.oid = s.refobjid AND r.rolname = " +
                 m_literal +
                 " WHERE s.refclassid = 'pg_catalog.pg_authid'::regclass AND s.deptype = 'o' AND (s.dbid = d.oid OR "
                 "(s.classid = 'pg_catalog.pg_database'::regclass AND s.objid = d.oid)) ORDER BY 1")) {
            say("role " + m_needs.role + " owns " + row[0].value(),
                "give it to the deployer: ALTER ... OWNER TO, or REASSIGN OWNED BY " + m_role + " TO ...;");
        }
    }

    void say(std::string const& what, std::string const& mend) { m_found.push_back(what + ": " + mend); }

    database::session& m_session;
    runtime_needs const& m_needs;
    std::string m_role;
    std::string m_literal;
    std::vector<std::string> m_found;
};

} // namespace

std::vector<std::string> runtime_objections(database::session& on, runtime_needs const& needs)
{
    return inspection{on, needs}.run();
}

std::string superuser_deployer(database::session& on)
{
    auto const found =
        on.execute("SELECT FROM pg_catalog.pg_roles WHERE rolsuper AND rolname = " + on.quote(on.role()));
    return found.empty() ? std::string{} : on.role();
}

} // namespace pgratchet::preflight
