// SPDX-License-Identifier: Apache-2.0
// Owner, privileges and comment of objects, and default privileges.
#include "catalog/identity.hpp"
#include "catalog/privileges.hpp"
#include "catalog/settings.hpp"
#include "revert/ddl.hpp"

#include <algorithm>
#include <set>

namespace pgratchet::revert {

namespace {

/// Who may do what: by grantee, each privilege with an asterisk if it may be granted on.
using grants = std::map<std::string, std::set<std::string>>;

grants grants_of(std::string_view text)
{
    grants all;
    for (auto const& one : catalog::parts_of(text, ';')) {
        auto const sign = one.rfind('=');
        auto const list = catalog::parts_of(one.substr(sign + 1), ',');
        all[one.substr(0, sign)] = {list.begin(), list.end()};
    }
    return all;
}

std::string bare(std::string const& privilege)
{
    return privilege.ends_with('*') ? privilege.substr(0, privilege.size() - 1) : privilege;
}

/// Those of one grantee that `has` lacks of `is`, as "SELECT, INSERT"; `with_option` chooses those with an asterisk.
std::string list_of(std::set<std::string> const& is, std::set<std::string> const& has, bool with_option,
                    std::string const& column)
{
    std::string list;
    for (auto const& one : is) {
        if (!has.contains(one) && one.ends_with('*') == with_option) {
            list += (list.empty() ? "" : ", ") + bare(one) + column;
        }
    }
    return list;
}

struct grant_place {
    std::string before; ///< "ALTER DEFAULT PRIVILEGES " or nothing
    std::string on;     ///< " ON TABLE public.t"
    std::string column; ///< " (c)" or nothing
};

using privilege_set = std::set<std::string>;

/// What one grantee has to lose and to get.
statements changes_for(std::string const& grantee, privilege_set const& was, privilege_set const& is,
                       grant_place const& place)
{
    privilege_set gone;
    privilege_set known = was;
    privilege_set no_option;
    for (auto const& one : was) {
        if (!is.contains(bare(one)) && !is.contains(bare(one) + "*")) {
            gone.insert(bare(one));
        } else if (one.ends_with('*') && !is.contains(one)) {
            no_option.insert(bare(one));
            known.insert(bare(one));
        }
    }
    statements all;
    auto const revoke = [&](std::string const& what, privilege_set const& privileges) {
        if (!privileges.empty()) {
            all.push_back(place.before + what + list_of(privileges, {}, false, place.column) + place.on + " FROM " +
                          grantee);
        }
    };
    revoke("REVOKE ", gone);
    revoke("REVOKE GRANT OPTION FOR ", no_option);
    for (bool const with_option : {false, true}) {
        if (auto const list = list_of(is, known, with_option, place.column); !list.empty()) {
            all.push_back(place.before + "GRANT " + list + place.on + " TO " + grantee +
                          (with_option ? " WITH GRANT OPTION" : ""));
        }
    }
    return all;
}

/// What differs between two sets of privileges, as REVOKE and GRANT.
statements grant_changes(grants const& from, grants const& to, grant_place const& place, sql_names const& names)
{
    privilege_set grantees;
    for (auto const* const side : {&from, &to}) {
        for (auto const& [grantee, list] : *side) {
            grantees.insert(grantee);
        }
    }
    auto const privileges_of = [](grants const& of, std::string const& grantee) {
        auto const found = of.find(grantee);
        return found == of.end() ? privilege_set{} : found->second;
    };
    statements all;
    for (auto const& grantee : grantees) {
        auto changes =
            changes_for(names.role(grantee), privileges_of(from, grantee), privileges_of(to, grantee), place);
        all.insert(all.end(), changes.begin(), changes.end());
    }
    return all;
}

std::string grant_target(catalog::object const& of, sql_names const& names)
{
    auto const& kind = of.id.kind;
    if (kind == "column") {
        return " ON TABLE " + names.qualified(of.root);
    }
    std::string word = kind_in_sql(of);
    if (kind == "view" || kind == "materialized view" || kind == "foreign table") {
        word = "TABLE";
    } else if (kind == "aggregate") {
        word = "FUNCTION";
    } else if (kind == "server") {
        word = "FOREIGN SERVER";
    }
    return " ON " + word + " " + names.of(of.id);
}

std::string comment_target(catalog::object const& of, sql_names const& names)
{
    if (of.id.kind == "column") {
        return "COLUMN " + names.qualified(of.id.identity);
    }
    return kind_in_sql(of) + " " + names.of(of.id);
}

} // namespace

statements restore_access(catalog::object const& from, catalog::object const& to, sql_names const& names)
{
    statements all;
    if (attribute(from, "owner") != attribute(to, "owner")) {
        auto const owner = attribute(to, "owner");
        all.push_back("ALTER " + kind_in_sql(to) + " " + names.of(to.id) + " OWNER TO " +
                      names.role(owner.empty() ? "@deployer" : owner));
    }
    if (catalog::effective_privileges(from) != catalog::effective_privileges(to)) {
        auto const column = to.id.kind == "column" ? " (" + names.column(to) + ")" : "";
        auto const changes =
            grant_changes(grants_of(catalog::effective_privileges(from)), grants_of(catalog::effective_privileges(to)),
                          {"", grant_target(to, names), column}, names);
        all.insert(all.end(), changes.begin(), changes.end());
    }
    if (attribute(from, "comment") != attribute(to, "comment")) {
        auto const comment = attribute(to, "comment");
        all.push_back("COMMENT ON " + comment_target(to, names) + " IS " +
                      (comment.empty() ? "NULL" : catalog::literal(comment)));
    }
    return all;
}

statements restore_default_privileges(catalog::object_id const& id, catalog::object const* from,
                                      catalog::object const* to, sql_names const& names)
{
    // "for role @deployer in schema public on tables"
    std::string_view const text = id.identity;
    constexpr std::string_view for_role = "for role ";
    constexpr std::string_view in_schema = " in schema ";
    auto const on = text.rfind(" on ");
    auto const in = text.find(in_schema);
    auto const role = text.substr(for_role.size(), std::min(in, on) - for_role.size());
    auto const objects = std::string{text.substr(on + 4)};
    bool const is_global = in == std::string_view::npos;
    std::string before = "ALTER DEFAULT PRIVILEGES ";
    before += role == "@deployer" ? "" : "FOR ROLE " + names.role(role) + " ";
    before += is_global
                  ? ""
                  : "IN SCHEMA " + names.name(text.substr(in + in_schema.size(), on - in - in_schema.size())) + " ";
    auto const given = [&](catalog::object const* one) {
        // Without an entry what is built in holds; an entry for a schema only adds to it.
        auto const* const kind = objects == "functions" ? "function" : objects == "types" ? "type" : "";
        return grants_of(one != nullptr ? attribute(*one, "privileges")
                         : is_global    ? std::string{catalog::built_in_privileges(kind)}
                                        : std::string{});
    };
    std::string upper = objects;
    std::transform(upper.begin(), upper.end(), upper.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return grant_changes(given(from), given(to), {before, " ON " + upper, ""}, names);
}

} // namespace pgratchet::revert
