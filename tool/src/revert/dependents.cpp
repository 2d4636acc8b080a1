// SPDX-License-Identifier: Apache-2.0
// What stands in the way of dropping or altering an object.
#include "revert/undo.hpp"

#include <algorithm>

namespace pgratchet::revert {

std::vector<catalog::object_id> undo::dependents(catalog::object_id const& id)
{
    auto const root = m_roots.find(id);
    if (root == m_roots.end()) {
        return {};
    }
    auto const& object = m_current.at(id);
    auto const part = object.root == id.identity
                          ? std::string{}
                          : m_session.quote(id.kind == "column" ? id.identity.substr(object.root.size() + 1)
                                                                : name_and_root(id.identity).first);
    auto const catalog = "'pg_catalog." + root->second.first + "'::regclass";
    auto const& oid = root->second.second;
    // A part has an address of its own: a column by its number, a constraint by its OID and that of its index.
    std::string where = "d.refclassid = " + catalog + " AND d.refobjid = " + oid;
    if (id.kind == "column") {
        where += " AND d.refobjsubid = (SELECT a.attnum FROM pg_catalog.pg_attribute a WHERE a.attrelid = " + oid +
                 " AND NOT a.attisdropped AND " + part + " IN (a.attname, quote_ident(a.attname)))";
    } else if (!part.empty()) {
        where = "d.refobjid IN (SELECT unnest(ARRAY[k.oid, k.conindid]) FROM pg_catalog.pg_constraint k WHERE "
                "k.conrelid = " +
                oid + " AND " + part + " IN (k.conname, quote_ident(k.conname)))";
    } else if (root->second.first == "pg_class") {
        where =
            "(" + where + " OR d.refobjid = (SELECT c.reltype FROM pg_catalog.pg_class c WHERE c.oid = " + oid + "))";
    }
    std::vector<catalog::object_id> found;
    for (auto const& row : m_session.execute(
             "SELECT DISTINCT i.type, i.identity FROM pg_catalog.pg_depend d CROSS JOIN LATERAL "
             "pg_catalog.pg_identify_object(d.classid, d.objid, d.objsubid) i WHERE d.deptype IN ('n', 'a') AND " +
             where)) {
        catalog::object_id one{row.at(0).value(), catalog::without_needless_quotes(row.at(1).value())};
        if (one.kind == "table column") {
            one.kind = "column";
        }
        auto const [name, on] = name_and_root(one.identity);
        if (one.kind == "rule" && (name == "_RETURN" || name == "\"_RETURN\"")) {
            one = {m_current.contains({"view", on}) ? "view" : "materialized view", on};
        }
        found.push_back(std::move(one));
    }
    return found;
}

/// Has what depends on an object dropped, to be made again, where no rows are lost by that. True if there is more to
/// drop then.
bool undo::make_way(catalog::object_id const& for_this)
{
    auto const held_by = dependents(for_this);
    auto const stays = [&](catalog::object_id const& id) {
        return m_current.contains(id) && m_wanted.contains(id);
    };
    // A column that is to stay holds a type for good.
    if (std::any_of(held_by.begin(), held_by.end(), [&](auto const& id) { return id.kind == "column" && stays(id); })) {
        return false;
    }
    bool is_new = false;
    for (auto const& id : held_by) {
        if (stays(id) && holds_no_rows(id.kind)) {
            is_new = m_anew.insert(id).second || is_new;
        }
    }
    return is_new;
}

} // namespace pgratchet::revert
