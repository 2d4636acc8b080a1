// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "compile/probes.hpp"
#include "database/session.hpp"
#include "plan/plan.hpp"

#include <set>
#include <string>
#include <vector>

namespace pgratchet::compile {

/// Finds the probes that are true on the shadow before their own migration: those do not deny (plan::probe::denies).
///
/// Each has to be false at each version before, so it is asked again and again, but only when its answer may be another
/// one: a probe that reads rows and nothing else when a migration has worked on what it reads, one that lacks a table,
/// a column or a schema when something of that name was made, and all others at each version.
class early_answers {
public:
    /// Of those probes that may deny; they must stay.
    explicit early_answers(std::vector<probe_source>&);

    /// Asks right before the migration of a version; its own probes with the tables that they read emptied, too.
    void ask(database::session&, std::string const& version);

    /// What the migration that was played just now has changed and locked.
    void note(plan::migration const&);

private:
    struct open_question {
        probe_source* of;
        bool reads_rows_only;          ///< by its text
        bool is_due = true;            ///< its answer is not known any more
        std::set<std::string> about{}; ///< bare names, of which one is to be touched before it is due again
    };

    static void ask(database::session&, open_question&);
    void ask_again(database::session&);

    std::vector<open_question> m_open;
};

} // namespace pgratchet::compile
