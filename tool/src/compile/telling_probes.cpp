// SPDX-License-Identifier: Apache-2.0
#include "compile/telling_probes.hpp"

#include "execute/clean_session.hpp"
#include "plan/look_alike.hpp"

#include <algorithm>

namespace pgratchet::compile {

namespace {

/// As it was compiled, but for what was seen then.
void run_again(database::session& on, source const& one)
{
    auto const run = [&](script::statement const& statement) {
        on.execute(std::string{one.text.text_of(statement)});
    };
    if (one.text.begin) {
        run(*one.text.begin);
    }
    if (one.text.set_transaction) {
        run(*one.text.set_transaction);
    }
    for (std::size_t i = 0; i < one.text.body.size(); ++i) {
        auto const& statement = one.text.body[i];
        auto const& foreign = one.entry.foreign_rows;
        if (std::ranges::find(foreign, i + 1) == foreign.end()) {
            run(statement);
        }
    }
    if (one.text.commit) {
        run(*one.text.commit);
    }
}

void warn_of(probe_source const& probe, plan::plan const& compiled, plan::look_alike const& pair,
             reporter const& report)
{
    auto const low = plan::version_name(compiled, pair.low);
    auto const high = plan::version_name(compiled, pair.high);
    report({report::severity::warning,
            probe.text.body.front().where,
            "the probe is true already at " + low + ", which looks as " + high + " does",
            "early-probe",
            {"a database at " + low + " counts as " + high + ": what the files between do to data is not done there"},
            "let it look for what only they leave behind; or, if nothing is lost by that: -- pgratchet: allow "
            "early-probe: REASON, in the probe's file"});
}

} // namespace

void warn_of_probes_that_tell_nothing(shadow& on, std::string const& search_path, plan::plan const& compiled,
                                      std::vector<source> const& sources, std::vector<probe_source> const& probes,
                                      reporter const& report)
{
    auto pairs = plan::answered_by_probes(compiled);
    // Right before its own migration each probe has been asked.
    std::erase_if(pairs, [](plan::look_alike const& pair) { return pair.low + 1 == pair.high; });
    if (pairs.empty()) {
        return;
    }
    std::ranges::sort(pairs, {}, &plan::look_alike::low);
    on.start_over();
    auto& session = on.session();
    try {
        std::size_t done = 0;
        for (auto const& pair : pairs) {
            for (; done < pair.low; ++done) {
                execute::clean_session(session, search_path, {{"TimeZone", "UTC"}}); // as it was compiled
                run_again(session, sources.at(done));
            }
            execute::clean_session(session, search_path, {{"TimeZone", "UTC"}}); // as it was compiled
            for (auto const* probe : true_probes_of(session, probes, sources.at(pair.high - 1).entry.version)) {
                warn_of(*probe, compiled, pair, report);
            }
        }
    } catch (database::sql_error const&) {
        // It went through before. What is different now (a moment, another's lock) is no matter of the files.
    }
}

} // namespace pgratchet::compile
