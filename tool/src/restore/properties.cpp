// SPDX-License-Identifier: Apache-2.0
#include "restore/properties.hpp"

#include "errors.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace pgratchet::restore {

namespace {

using database::quoted_name;

/// Those whose value the server keeps as a list of quoted names (GUC_LIST_QUOTE in its source, and in pg_dump's). As
/// one literal it would become one name.
bool is_list(std::string_view setting)
{
    static constexpr std::array<std::string_view, 6> names{"local_preload_libraries",   "search_path",
                                                           "session_preload_libraries", "shared_preload_libraries",
                                                           "temp_tablespaces",          "unix_socket_directories"};
    return std::ranges::find(names, setting) != names.end();
}

void execute_all(database::session& on, std::string const& statements)
{
    try {
        on.execute("BEGIN;" + statements + "COMMIT");
    } catch (database::sql_error const&) {
        on.execute("ROLLBACK");
        throw;
    }
}

/// Grantee (nothing: PUBLIC), grantor, privilege, whether it may be passed on, whether the grantor is the owner.
database::rows privileges_on(database::session& on, database_id const& of)
{
    return on.execute("SELECT g.rolname, o.rolname, a.privilege_type, a.is_grantable, a.grantor = d.datdba "
                      "FROM pg_catalog.pg_database d CROSS JOIN pg_catalog.aclexplode(coalesce(d.datacl, "
                      "pg_catalog.acldefault('d', d.datdba))) a LEFT JOIN pg_catalog.pg_roles g ON g.oid = a.grantee "
                      "JOIN pg_catalog.pg_roles o ON o.oid = a.grantor WHERE d.oid = " +
                      of.oid + " ORDER BY 5 DESC, 4 DESC, 1, 2, 3");
}

std::string grant(database::row const& one, std::string const& name)
{
    auto statement = "GRANT " + one[2].value() + " ON DATABASE " + name + " TO " +
                     (one[0] ? quoted_name(*one[0]) : "PUBLIC") + (one[3] == "t" ? " WITH GRANT OPTION;" : ";");
    if (one[4] != "t") { // a grant counts as the owner's unless it is made in the grantor's name
        statement = "SET LOCAL ROLE " + quoted_name(one[1].value()) + ";" + statement + "RESET ROLE;";
    }
    return statement;
}

/// In an order in which each grantor may grant: the owner, and whoever was given the privilege to pass it on.
database::rows in_order_of_grantors(database::rows left)
{
    database::rows done;
    while (!left.empty()) {
        auto const may_be_made = [&](database::row const& one) {
            return one[4] == "t" || std::ranges::any_of(done, [&](database::row const& before) {
                       return before[0] == one[1] && before[2] == one[2] && before[3] == "t";
                   });
        };
        auto const next = std::ranges::find_if(left, may_be_made);
        auto const place = next == left.end() ? left.begin() : next; // the server says what is wrong with it
        done.push_back(std::move(*place));
        left.erase(place);
    }
    return done;
}

std::string setting_statement(database::session& on, database::row const& one, std::string const& name)
{
    auto const equals = one[1].value().find('=');
    auto const setting = one[1]->substr(0, equals);
    auto const value = one[1]->substr(equals + 1);
    std::string text;
    if (is_list(setting)) {
        for (auto const& element : elements_of_list(value)) {
            text += (text.empty() ? "" : ", ") + on.quote(element);
        }
    }
    return (one[0] ? "ALTER ROLE " + quoted_name(*one[0]) + " IN DATABASE " + name : "ALTER DATABASE " + name) +
           " SET " + quoted_name(setting) + " TO " + (text.empty() ? on.quote(value) : text);
}

std::vector<std::string> settings_statements(database::session& admin, database_id const& from, database_id const& to)
{
    auto const name = quoted_name(to.name);
    std::vector<std::string> statements;
    for (auto const& one : admin.execute("SELECT r.rolname, c.text FROM pg_catalog.pg_db_role_setting s CROSS JOIN "
                                         "unnest(s.setconfig) WITH ORDINALITY c (text, number) LEFT JOIN "
                                         "pg_catalog.pg_roles r ON r.oid = s.setrole WHERE s.setdatabase = " +
                                         from.oid + " ORDER BY s.setrole, c.number")) {
        statements.push_back(setting_statement(admin, one, name));
    }
    for (auto const& one : admin.execute("SELECT pg_catalog.shobj_description(" + from.oid + ", 'pg_database')")) {
        if (one[0]) {
            statements.push_back("COMMENT ON DATABASE " + name + " IS " + admin.quote(*one[0]));
        }
    }
    for (auto const& one : admin.execute("SELECT provider, label FROM pg_catalog.pg_shseclabel WHERE classoid = "
                                         "'pg_catalog.pg_database'::regclass AND objoid = " +
                                         from.oid)) {
        statements.push_back("SECURITY LABEL FOR " + quoted_name(one[0].value()) + " ON DATABASE " + name + " IS " +
                             admin.quote(one[1].value()));
    }
    return statements;
}

} // namespace

void copy_privileges(database::session& admin, database_id const& from, database_id const& to)
{
    auto const wanted = privileges_on(admin, from);
    if (wanted == privileges_on(admin, to)) {
        return;
    }
    auto const name = quoted_name(to.name);
    auto const owner =
        admin.execute("SELECT pg_catalog.pg_get_userbyid(datdba) FROM pg_catalog.pg_database WHERE oid = " + to.oid)
            .at(0)
            .at(0)
            .value();
    auto statements = "REVOKE ALL ON DATABASE " + name + " FROM PUBLIC;REVOKE ALL ON DATABASE " + name + " FROM " +
                      quoted_name(owner) + ";";
    for (auto const& one : in_order_of_grantors(wanted)) {
        statements += grant(one, name);
    }
    execute_all(admin, statements);
    if (privileges_on(admin, to) != wanted) {
        throw backup_failed{"the privileges on the database " + from.name + " cannot be given to the new one",
                            "a superuser can restore it"};
    }
}

void copy_settings(database::session& admin, database_id const& from, database_id const& to)
{
    std::string all;
    for (auto const& one : settings_statements(admin, from, to)) {
        all += one + ";";
    }
    execute_all(admin, all);
}

void try_settings(database::session& admin, database_id const& from, database_id const& to)
{
    admin.execute("BEGIN");
    for (auto const& one : settings_statements(admin, from, to)) {
        try {
            admin.execute(one);
        } catch (database::sql_error const& problem) {
            admin.execute("ROLLBACK");
            throw state_refused{
                "the database " + from.name + " has a property that cannot be given to a new one: " + problem.what() +
                    " [" + problem.sqlstate() + "]; nothing was changed",
                "the new one needs it: " + one + "; give our role the right to say so, or restore as a superuser"};
        }
    }
    admin.execute("ROLLBACK");
}

} // namespace pgratchet::restore
