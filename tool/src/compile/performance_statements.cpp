// SPDX-License-Identifier: Apache-2.0
// A file without a transaction: each statement by itself, in one of its own where the server allows that.
#include "compile/performance.hpp"
#include "script/traits.hpp"

#include <string>
#include <utility>

namespace pgratchet::compile {

bool performance::play_statements(source& one)
{
    for (std::size_t i = 0; i < one.text.body.size(); ++i) {
        auto const& statement = one.text.body[i];
        m_trace.begin_statement(i);
        m_observer.begin_statement();
        bool const done = script::may_run_in_transaction(one.text.text_of(statement), statement)
                              ? play_in_own_transaction(one, i)
                              : play_without_transaction(one, i);
        if (!done) {
            return false;
        }
        take_up_unreported(one, statement);
        note(one, m_trace.take_step(), true);
        one.entry.statements.push_back(one.each[i]);
    }
    return true;
}

bool performance::play_in_own_transaction(source& one, std::size_t i)
{
    constexpr auto active_sql_transaction = "25001";
    auto const& statement = one.text.body[i];
    auto const text = text_to_play(one, i);
    if (!text) {
        return false;
    }
    try {
        database::pipeline all{m_session};
        all.send("BEGIN");
        all.send(*text);
        all.send(m_observer.query());
        all.send("COMMIT");
        all.end_group();
        all.receive();
        receive(all, one, statement);
        auto const locks = all.receive();
        m_observer.end_transaction();
        one.observed[i] = m_observer.after(one.text, statement, locks);
        m_observer.end_transaction();
        all.receive();
        return true;
    } catch (database::sql_error const& problem) {
        if (problem.sqlstate() != active_sql_transaction) {
            return fails(one, statement, problem);
        }
    }
    m_session.execute("ROLLBACK");
    return play_without_transaction(one, i);
}

bool performance::play_without_transaction(source& one, std::size_t i)
{
    auto const& statement = one.text.body[i];
    auto const text = text_to_play(one, i);
    if (!text) {
        return false;
    }
    auto foreseen = m_observer.foreseen(one.text, statement);
    listen_to(one, statement);
    try {
        m_session.execute(*text);
    } catch (database::sql_error const& problem) {
        return fails(one, statement, problem);
    }
    if (!foreseen.empty()) {
        one.observed[i] = m_observer.afterwards(statement, std::move(foreseen));
    }
    return true;
}

} // namespace pgratchet::compile
