// SPDX-License-Identifier: Apache-2.0
#include "compile/performance.hpp"

#include "compile/moved_data.hpp"
#include "compile/shadow_hint.hpp"
#include "compile/untraced_work.hpp"
#include "execute/clean_session.hpp"
#include "execute/diagnose.hpp"
#include "execute/foreign_rows.hpp"
#include "script/traits.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace pgratchet::compile {

namespace {

constexpr std::size_t most_together = 200; ///< statements that wait for their answers at one time

std::string text_of(source const& one, script::statement const& which)
{
    return std::string{one.text.text_of(which)};
}

} // namespace

performance::performance(database::session& on, trace& following, script::routines& routines,
                         catalog::snapshot const& before, reporter const& report)
    : m_session{on}, m_trace{following}, m_routines{routines}, m_before{before}, m_report{report}, m_observer{on,
                                                                                                              following}
{
}

performance::~performance()
{
    m_session.on_notice({});
}

bool performance::play(source& one)
{
    one.entry.changes.clear();
    one.entry.statements.clear();
    one.entry.observed.clear();
    one.entry.foreign_rows.clear();
    one.each.assign(one.text.body.size(), {});
    one.observed.assign(one.text.body.size(), {});
    m_trace.begin_migration(script::may_grant(one.text));
    m_observer.begin_migration(m_before);
    bool const done = one.text.mode == script::transaction_mode::wrapped ? play_wrapped(one) : play_statements(one);
    if (done) {
        one.entry.changes = m_sum.result();
        keep_observed(one);
        note_moved_data(one, m_before, m_trace.current());
        note_renamed(one, m_before);
        note_untraced(one, m_before, m_trace.current());
    }
    return done;
}

bool performance::play_wrapped(source& one)
{
    m_opening.push_back(&*one.text.begin);
    if (one.text.set_transaction) {
        m_opening.push_back(&*one.text.set_transaction);
    }
    for (std::size_t i = 0; i < one.text.body.size(); ++i) {
        bool const waits = can_wait(one, i); // asked once: what is made together is known afterwards
        if (waits) {
            m_waiting.push_back(i);
            if (m_waiting.size() < most_together) {
                continue;
            }
        }
        if (!play_together(one)) {
            return false;
        }
        if (!waits && !play_alone(one, i)) {
            return false;
        }
    }
    if (!play_together(one) || !commit(one)) {
        return false;
    }
    note(one, m_trace.take_step(), false);
    return true;
}

bool performance::can_wait(source const& one, std::size_t i) const
{
    auto const& statement = one.text.body[i];
    auto const text = one.text.text_of(statement);
    return script::only_makes_objects(text, statement) && m_trace.can_tell_makers() &&
           !m_trace.known_relations().may_be_named_in(text);
}

bool performance::play_together(source& one)
{
    if (m_opening.empty() && m_waiting.empty()) {
        return true;
    }
    std::vector<script::statement const*> all = std::exchange(m_opening, {});
    auto const openings = all.size();
    for (auto const i : m_waiting) {
        all.push_back(&one.text.body[i]);
    }
    {
        database::pipeline together{m_session};
        for (std::size_t k = 0; k < all.size(); ++k) {
            if (k == openings) {
                together.send(observer::listen_no_more);
            }
            together.send(text_of(one, *all[k]));
        }
        together.end_group();
        for (std::size_t k = 0; k < all.size(); ++k) {
            if (k == openings) {
                together.receive();
                m_listens = false;
            }
            m_trace.begin_statement(k < openings ? 0 : m_waiting[k - openings]);
            try {
                receive(together, one, *all[k]);
            } catch (database::sql_error const& problem) {
                return fails(one, *all[k], problem);
            }
        }
    }
    if (!m_waiting.empty()) {
        note(one, m_trace.take_step(trace::ending::new_objects), true);
    }
    m_waiting.clear();
    return true;
}

bool performance::play_alone(source& one, std::size_t i)
{
    auto const& statement = one.text.body[i];
    m_trace.begin_statement(i);
    m_observer.begin_statement();
    // What IF NOT EXISTS made is to be told from what the statements around it did; so is whether anything shows, and
    // what is taken away.
    bool const is_read_apart = statement.may_be_untraced ||
                               (m_trace.reads_everything() && can_take_away(statement, one.text.text_of(statement)));
    bool const is_apart = statement.if_not_exists || (is_read_apart && !one.quiet);
    if (is_apart) {
        note(one, m_trace.take_step(), false);
    }
    auto const text = text_to_play(one, i);
    if (!text) {
        return false;
    }
    try {
        database::pipeline both{m_session};
        if (!m_listens) {
            both.send(observer::listen);
        }
        both.send(*text);
        if (!script::is_setting(statement)) {
            both.send(m_observer.query());
        }
        both.end_group();
        if (!std::exchange(m_listens, true)) {
            both.receive();
        }
        receive(both, one, statement);
        if (!script::is_setting(statement)) {
            one.observed[i] = m_observer.after(one.text, statement, both.receive());
        }
    } catch (database::sql_error const& problem) {
        return fails(one, statement, problem);
    }
    take_up_unreported(one, statement);
    if (is_apart || (!one.quiet && m_trace.has_news())) {
        note(one, m_trace.take_step(), true);
    }
    return true;
}

void performance::take_up_unreported(source const& one, script::statement const& statement)
{
    if (observer::may_silence(one.text, statement)) {
        m_observer.listen_again();
    }
    if (script::may_drop_identity(one.text.text_of(statement), statement)) {
        m_trace.lose_track();
    }
    if (script::may_touch_event_triggers(statement)) {
        m_trace.touch_catalog("pg_event_trigger");
    }
}

std::optional<std::string> performance::text_to_play(source& one, std::size_t i)
{
    using execute::foreign_work;
    auto const& statement = one.text.body[i];
    auto const text = one.text.text_of(statement);
    m_session.on_notice({}); // those of the statement are for later
    auto const work = execute::foreign_work_of(m_session, text, statement);
    if (work == foreign_work::none) {
        return std::string{text};
    }
    if (work == foreign_work::more_beside) {
        m_report({report::severity::error,
                  statement.where,
                  "this makes a table and changes rows of a foreign table: it can be neither run nor only planned here",
                  "foreign-rows-beside",
                  {},
                  "make the table first, and fill it by INSERT ... SELECT"});
        return std::nullopt;
    }
    one.entry.foreign_rows.push_back(i + 1);
    if (!one.quiet) {
        m_report({report::severity::warning,
                  statement.where,
                  "rows of a foreign table are changed: compile and rehearse only plan this statement, and what the "
                  "other server has committed stays there when the migration is rolled back",
                  "foreign-rows",
                  {},
                  "change them outside of the migrations, on the server that holds them"});
    }
    return script::planned_only(text, statement);
}

bool performance::commit(source const& one)
{
    auto const& statement = *one.text.commit;
    listen_to(one, statement);
    try {
        m_session.execute(text_of(one, statement));
    } catch (database::sql_error const& problem) {
        return fails(one, statement, problem);
    }
    if (m_trace.is_behind()) {
        for (auto const& identity : execute::own_identity()) {
            m_session.execute(identity);
        }
    }
    return true;
}

void performance::listen_to(source const& one, script::statement const& statement)
{
    m_session.on_notice([&](database::server_message const& notice) {
        if (!m_trace.take_notice(notice) && !m_observer.take_notice(notice)) {
            m_report(execute::diagnose(one.text, statement, notice, m_routines));
        }
    });
    m_routines.follow(one.text, statement);
    m_reached = statement.end;
    if (script::deallocates(statement)) {
        m_session.forget_prepared();
    }
}

void performance::receive(database::pipeline& from, source const& one, script::statement const& statement)
{
    listen_to(one, statement);
    from.receive();
}

bool performance::fails(source const& one, script::statement const& statement, database::sql_error const& problem)
{
    auto what = execute::diagnose(one.text, statement, problem.fields(), m_routines);
    if (auto hint = shadow_hint(problem.fields())) {
        what.hint = std::move(hint);
    }
    m_report(std::move(what));
    return false;
}

void performance::note(source& one, trace::step step, bool is_of_statements)
{
    for (std::size_t k = 0; k < step.changes.size() && is_of_statements; ++k) {
        auto& change = step.changes[k];
        auto const statement = step.statements[k];
        auto const& by = one.text.body.at(statement);
        bool const is_new =
            !step.before.contains(change.id) || by.node == "AlterEnumStmt"; // a label is part of its type
        change.if_not_exists = by.if_not_exists && change.after && is_new;
        one.each.at(statement).push_back(change);
    }
    m_sum.add(step.changes, std::move(step.before));
}

void performance::keep_observed(source& one) const
{
    for (std::size_t i = 0; i < one.observed.size(); ++i) {
        if (!one.observed[i].empty()) {
            auto const& statement = one.text.body[i];
            one.entry.observed.push_back({i + 1, statement.where.line, statement.command, one.observed[i]});
        }
    }
}

} // namespace pgratchet::compile
