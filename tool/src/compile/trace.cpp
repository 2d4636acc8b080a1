// SPDX-License-Identifier: Apache-2.0
#include "compile/trace.hpp"

#include "compile/trace_sql.hpp"
#include "execute/catalog_reader.hpp"
#include "plan/effect.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <nlohmann/json.hpp>

namespace pgratchet::compile {

namespace {

/// The small catalogs in which a GRANT can write.
constexpr std::array granted_catalogs{"pg_namespace", "pg_foreign_data_wrapper", "pg_foreign_server", "pg_language",
                                      "pg_default_acl"};

/// Catalogs whose objects are looked up one by one; all others are small and read whole.
bool is_large(catalog::catalog_name const& name)
{
    return name == "pg_class" || name == "pg_proc" || name == "pg_type";
}

/// Our word for what pg_event_trigger_dropped_objects() calls "table column", "view column", ...
std::string kind_of_dropped(std::string const& object_type)
{
    return object_type.ends_with(" column") ? "column" : object_type;
}

} // namespace

trace::trace(database::session& session, method chosen) : m_session{session}, m_method{chosen}
{
    if (m_method == method::touched_objects) {
        m_session.execute(reporting_event_triggers());
    }
    for (auto const& one : execute::read_catalog(m_session, {})) {
        remember(one);
    }
    note_horizon();
}

bool trace::can_follow_touched_objects(database::session& session)
{
    return session.execute("SELECT rolsuper::text FROM pg_catalog.pg_roles WHERE rolname = current_user").at(0).at(0) ==
           "true";
}

bool trace::take_notice(database::server_message const& notice)
{
    if (notice.sqlstate != notice_sqlstate) {
        return false;
    }
    for (auto const& one : nlohmann::json::parse(notice.message)) {
        auto const text = [&](char const* name) {
            return one.contains(name) && one[name].is_string() ? one[name].get<std::string>() : "";
        };
        if (one.contains("identity")) {
            m_touched.emplace(text("catalog"), text("oid"));
            auto const root =
                m_root_of.find({kind_of_dropped(text("kind")), catalog::without_needless_quotes(text("identity"))});
            if (root != m_root_of.end()) {
                m_dropped_roots.insert(root->second);
            }
        } else if (text("oid").empty()) {
            m_granted = true; // GRANT, REVOKE and ALTER DEFAULT PRIVILEGES name no object
        } else {
            m_touched.emplace(text("catalog"), text("oid"));
        }
    }
    return true;
}

void trace::touch_catalog(catalog::catalog_name const& small_catalog)
{
    m_whole.insert(small_catalog);
}

std::set<trace::address> trace::affected_roots()
{
    std::set<address> roots = m_dropped_roots;
    if (m_granted) {
        m_whole.insert(granted_catalogs.begin(), granted_catalogs.end());
    }
    if (!m_touched.empty() || m_granted) {
        auto const query = affected_roots_query(m_touched, m_granted ? m_horizon : "");
        for (auto const& row : execute::select_pinned(m_session, query)) {
            roots.emplace(row.at(0).value(), row.at(1).value());
        }
    }
    return roots;
}

void trace::add_small_catalogs(catalog::scope const& wanted, std::set<address>& roots) const
{
    for (auto const& [name, oids] : wanted.wanted) {
        if (!is_large(name)) {
            for (auto known = m_by_root.lower_bound({name, ""}); known != m_by_root.end() && known->first.first == name;
                 ++known) {
                roots.insert(known->first);
            }
        }
    }
}

trace::step trace::take_step(bool if_not_exists)
{
    step done;
    if (m_method == method::whole_catalog) {
        std::set<address> everything;
        for (auto const& [root, ids] : m_by_root) {
            everything.insert(root);
        }
        done = replace(everything, execute::read_catalog(m_session, {}));
    } else {
        auto roots = affected_roots();
        catalog::scope wanted{catalog::scope::selection::by_oid, {}};
        for (auto const& [catalog, oid] : roots) {
            wanted.wanted[catalog].insert(oid);
        }
        for (auto const& name : m_whole) {
            wanted.wanted[name];
        }
        add_small_catalogs(wanted, roots);
        if (!wanted.wanted.empty()) {
            done = replace(roots, execute::read_catalog(m_session, wanted));
        }
        note_horizon();
    }
    for (auto& one : done.changes) {
        one.if_not_exists = if_not_exists && one.after && !done.before.contains(one.id);
    }
    m_touched.clear();
    m_dropped_roots.clear();
    m_whole.clear();
    m_granted = false;
    return done;
}

trace::step trace::replace(std::set<address> const& roots, std::vector<catalog::located_object> const& now)
{
    step done;
    for (auto const& root : roots) {
        auto const known = m_by_root.find(root);
        if (known == m_by_root.end()) {
            continue;
        }
        for (auto const& id : known->second) {
            if (auto node = m_current.extract(id)) {
                done.before.insert(std::move(node));
            }
            m_root_of.erase(id);
        }
        m_by_root.erase(known);
    }
    catalog::snapshot after;
    for (auto const& one : now) {
        after.insert_or_assign(one.value.id, one.value);
        remember(one);
    }
    done.changes = plan::difference(done.before, after);
    return done;
}

void trace::remember(catalog::located_object const& one)
{
    address const root{one.catalog, one.oid};
    m_by_root[root].insert(one.value.id);
    m_root_of.insert_or_assign(one.value.id, root);
    m_current.insert_or_assign(one.value.id, one.value);
}

void trace::note_horizon()
{
    if (m_method == method::touched_objects) {
        // Within a transaction its own number: on a shared server others may have begun and ended since, and have taken
        // higher ones.
        m_horizon = m_session
                        .execute("SELECT coalesce(pg_catalog.pg_current_xact_id_if_assigned(), "
                                 "pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot()))::xid::text")
                        .at(0)
                        .at(0)
                        .value();
    }
}

bool trace::is_complete()
{
    if (m_method == method::whole_catalog) {
        return true;
    }
    catalog::snapshot whole;
    for (auto& one : execute::read_catalog(m_session, {})) {
        auto id = one.value.id;
        whole.insert_or_assign(std::move(id), std::move(one.value));
    }
    return whole == m_current;
}

} // namespace pgratchet::compile
