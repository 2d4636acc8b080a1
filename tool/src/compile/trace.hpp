// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "catalog/query.hpp"
#include "compile/relations.hpp"
#include "compile/trace_sql.hpp"
#include "database/session.hpp"
#include "plan/plan.hpp"

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace pgratchet::compile {

/// Follows what statements do to the shadow's catalog, at a cost that goes with the change and not with the catalog.
///
/// Event triggers (PostgreSQL manual, "Event Triggers") report each object that a command touched or dropped as a
/// notice; pg_depend tells what else reads differently for it (a renamed column shows in eight definitions); the rows
/// that a GRANT wrote are known by their transaction. Only those objects are read again and compared. Without the right
/// to make event triggers, or when asked to be exact, the whole catalog is read each time instead.
class trace {
public:
    enum class method { touched_objects, whole_catalog };

    /// Reads the catalog once, and makes the event triggers if the method asks for them.
    trace(database::session&, method);

    /// True if the session may make event triggers.
    [[nodiscard]] static bool can_follow_touched_objects(database::session&);

    /// To be given every notice of the session; true if it was one of ours and is dealt with.
    bool take_notice(database::server_message const&);

    /// To be called after a statement that no event trigger sees, such as CREATE EVENT TRIGGER.
    void touch_catalog(catalog::catalog_name const& small_catalog);

    /// Notes that a command may have changed more than the server reports.
    void lose_track() { m_has_lost_track = true; }

    /// A file begins, and no transaction is open. `may_grant`: it has a statement that may change privileges.
    void begin_migration(bool may_grant);

    /// Whatever is reported from now on is the work of that statement of the file.
    void begin_statement(std::size_t number) { m_running = number; }

    /// What the statements since the last call did.
    struct step {
        plan::effect changes;
        std::vector<std::size_t> statements; ///< for each change the number of the statement whose work it is
        catalog::snapshot before;            ///< how the objects that were read again stood before
    };

    /// How a step ends.
    enum class ending {
        any,
        /// All that was done since the last step was to make objects: nothing else can read differently for it.
        new_objects,
    };

    /// True if each step reads the whole catalog.
    [[nodiscard]] bool reads_everything() const { return m_method == method::whole_catalog; }

    /// True if the statements since the last step touched something, and a step costs no more than that.
    [[nodiscard]] bool has_news() const
    {
        return m_method == method::touched_objects &&
               (m_granted || !m_news.touched.empty() || !m_news.dropped_roots.empty());
    }

    /// True if a step would read anything.
    [[nodiscard]] bool is_behind() const
    {
        return m_method == method::whole_catalog || has_news() || !m_news.whole.empty();
    }

    /// True if statements that only make objects can share a step, and each object still be told to be whose work.
    [[nodiscard]] bool can_tell_makers() const;

    /// Ends a step. Throws sql_error when what follows the statements has been taken away by one of them.
    [[nodiscard]] step take_step(ending = ending::any);

    [[nodiscard]] relations const& known_relations() const { return m_relations; }
    [[nodiscard]] relations& known_relations() { return m_relations; }

    /// Looks at the file nodes of all relations: the identities, before the migration, of those that have another.
    [[nodiscard]] std::set<std::string> changed_file_nodes();

    /// SELECT of the locks that the session holds: held_locks_query().
    [[nodiscard]] std::string held_locks() const { return held_locks_query(m_method == method::touched_objects); }

    /// The catalog as followed so far.
    [[nodiscard]] catalog::snapshot const& current() const { return m_current; }

    /// Reads the whole catalog and compares: false if something escaped.
    [[nodiscard]] bool is_complete();

private:
    void touch_partitions();
    [[nodiscard]] step read_touched(ending);
    [[nodiscard]] step read_everything();
    [[nodiscard]] database::rows rows_of_step(ending);
    [[nodiscard]] step replace(std::set<address> const& roots, std::vector<catalog::located_object> const& now);
    void attribute(step&) const;
    void remember(catalog::located_object const&);

    database::session& m_session;
    method m_method;
    catalog::snapshot m_current;
    relations m_relations;
    std::map<address, std::set<catalog::object_id>> m_by_root;
    std::map<catalog::object_id, address> m_root_of;
    touched_objects m_news; ///< its `touched` is any address, to be followed to its dependents
    bool m_granted = false;
    bool m_has_lost_track = false; ///< a command has changed more than can be followed from what it reported
    std::string m_horizon;         ///< the first transaction that the migration can contain

    std::size_t m_running = 0;                            ///< which statement
    std::map<address, std::size_t> m_toucher;             ///< which one was the first to touch it since the last step
    std::map<catalog::object_id, std::size_t> m_reporter; ///< likewise, by what the server called it
};

} // namespace pgratchet::compile
