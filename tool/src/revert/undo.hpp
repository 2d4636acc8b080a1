// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "catalog/query.hpp"
#include "database/session.hpp"
#include "plan/plan.hpp"
#include "revert/ddl.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace pgratchet::revert {

/// The server's words that a name must not be without quotes.
[[nodiscard]] std::set<std::string> keywords(database::session&);

/// What making the objects of a database anew needs besides their definitions.
[[nodiscard]] blueprints read_blueprints(database::session&);

/// Takes a database to another schema by small steps, each tried on the server: what fails for what still depends on
/// it is tried again once that is gone. The server is the judge; what is found out here is the order.
class undo {
public:
    /// `wanted` is the schema to arrive at; `prints` are of it. The session is in a transaction, on a database that
    /// may be spoiled.
    undo(database::session&, catalog::snapshot wanted, blueprints prints, sql_names const&);

    /// Tries statements that only give things their old names: together, else together behind the drop of what has
    /// taken those names, else one by one. They are kept if fewer objects differ then, or no more where all that was
    /// `renamed` has exchanged its names.
    void try_renamings(statements const&, std::vector<plan::renaming> const& renamed);

    /// Notes what is there now: what is lost is told from here on.
    void start();

    /// Goes as far as it can.
    void run();

    [[nodiscard]] statements const& done() const { return m_done; }

    /// Whether all names are the old ones: with them comes the data that stood under them.
    [[nodiscard]] bool has_old_names() const { return m_has_old_names; }

    /// What differed at the start, with what had to make way for old names, and what still does.
    [[nodiscard]] std::vector<plan::object_change> const& differed() const { return m_differed; }
    [[nodiscard]] std::vector<plan::object_change> left() const { return differences(); }

    /// The tables that there were at the start, and those that are wanted.
    [[nodiscard]] std::set<std::string> const& tables() const { return m_tables; }

private:
    enum class need { fewer_differences, no_more_differences };
    bool try_together(statements const&, need);
    [[nodiscard]] std::vector<catalog::object_id> in_the_way(std::vector<plan::renaming> const&);
    enum class outcome { done, not_needed, refused };

    void read();
    [[nodiscard]] bool execute(statements const&);
    [[nodiscard]] outcome attempt(statements const&);
    [[nodiscard]] bool drop_all();
    [[nodiscard]] bool alter_all();
    [[nodiscard]] bool create_all();
    [[nodiscard]] bool restore_all_access();
    [[nodiscard]] bool make_way(catalog::object_id const&);
    [[nodiscard]] std::set<catalog::object_id> to_drop() const;
    [[nodiscard]] std::vector<catalog::object_id> dependents(catalog::object_id const&);
    [[nodiscard]] std::vector<plan::object_change> differences() const { return plan::compare(m_current, m_wanted); }

    database::session& m_session;
    catalog::snapshot m_wanted;
    blueprints m_prints;
    sql_names const& m_names;
    catalog::snapshot m_current;
    std::map<catalog::object_id, std::pair<catalog::catalog_name, std::string>> m_roots; ///< catalog and OID
    std::set<catalog::object_id> m_anew; ///< to be dropped and made again although they are wanted
    std::vector<plan::object_change> m_differed;
    std::vector<plan::object_change> m_made_way; ///< what holds data and was dropped for an old name
    bool m_has_old_names = false;
    std::set<std::string> m_tables;
    statements m_done;
    std::string m_sqlstate; ///< of the last statement that was refused
};

} // namespace pgratchet::revert
