// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "catalog/query.hpp"
#include "database/session.hpp"
#include "plan/plan.hpp"

#include <map>
#include <set>
#include <string>
#include <utility>
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

    /// What the statements since the last call did.
    struct step {
        plan::effect changes;
        catalog::snapshot before; ///< how the objects that were read again stood before
    };

    /// True if the statements since the last step touched something, and a step costs no more than that.
    [[nodiscard]] bool has_news() const
    {
        return m_method == method::touched_objects && (m_granted || !m_touched.empty() || !m_dropped_roots.empty());
    }

    /// Ends a step. `if_not_exists` marks what it added as tolerant of an equal object.
    [[nodiscard]] step take_step(bool if_not_exists = false);

    /// The catalog as followed so far.
    [[nodiscard]] catalog::snapshot const& current() const { return m_current; }

    /// Reads the whole catalog and compares: false if something escaped.
    [[nodiscard]] bool is_complete();

private:
    using address = std::pair<catalog::catalog_name, std::string>; ///< catalog and OID of a root

    void install();
    [[nodiscard]] std::set<address> affected_roots();
    void add_small_catalogs(catalog::scope const&, std::set<address>& roots) const;
    [[nodiscard]] step replace(std::set<address> const& roots, std::vector<catalog::located_object> const& now);
    void remember(catalog::located_object const&);
    void note_horizon();

    database::session& m_session;
    method m_method;
    catalog::snapshot m_current;
    std::map<address, std::set<catalog::object_id>> m_by_root;
    std::map<catalog::object_id, address> m_root_of;
    std::set<address> m_touched;             ///< any address, to be followed to its dependents
    std::set<address> m_dropped_roots;       ///< roots that lost something, or are gone
    std::set<catalog::catalog_name> m_whole; ///< small catalogs to read whole
    bool m_granted = false;
    std::string m_horizon; ///< the first transaction that this round can contain
};

} // namespace pgratchet::compile
