// SPDX-License-Identifier: Apache-2.0
#include "apply/own_probes.hpp"

#include "execute/probe_answer.hpp"

namespace pgratchet::apply {

objections denied_by_own_probes(database::session& on, plan::plan const& compiled, std::size_t k)
{
    objections found;
    for (auto const& one : compiled.probes) {
        if (one.version != compiled.migrations[k - 1].version) {
            continue;
        }
        try {
            auto const answer =
                execute::probe_answer(on.execute(execute::as_probes_are_asked(compiled.search_path) + one.sql));
            if (answer != true) {
                found.push_back("probe " + one.file + ": " + (answer ? "false" : "no answer"));
            }
        } catch (database::sql_error const& problem) {
            found.push_back("probe " + one.file + ": an error: " + problem.fields().message);
            break; // so is the transaction
        }
    }
    return found;
}

report::diagnostic about_probes(report::location const& where, objections found)
{
    return {report::severity::error,
            where,
            "the migration has run, and its probe does not say so",
            "probe-fails",
            std::move(found),
            "a probe is to be true wherever its migration has run, whatever rows are there and whoever asks; else the "
            "migration would be run again"};
}

} // namespace pgratchet::apply
