// SPDX-License-Identifier: Apache-2.0
#include "commands/pending.hpp"

#include "interrupt/interrupt.hpp"
#include "plan/effect.hpp"
#include "report/print.hpp"

#include <algorithm>
#include <exception>
#include <future>
#include <optional>
#include <spdlog/spdlog.h>
#include <utility>

namespace pgratchet::commands {

namespace {

/// What need not keep the server waiting is done while it works: the next file is read, and word is given of the
/// migration before.
class migrations_in_turn {
public:
    migrations_in_turn(pending_run const& run, std::size_t target)
        : m_run{run}, m_target{target}, m_known{plan::snapshot_at(run.source.compiled, run.at.found.version),
                                                std::move(run.at.live)},
          m_routines{[&run](std::size_t k) {
              return run.source.script_of(k);
          }},
          m_place{run.on,
                  run.source.compiled,
                  run.at.settled,
                  m_known,
                  run.how,
                  run.environment,
                  run.role,
                  run.progress,
                  [](report::diagnostic const& one) { report::print(one); },
                  run.reconnect,
                  [this](database::session& on, std::size_t k) { return look(on, k); },
                  m_routines,
                  {}}
    {
    }

    void carry_out()
    {
        try {
            for (auto k = m_run.at.found.version + 1; k <= m_target; ++k) {
                carry_out(k);
            }
        } catch (...) {
            auto const what_matters = std::current_exception();
            try {
                tell();
            } catch (std::exception const& problem) {
                spdlog::warn("warning: {}", problem.what());
            }
            std::rethrow_exception(what_matters);
        }
        tell();
    }

private:
    void carry_out(std::size_t k)
    {
        auto const file = read(k);
        interrupt::check();
        if (m_run.before) {
            tell();
            m_run.before();
        }
        auto const start = std::chrono::steady_clock::now();
        auto const landed = k == m_run.at.found.version + 1 ? m_run.at.found.statements_done : 0;
        for (std::size_t i = 0; i < landed; ++i) {
            plan::play(m_run.source.compiled.migrations[k - 1].statements[i], m_known.expected);
        }
        m_place.meanwhile = [this, k] {
            tell();
            begin_to_read(k + 1);
        };
        auto times = apply::run_migration(m_place, k, file, landed);
        m_last = {k, landed, std::move(times), std::chrono::steady_clock::now() - start};
    }

    void begin_to_read(std::size_t k)
    {
        if (k <= m_target && !m_next.valid()) {
            m_next = std::async(std::launch::async, [this, k] { return m_run.source.script_of(k); });
        }
    }

    script::script read(std::size_t k)
    {
        begin_to_read(k);
        if (m_next.wait_for(std::chrono::seconds{0}) != std::future_status::ready) {
            tell(); // a long file does not hold back the word on the one before it
        }
        return m_next.get();
    }

    void tell()
    {
        if (m_last) {
            m_run.done(*std::exchange(m_last, std::nullopt));
        }
    }

    /// Asked of another connection, when COMMIT got no answer.
    [[nodiscard]] apply::fitting look(database::session& on, std::size_t k) const
    {
        auto const now =
            locate_environment(on, m_run.source.compiled, {{}, m_run.at.settled.accepted_drift}, std::nullopt).found;
        auto const fits = [&](std::size_t version) {
            return std::ranges::find(now.fitting, version) != now.fitting.end();
        };
        return {fits(k - 1), fits(k)};
    }

    pending_run const& m_run;
    std::size_t m_target;
    apply::picture m_known;
    apply::bodies m_routines;
    apply::workplace m_place;
    std::future<script::script> m_next;
    std::optional<finished_migration> m_last; ///< of which nobody has been told yet
};

} // namespace

void run_pending(pending_run const& run, std::size_t target)
{
    migrations_in_turn{run, target}.carry_out();
}

} // namespace pgratchet::commands
