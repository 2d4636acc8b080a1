// SPDX-License-Identifier: Apache-2.0
// A migration in its transaction: run, proven, committed.
#include "apply/commit.hpp"
#include "apply/deployer_lock.hpp"
#include "apply/own_probes.hpp"
#include "apply/premade.hpp"
#include "apply/run.hpp"
#include "database/pipeline.hpp"
#include "execute/catalog_reader.hpp"
#include "execute/clean_session.hpp"
#include "interrupt/interrupt.hpp"
#include "script/traits.hpp"

#include <utility>

namespace pgratchet::apply {

namespace {

constexpr auto fire_deferred = "SET CONSTRAINTS ALL IMMEDIATE";

/// Asked last of all: whether the deployer lock is held, and which transaction this is.
std::string last_question()
{
    return "SELECT " + deployer_lock::is_held() + ", pg_catalog.pg_current_xact_id_if_assigned()::text";
}

/// The transaction of one migration up to the point where nothing is left but to commit it. All of it is on its way to
/// the server before the first answer is awaited, so that the server never waits for us.
class transaction {
public:
    transaction(workplace& at, std::size_t k, script::script const& file)
        : m_at{at}, m_k{k}, m_file{file}, m_proof{at.compiled, at.compiled.migrations[k - 1].changes,
                                                  at.compiled.migrations[k - 1].renamed, at.settled, at.known},
          m_read{m_proof.scope(), at.session}
    {
    }

    /// Throws report::diagnosed, lock_timed_out, sql_error or connection_lost.
    std::vector<timing> play()
    {
        std::vector<timing> times;
        std::optional<std::vector<catalog::located_object>> found;
        {
            database::pipeline all{m_at.session};
            send_beginning(all);
            m_at.meanwhile();
            receive_beginning(all);
            for (std::size_t i = 0; i < m_file.body.size(); ++i) {
                send_ahead_of(i, all);
                times.push_back(receive(all, m_file.body[i], i + 1));
            }
            send_end(all);
            receive_end_of_body(all);
            found = receive_end(all);
        }
        if (!found) {
            execute::read_ahead::give_up(m_at.session);
            found = execute::read_catalog(m_at.session, m_proof.scope());
            m_last = m_at.session.execute(last_question()).at(0);
        }
        demand_proof(m_proof.judge(m_at.session, std::move(*found)));
        demand_lock();
        demand_own_probes(m_at, m_k, m_file.commit->where);
        return times;
    }

    /// None if it wrote nothing.
    [[nodiscard]] std::optional<std::string> const& id() const { return m_last.at(1); }

    /// Of the database, or one that it has made.
    [[nodiscard]] bool meets_event_triggers() const
    {
        return !catalog::of_kind(m_at.known.live, "event trigger").empty() ||
               !catalog::of_kind(m_proof.found(), "event trigger").empty();
    }

    /// Of what is committed: what comes next finds it done.
    void accept() { m_proof.accept(); }

private:
    void send_beginning(database::pipeline& to)
    {
        to.send(text_of(*m_file.begin));
        if (m_file.set_transaction) {
            to.send(text_of(*m_file.set_transaction));
        }
        if (m_at.how.one_by_one) {
            to.want_answers();
        } else {
            send_ahead_of(0, to);
        }
    }

    /// Keeps the server supplied, and what waits for it bounded: so that it fits into the buffers of a connection.
    /// After the last statement goes all that ends the body.
    void send_ahead_of(std::size_t next, database::pipeline& to)
    {
        std::size_t const statements_ahead = m_at.how.one_by_one ? 0 : 200;
        constexpr std::size_t bytes_ahead = 50000;
        for (; m_sent < m_file.body.size() && m_sent <= next + statements_ahead &&
               (m_sent <= next || m_file.body[m_sent].end - m_file.body[next].begin < bytes_ahead);
             ++m_sent) {
            to.want_answers(); // progress and notices are for now
            to.send(text_to_run(m_at, m_k, m_file, m_sent));
        }
        if (m_sent < m_file.body.size() || m_at.how.one_by_one) {
            to.want_answers();
        } else {
            send_end(to);
        }
    }

    void send_end(database::pipeline& to)
    {
        if (std::exchange(m_is_all_sent, true)) {
            return;
        }
        // Deferred constraints and triggers speak up here and not at COMMIT, under the path that they would have then.
        // After that the deployer is itself again, out of reach of a role, a path or a timeout that the file has set.
        to.send(fire_deferred);
        for (auto const& one : execute::own_identity()) {
            to.send(one);
        }
        m_read.send(to);
        to.send_prepared(last_question());
        to.end_group();
    }

    void receive_beginning(database::pipeline& from)
    {
        receive(from, *m_file.begin, 0);
        if (m_file.set_transaction) {
            receive(from, *m_file.set_transaction, 0);
        }
    }

    timing receive(database::pipeline& from, script::statement const& statement, std::size_t number)
    {
        return run_statement(m_at, m_k, m_file, statement, number, [&] { from.receive(); });
    }

    void receive_end_of_body(database::pipeline& from)
    {
        run_statement(m_at, m_k, m_file, *m_file.commit, 0, [&] {
            for (std::size_t i = 0; i <= execute::own_identity().size(); ++i) {
                from.receive();
            }
        });
    }

    /// What was read for the proof, and the answer to the last question; nothing if a migration has deallocated a
    /// prepared statement that they count on.
    std::optional<std::vector<catalog::located_object>> receive_end(database::pipeline& from)
    {
        auto found = m_read.receive(from);
        try {
            if (found) {
                m_last = from.receive().at(0);
            }
        } catch (database::sql_error const& problem) {
            if (problem.sqlstate() != database::no_such_prepared_statement) {
                throw;
            }
            found.reset();
        }
        return found;
    }

    void demand_proof(objections found) const
    {
        if (found.empty()) {
            return;
        }
        report::diagnostic what{report::severity::error,
                                {m_file.file, m_file.commit->where.line, m_file.commit->where.column},
                                "the migration does not do here what it did when it was compiled",
                                "effect-differs",
                                std::move(found),
                                std::nullopt};
        constexpr int per_major = 10000;
        auto const compiled = m_at.compiled.server_version / per_major;
        auto const here = m_at.session.server_version() / per_major;
        what.hint =
            "does it depend on data, on settings (it was compiled with TimeZone = UTC) or on what was made by hand?" +
            (compiled == here ? std::string{}
                              : " or on the server's version: it was compiled on PostgreSQL " +
                                    std::to_string(compiled) + ", and this is " + std::to_string(here) + "?") +
            " the differences are listed above";
        throw report::diagnosed{exit_code::sql_failed, std::move(what)};
    }

    void demand_lock() const
    {
        if (m_last.at(0) != "t") {
            throw report::diagnosed{exit_code::sql_failed,
                                    {report::severity::error,
                                     {m_file.file, 0, 0},
                                     "the deployer lock is gone",
                                     "deployer-lock",
                                     {},
                                     "does the migration call pg_advisory_unlock_all() or DISCARD ALL? leave that to "
                                     "the end of a session"}};
        }
    }

    [[nodiscard]] std::string text_of(script::statement const& one) const { return std::string{m_file.text_of(one)}; }

    workplace& m_at;
    std::size_t m_k;
    script::script const& m_file;
    proof m_proof;
    execute::read_ahead m_read;
    std::size_t m_sent = 0; ///< statements of the body
    bool m_is_all_sent = false;
    database::row m_last;
};

void roll_back(workplace& at)
{
    interrupt::held_off const until_it_is_done;
    at.is_clean = false;
    try {
        at.session.execute("ROLLBACK");
    } catch (database::connection_lost const&) {
        // Then the server rolls back.
    }
}

std::vector<timing> run_once(workplace& at, std::size_t k, script::script const& file)
{
    if (!at.is_clean) {
        execute::clean_session(at.session, at.compiled.search_path, session_settings(at));
    }
    transaction run{at, k, file};
    auto times = run.play();
    interrupt::check();
    if (at.how.dry_run) {
        roll_back(at);
        return times;
    }
    inquiry const in_doubt{at.reconnect, [&](database::session& on) {
                               return at.look(on, k);
                           }};
    std::optional<execute::cleaning> next;
    if (run.meets_event_triggers() || !script::leaves_session_clean(file)) {
        next.emplace(at.session, at.compiled.search_path, session_settings(at));
    }
    at.is_clean = commit(at.session, std::string{file.text_of(*file.commit)}, run.id(), std::move(next), in_doubt);
    run.accept();
    return times;
}

} // namespace

std::vector<timing> run_in_transaction(workplace& at, std::size_t k, script::script const& file)
{
    auto const stays = [&] {
        return at.compiled.migrations[k - 1].version + " was rolled back; " +
               plan::stays(at.environment, at.compiled, k - 1);
    };
    try {
        return run_once(at, k, file);
    } catch (lock_timed_out const&) {
        roll_back(at);
        throw;
    } catch (report::diagnosed const& failed) {
        roll_back(at);
        auto what = failed.what_and_where();
        what.details.push_back(stays());
        throw report::diagnosed{failed.code(), std::move(what)};
    } catch (database::sql_error const& problem) {
        roll_back(at);
        auto what = diagnose(at, k, file, *file.commit, problem.fields());
        if (is_lock_trouble(problem)) {
            throw lock_timed_out{std::move(what)};
        }
        what.details.push_back(stays());
        throw report::diagnosed{exit_code::sql_failed, std::move(what)};
    } catch (database::connection_lost const& problem) {
        auto what = diagnose(at, k, file, *file.commit, problem.fields());
        what.details.push_back(stays());
        throw report::diagnosed{exit_code::configuration, std::move(what)};
    } catch (interrupt::interrupted const& asked) {
        roll_back(at);
        throw report::diagnosed{
            asked.code(), {report::severity::error, file.commit->where, asked.what(), "", {stays()}, std::nullopt}};
    }
}

} // namespace pgratchet::apply
