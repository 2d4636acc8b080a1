// SPDX-License-Identifier: Apache-2.0
#include "revert/undo.hpp"

#include "execute/catalog_reader.hpp"
#include "revert/order.hpp"

#include <algorithm>

namespace pgratchet::revert {

namespace {

using plan::change_kind;

constexpr auto savepoint = "pgratchet_revert";

/// The object is gone already, with another one.
bool speaks_of_what_is_gone(std::string const& sqlstate)
{
    return sqlstate == "42P01" || sqlstate == "42703" || sqlstate == "42704" || sqlstate == "42883" ||
           sqlstate == "3F000";
}

/// Where a round began.
struct standing {
    catalog::snapshot schema;
    std::set<catalog::object_id> anew;
    std::size_t done = 0; ///< statements so far
};

/// It came already, with another one.
bool speaks_of_what_is_there(std::string const& sqlstate)
{
    return sqlstate == "42701" || sqlstate == "42P07" || sqlstate == "42710" || sqlstate == "42723" ||
           sqlstate == "42P06";
}

} // namespace

undo::undo(database::session& on, catalog::snapshot wanted, blueprints prints, sql_names const& names)
    : m_session{on}, m_wanted{std::move(wanted)}, m_prints{std::move(prints)}, m_names{names}
{
    read();
}

void undo::read()
{
    m_current.clear();
    m_roots.clear();
    for (auto& one : execute::read_catalog(m_session, {})) {
        m_roots.emplace(one.value.id, std::pair{one.catalog, one.oid});
        auto const id = one.value.id;
        m_current.emplace(id, std::move(one.value));
    }
}

/// All of them, or none.
bool undo::execute(statements const& several)
{
    m_session.execute(std::string{"SAVEPOINT "} + savepoint);
    try {
        for (auto const& one : several) {
            m_session.execute(one);
        }
        m_session.execute(std::string{"RELEASE SAVEPOINT "} + savepoint);
        return true;
    } catch (database::sql_error const& problem) {
        m_sqlstate = problem.sqlstate();
        m_session.execute(std::string{"ROLLBACK TO SAVEPOINT "} + savepoint + "; RELEASE SAVEPOINT " + savepoint);
        return false;
    }
}

undo::outcome undo::attempt(statements const& several)
{
    if (several.empty()) {
        return outcome::not_needed;
    }
    if (!execute(several)) {
        return outcome::refused;
    }
    m_done.insert(m_done.end(), several.begin(), several.end());
    return outcome::done;
}

void undo::start()
{
    m_differed = differences();
    m_differed.insert(m_differed.end(), m_made_way.begin(), m_made_way.end());
    for (auto const* const side : {&m_current, &m_wanted}) {
        for (auto const& [id, one] : *side) {
            if (id.kind == "table") {
                m_tables.insert(id.identity);
            }
        }
    }
    m_prints.add(read_blueprints(m_session)); // for what has to make way
}

void undo::run()
{
    constexpr int most_rounds = 12;
    std::vector<standing> stood;
    for (int round = 0; round < most_rounds && !differences().empty(); ++round) {
        auto const again = std::find_if(stood.begin(), stood.end(), [this](standing const& one) {
            return one.schema == m_current && one.anew == m_anew;
        });
        if (again != stood.end()) {
            m_done.resize(again->done); // what came out the same when made anew is not made anew
            break;
        }
        stood.push_back({m_current, m_anew, m_done.size()});
        bool moved = drop_all();
        moved = alter_all() || moved;
        moved = create_all() || moved;
        moved = restore_all_access() || moved;
        if (!moved) {
            break;
        }
    }
    if (!m_anew.empty()) {
        m_anew.clear(); // what cannot be made anew keeps at least its owner, privileges and comment
        (void)restore_all_access();
    }
}

/// What is there and not wanted, or not like that. Not the parts of what goes as a whole.
std::set<catalog::object_id> undo::to_drop() const
{
    std::set<catalog::object_id> all = m_anew;
    for (auto const& one : differences()) {
        if (one.what == change_kind::dropped) {
            all.insert(one.id);
        }
    }
    std::set<std::string> roots;
    for (auto const& id : all) {
        if (m_current.at(id).root == id.identity) {
            roots.insert(id.identity);
        }
    }
    std::erase_if(all, [&](catalog::object_id const& id) {
        auto const& root = m_current.at(id).root;
        // Foreign keys of tables that go together may hold each other.
        bool const may_hold =
            id.kind == "table constraint" && attribute(m_current.at(id), "definition").starts_with("FOREIGN KEY");
        return root != id.identity && roots.contains(root) && !may_hold;
    });
    return all;
}

bool undo::drop_all()
{
    auto open = in_order(to_drop(), false);
    bool moved_ever = false;
    // Foreign keys that go with their table are dropped by themselves only if nothing else is left to try.
    auto const goes_along = [&](catalog::object_id const& id) {
        return id.kind == "table constraint" && std::any_of(open.begin(), open.end(), [&](auto const& other) {
                   return other != id && other.identity == m_current.at(id).root;
               });
    };
    for (bool moved = true; moved && !open.empty();) {
        moved = false;
        for (bool const with_held : {false, true}) {
            for (auto place = open.begin(); place != open.end() && !(with_held && moved);) {
                auto const text =
                    goes_along(*place) && !with_held ? std::string{} : drop(m_current.at(*place), m_current, m_names);
                auto const result = text.empty() ? outcome::refused : attempt({text});
                bool const is_gone = result == outcome::done || (!text.empty() && speaks_of_what_is_gone(m_sqlstate));
                moved = moved || result == outcome::done;
                place = is_gone ? open.erase(place) : std::next(place);
            }
        }
        moved_ever = moved_ever || moved;
    }
    for (auto const& id : open) {
        moved_ever = make_way(id) || moved_ever;
    }
    read();
    std::erase_if(m_anew, [&](auto const& id) { return !m_current.contains(id); });
    return moved_ever;
}

bool undo::alter_all()
{
    bool moved = false;
    auto all = differences();
    // What a parent passes on comes with it: PostgreSQL 18 does not take it from a child alone.
    std::stable_partition(all.begin(), all.end(),
                          [this](plan::object_change const& one) { return !belongs_to_child(m_current, one.id); });
    for (auto const& one : all) {
        if (one.what != change_kind::changed) {
            continue;
        }
        auto const& from = m_current.at(one.id);
        auto const& to = m_wanted.at(one.id);
        bool const is_computed = from.attributes.contains("generated") && to.attributes.contains("generated");
        auto const how = alter(from, to, one.attributes, {m_wanted, m_prints, m_names});
        auto const result = how ? attempt(*how) : outcome::refused;
        moved = moved || result == outcome::done;
        if (result == outcome::refused && how) {
            moved = make_way(one.id) || moved;
        }
        if (result == outcome::refused && (holds_no_rows(one.id.kind) || is_computed)) {
            moved = m_anew.insert(one.id).second || moved;
        }
    }
    read();
    return moved;
}

bool undo::create_all()
{
    std::set<catalog::object_id> missing;
    for (auto const& one : differences()) {
        if (one.what == change_kind::added) {
            missing.insert(one.id);
        }
    }
    // Columns come with their table, or view, or type.
    std::erase_if(missing, [&](catalog::object_id const& id) {
        auto const& root = m_wanted.at(id).root;
        auto const is_table = [&](catalog::snapshot const& in) {
            return in.contains({"table", root}) || in.contains({"foreign table", root});
        };
        return id.kind == "column" && !(is_table(m_current) && is_table(m_wanted));
    });
    auto open = in_order(missing, true);
    order_columns(open, m_prints.columns);
    bool moved_ever = false;
    for (bool moved = true; moved && !open.empty();) {
        moved = false;
        for (auto place = open.begin(); place != open.end();) {
            auto const& object = m_wanted.at(*place);
            auto how = create(object, {m_wanted, m_prints, m_names});
            if (place->kind == "default privileges") {
                how = restore_default_privileges(*place, nullptr, &object, m_names);
            }
            auto result = how ? attempt(*how) : outcome::refused;
            if (result == outcome::refused && how && place->kind == "materialized view") {
                how->back() += "\nWITH NO DATA"; // it may read one that has not been filled
                result = attempt(*how);
            }
            bool const is_there = result != outcome::refused || (how && speaks_of_what_is_there(m_sqlstate));
            moved = moved || result == outcome::done;
            place = is_there ? open.erase(place) : std::next(place);
        }
        moved_ever = moved_ever || moved;
    }
    read();
    return moved_ever;
}

bool undo::restore_all_access()
{
    bool moved = false;
    for (auto const& one : differences()) {
        auto const* const from = catalog::find(m_current, one.id);
        auto const* const to = catalog::find(m_wanted, one.id);
        statements how;
        if (one.id.kind == "default privileges") {
            how = restore_default_privileges(one.id, from, to, m_names);
        } else if (from != nullptr && to != nullptr && !m_anew.contains(one.id)) {
            how = restore_access(*from, *to, m_names);
        }
        moved = attempt(how) == outcome::done || moved;
    }
    read();
    return moved;
}

} // namespace pgratchet::revert
