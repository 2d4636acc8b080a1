// SPDX-License-Identifier: Apache-2.0
#include "commands/pending.hpp"

#include "interrupt/interrupt.hpp"
#include "plan/effect.hpp"
#include "report/print.hpp"

#include <algorithm>
#include <future>
#include <optional>
#include <utility>

namespace pgratchet::commands {

void run_pending(pending_run const& run, std::size_t target)
{
    auto const& compiled = run.source.compiled;
    auto const first = run.at.found.version + 1;
    apply::picture known{plan::snapshot_at(compiled, run.at.found.version), std::move(run.at.live)};
    apply::bodies routines{[&](std::size_t k) {
        return run.source.script_of(k);
    }};
    // Asked of another connection, when COMMIT got no answer.
    auto const look = [&](database::session& on, std::size_t k) -> apply::fitting {
        auto const now = locate_environment(on, compiled, {{}, run.at.settled.accepted_drift}, std::nullopt).found;
        auto const fits = [&](std::size_t version) {
            return std::ranges::find(now.fitting, version) != now.fitting.end();
        };
        return {fits(k - 1), fits(k)};
    };
    apply::workplace place{run.on,        compiled,     run.at.settled,
                           known,         run.how,      run.environment,
                           run.role,      run.progress, [](report::diagnostic const& one) { report::print(one); },
                           run.reconnect, look,         routines};
    auto const read = [&](std::size_t k) {
        return std::async(std::launch::async, [&run, k] { return run.source.script_of(k); });
    };
    auto next = read(first);
    for (auto k = first; k <= target; ++k) {
        auto const file = next.get();
        if (k < target) {
            next = read(k + 1); // while the server works on this one
        }
        interrupt::check();
        if (run.before) {
            run.before();
        }
        auto const start = std::chrono::steady_clock::now();
        auto const landed = k == first ? run.at.found.statements_done : 0;
        for (std::size_t i = 0; i < landed; ++i) {
            plan::play(compiled.migrations[k - 1].statements[i], known.expected);
        }
        auto times = apply::run_migration(place, k, file, landed);
        run.done({k, landed, std::move(times), std::chrono::steady_clock::now() - start});
    }
}

} // namespace pgratchet::commands
