// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "compile/early_answers.hpp"
#include "compile/probes.hpp"
#include "compile/shadow.hpp"
#include "compile/source.hpp"
#include "compile/trace.hpp"
#include "report/diagnostic.hpp"
#include "script/routine.hpp"
#include "script/script.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pgratchet::compile {

/// Replays migrations on the shadow, in order, each in a clean session, and writes down what each did.
class replay {
public:
    using reporter = compile::reporter;

    /// `probes` are asked right after their migration, and must then hold.
    replay(shadow&, std::string search_path, std::vector<probe_source>& probes, reporter);

    /// Fills in the effects of all sources, and reports the warnings about each. False if a statement or a probe
    /// failed: then its error has been reported and the rest is left, but for what the parser says of it.
    [[nodiscard]] bool run(std::vector<source>& sources);

    /// The catalog of the empty database.
    [[nodiscard]] catalog::snapshot const& initial() const { return m_initial; }

private:
    /// Nothing if something escaped.
    [[nodiscard]] std::optional<bool> run_followed(std::vector<source>& sources, trace&);
    [[nodiscard]] bool run_once(std::vector<source>& sources, trace&);
    [[nodiscard]] bool play(source&, trace&);
    [[nodiscard]] bool its_probes_hold(source const&);

    shadow& m_shadow;
    std::string m_search_path;
    std::vector<probe_source>& m_probes;
    early_answers m_early;
    reporter m_report;
    catalog::snapshot m_initial;
    script::routines m_routines; ///< that the statements so far have created
    catalog::snapshot m_before;  ///< all objects before the migration that is played
    std::size_t m_reached = 0;   ///< where in its file the last statement ends that was sent
    bool m_is_clean = false;     ///< the session is as a migration may find it
};

} // namespace pgratchet::compile
