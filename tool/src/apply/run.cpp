// SPDX-License-Identifier: Apache-2.0
#include "apply/run.hpp"

#include "apply/premade.hpp"
#include "execute/diagnose.hpp"
#include "execute/permission_hint.hpp"
#include "interrupt/interrupt.hpp"

#include <random>

namespace pgratchet::apply {

namespace {

/// Waits before another try: half a second, doubling, with jitter so that two deployers do not meet again.
void back_off(int attempt)
{
    static std::mt19937 random{std::random_device{}()};
    auto const base = std::chrono::milliseconds{500} * (1 << std::min(attempt, 5));
    std::uniform_int_distribution<long> jitter{0, base.count() / 2};
    interrupt::sleep_for(base + std::chrono::milliseconds{jitter(random)});
}

std::string const& version(workplace const& at, std::size_t k)
{
    return at.compiled.migrations.at(k - 1).version;
}

/// Hands over what the server says besides its answers, as long as this lives.
class listening {
public:
    listening(database::session& to, std::function<void(database::server_message const&)> receiver) : m_to{to}
    {
        m_to.on_notice(std::move(receiver));
    }
    ~listening() { m_to.on_notice({}); }
    listening(listening const&) = delete;
    listening& operator=(listening const&) = delete;

private:
    database::session& m_to;
};

} // namespace

catalog::settings session_settings(workplace const& at)
{
    catalog::settings chosen{{"lock_timeout", std::to_string(at.how.lock_timeout.count())}};
    if (at.session.server_version() >= 140000) {
        chosen.emplace_back("client_connection_check_interval", "1s");
    }
    return chosen;
}

bool is_lock_trouble(database::sql_error const& problem)
{
    return problem.sqlstate() == database::lock_not_available || problem.sqlstate() == "40P01";
}

std::vector<timing> run_migration(workplace& at, std::size_t k, script::script const& file, std::size_t statements_done)
{
    if (file.mode == script::transaction_mode::none) {
        at.meanwhile();
        return run_statements(at, k, file, statements_done);
    }
    for (int attempt = 0;; ++attempt) {
        try {
            return run_in_transaction(at, k, file);
        } catch (lock_timed_out const& blocked) {
            if (attempt == at.how.lock_retries) {
                auto what = blocked.what_and_where();
                what.details.push_back(version(at, k) + " was rolled back; " +
                                       plan::stays(at.environment, at.compiled, k - 1));
                what.hint = "after " + std::to_string(attempt + 1) +
                            " tries; end the long transaction that holds the lock, or raise --lock-timeout";
                throw report::diagnosed{exit_code::locked, std::move(what)};
            }
            auto note = blocked.what_and_where();
            note.level = report::severity::note;
            note.message += "; " + version(at, k) + " was rolled back and is tried again";
            at.progress.make_room();
            at.say(note);
            back_off(attempt);
        }
    }
}

report::diagnostic diagnose(workplace& at, std::size_t k, script::script const& file, script::statement const& where,
                            database::server_message const& said)
{
    if (said.context.empty() && said.internal_query.empty()) {
        return execute::diagnose(file, where, said);
    }
    try {
        return execute::diagnose(file, where, said, at.routines.known_at(k, file, where));
    } catch (failure const&) { // an earlier file is gone or another by now: without the place within its routine
        return execute::diagnose(file, where, said);
    }
}

void say_left_out(workplace& at, script::statement const& statement, catalog::object_id const& there)
{
    at.progress.make_room();
    at.say({report::severity::note,
            statement.where,
            there.kind + " " + there.identity + " is there already; the statement is left out",
            "made-beforehand",
            {},
            std::nullopt});
}

timing run_statement(workplace& at, std::size_t k, script::script const& file, script::statement const& statement,
                     std::size_t number, std::function<void()> const& answer)
{
    if (auto const there = made_beforehand(file, statement, at.known)) {
        say_left_out(at, statement, *there);
    }
    listening const to_notices{at.session, [&](database::server_message const& notice) {
                                   at.progress.make_room();
                                   at.say(diagnose(at, k, file, statement, notice));
                               }};
    at.progress.started(version(at, k) + ": " + statement.command, number, file.body.size());
    auto const start = std::chrono::steady_clock::now();
    auto const ended = [&] {
        at.progress.finished();
        at.progress.make_room();
    };
    try {
        answer();
    } catch (database::sql_error const& problem) {
        ended();
        auto what = diagnose(at, k, file, statement, problem.fields());
        if (auto hint = execute::permission_hint(problem.fields(), statement.command, at.role); !hint.empty()) {
            what.hint = std::move(hint);
        }
        if (is_lock_trouble(problem)) {
            throw lock_timed_out{std::move(what)};
        }
        throw report::diagnosed{exit_code::sql_failed, std::move(what)};
    } catch (database::connection_lost const& problem) {
        ended();
        throw report::diagnosed{exit_code::configuration, execute::diagnose(file, statement, problem.fields())};
    } catch (interrupt::interrupted const& asked) {
        ended();
        throw report::diagnosed{asked.code(),
                                {report::severity::error, statement.where, asked.what(), "", {}, std::nullopt}};
    }
    auto const took = std::chrono::steady_clock::now() - start;
    at.progress.finished();
    return {statement.where, statement.command, took};
}

} // namespace pgratchet::apply
