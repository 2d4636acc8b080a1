// SPDX-License-Identifier: Apache-2.0
#include "compile/trace.hpp"

#include "database/pipeline.hpp"
#include "execute/catalog_reader.hpp"
#include "plan/effect.hpp"

#include <algorithm>
#include <array>
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
        m_session.execute(reporting_functions(m_session.server_version(), m_session.role()));
    }
    for (auto const& one : execute::read_catalog(m_session, {})) {
        remember(one);
    }
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
    auto const said = nlohmann::json::parse(notice.message, nullptr, false);
    if (!said.is_array()) {
        return false; // a migration's own
    }
    for (auto const& one : said) {
        auto const text = [&](char const* name) {
            return one.contains(name) && one[name].is_string() ? one[name].get<std::string>() : "";
        };
        catalog::object_id const id{kind_of_dropped(text("kind")), catalog::without_needless_quotes(text("identity"))};
        // A file may have set quote_all_identifiers.
        address const place{catalog::without_needless_quotes(text("catalog")), text("oid")};
        if (place.second.empty()) {
            m_granted = true; // GRANT, REVOKE and ALTER DEFAULT PRIVILEGES name no object
            continue;
        }
        m_has_lost_track = m_has_lost_track || one.value("everything", false);
        m_news.touched.insert(place);
        m_toucher.emplace(place, m_running);
        m_reporter.emplace(id, m_running);
        if (one.contains("dropped")) {
            if (auto const root = m_root_of.find(id); root != m_root_of.end()) {
                m_news.dropped_roots.insert(root->second);
            }
        }
    }
    return true;
}

void trace::touch_catalog(catalog::catalog_name const& small_catalog)
{
    m_news.whole.insert(small_catalog);
}

void trace::begin_migration(bool may_grant)
{
    m_relations.begin_migration();
    if (m_method == method::touched_objects && may_grant) { // an older horizon would do: it sees more
        m_horizon = m_session.execute("SELECT pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot())::xid::text")
                        .at(0)
                        .at(0)
                        .value();
    }
}

bool trace::can_tell_makers() const
{
    // An event trigger of the migrations' own can do anything, whatever the statement is.
    return m_method == method::touched_objects && catalog::of_kind(m_current, "event trigger").empty();
}

trace::step trace::take_step(ending how)
{
    if (m_granted) {
        m_news.whole.insert(granted_catalogs.begin(), granted_catalogs.end());
    }
    step done;
    if (m_method == method::whole_catalog || m_has_lost_track) {
        done = read_everything();
    } else if (is_behind()) {
        done = read_touched(how);
    }
    attribute(done);
    m_news = {};
    m_granted = false;
    m_has_lost_track = false;
    m_toucher.clear();
    m_reporter.clear();
    return done;
}

trace::step trace::read_everything()
{
    std::set<address> everything;
    for (auto const& [root, ids] : m_by_root) {
        everything.insert(root);
    }
    auto done = replace(everything, execute::read_catalog(m_session, {}));
    static_cast<void>(changed_file_nodes());
    return done;
}

/// DETACH PARTITION reports the parent alone, and nothing depends on it any more: so all that were its partitions are
/// looked at.
void trace::touch_partitions()
{
    std::set<std::string> parents;
    for (auto const& place : m_news.touched) {
        if (auto const known = m_by_root.find(place); known != m_by_root.end()) {
            for (auto const& id : known->second) {
                if (id.kind == "table" && m_current.at(id).attributes.contains("partition key")) {
                    parents.insert(id.identity);
                }
            }
        }
    }
    for (auto const* kind : {"table", "foreign table"}) {
        for (auto const& [id, one] : catalog::of_kind(m_current, parents.empty() ? "" : kind)) {
            auto const parent = one.attributes.find("partition of");
            if (parent != one.attributes.end() && parents.contains(catalog::without_needless_quotes(parent->second))) {
                m_news.touched.insert(m_root_of.at(id));
            }
        }
    }
}

trace::step trace::read_touched(ending how)
{
    m_news.follow = how == ending::any;
    if (m_news.follow) {
        touch_partitions();
    }
    m_news.horizon = m_granted ? m_horizon : "";
    std::set<address> roots;
    std::vector<catalog::located_object> objects;
    std::set<catalog::catalog_name> read = m_news.whole;
    for (auto const& row : rows_of_step(how)) {
        if (row.at(2)) {
            objects.push_back(catalog::decode(row));
            continue;
        }
        roots.emplace(row.at(0).value(), row.at(1).value());
        read.insert(row.at(0).value());
        if (row.at(5)) {
            m_relations.note_file_node(row.at(1).value(), *row.at(5));
        }
    }
    for (auto const& name : read) {
        if (!is_large(name)) { // it was read whole
            for (auto known = m_by_root.lower_bound({name, ""}); known != m_by_root.end() && known->first.first == name;
                 ++known) {
                roots.insert(known->first);
            }
        }
    }
    return replace(roots, objects);
}

database::rows trace::rows_of_step(ending how)
{
    auto const query = step_query(m_news);
    // Reading a view's definition locks what it reads: not to be taken for the file's own locks.
    bool const locks = how == ending::any && m_session.status() == database::transaction_status::in_transaction;
    database::pipeline all{m_session};
    if (locks) {
        all.send("SAVEPOINT pgratchet_step");
    }
    all.send_prepared(query.text, query.values);
    if (locks) {
        all.send("ROLLBACK TO SAVEPOINT pgratchet_step");
        all.send("RELEASE SAVEPOINT pgratchet_step");
    }
    all.end_group();
    if (locks) {
        all.receive();
    }
    auto answer = all.receive();
    if (locks) {
        all.receive();
        all.receive();
    }
    return answer;
}

void trace::attribute(step& done) const
{
    done.statements.reserve(done.changes.size());
    for (auto const& one : done.changes) {
        auto const reported = m_reporter.find(one.id);
        auto const root = m_root_of.find(one.id);
        auto const toucher = root == m_root_of.end() ? m_toucher.end() : m_toucher.find(root->second);
        done.statements.push_back(reported != m_reporter.end() ? reported->second
                                  : toucher != m_toucher.end() ? toucher->second
                                                               : m_running);
    }
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
        if (root.first == "pg_class") {
            m_relations.forget(root.second);
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
    m_relations.note(one);
}

std::set<std::string> trace::changed_file_nodes()
{
    std::set<std::string> changed;
    for (auto const& row : m_session.execute("SELECT oid::text, relfilenode::text FROM pg_catalog.pg_class "
                                             "WHERE oid >= 16384 AND relkind IN ('r', 'm')")) {
        auto const& oid = row.at(0).value();
        auto const was = m_relations.file_node(oid);
        auto const identity = m_relations.before_migration(oid);
        if (identity && !was.empty() && was != row.at(1).value()) {
            changed.insert(*identity);
        }
        m_relations.note_file_node(oid, row.at(1).value());
    }
    return changed;
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
