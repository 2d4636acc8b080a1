// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "compile/observer.hpp"
#include "compile/probes.hpp"
#include "compile/source.hpp"
#include "compile/trace.hpp"
#include "database/pipeline.hpp"
#include "plan/effect.hpp"
#include "script/routine.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace pgratchet::compile {

/// One migration played on the shadow, in a session that is clean: its statements run, what they did is written down.
///
/// Statements that only make objects, and name no relation that is there, go to the server together, and one look at
/// the catalog serves them all: what each did can still be told, and there is nothing that they could lock. All others
/// go one by one, with a look at the locks behind each.
class performance {
public:
    /// `before` is the catalog before the migration.
    performance(database::session&, trace&, script::routines&, catalog::snapshot const& before, reporter const&);
    ~performance();
    performance(performance const&) = delete;
    performance& operator=(performance const&) = delete;

    /// Fills in the source's effects and observations. False if a statement failed: then that has been reported.
    [[nodiscard]] bool play(source&);

    /// Where in the file the last statement ends that was run.
    [[nodiscard]] std::size_t reached() const { return m_reached; }

private:
    [[nodiscard]] bool play_wrapped(source&);
    [[nodiscard]] bool play_statements(source&);
    [[nodiscard]] bool play_together(source&);
    [[nodiscard]] bool play_alone(source&, std::size_t i);
    [[nodiscard]] bool play_in_own_transaction(source&, std::size_t i);
    [[nodiscard]] bool play_without_transaction(source&, std::size_t i);
    [[nodiscard]] bool commit(source const&);
    /// The statement, or what is sent in its place because its work would reach another server.
    /// Nothing if it can be neither: then that has been reported.
    [[nodiscard]] std::optional<std::string> text_to_play(source&, std::size_t i);
    [[nodiscard]] bool can_wait(source const&, std::size_t i) const;
    [[nodiscard]] bool fails(source const&, script::statement const&, database::sql_error const&);
    void listen_to(source const&, script::statement const&);
    void receive(database::pipeline&, source const&, script::statement const&);
    /// For what the server reports to no event trigger.
    void take_up_unreported(source const&, script::statement const&);
    /// `is_of_statements`: each change is the work of the statement that the step names.
    void note(source&, trace::step, bool is_of_statements);
    void keep_observed(source&) const;

    database::session& m_session;
    trace& m_trace;
    script::routines& m_routines;
    catalog::snapshot const& m_before;
    reporter const& m_report;
    observer m_observer;
    plan::effect_sum m_sum;
    std::vector<script::statement const*> m_opening; ///< BEGIN and what belongs to it, until it has been sent
    std::vector<std::size_t> m_waiting;              ///< statements to be sent together
    bool m_listens = true;                           ///< the server says what it reads in full
    std::size_t m_reached = 0;
};

} // namespace pgratchet::compile
