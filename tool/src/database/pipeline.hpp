// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "database/session.hpp"

#include <deque>
#include <string>
#include <vector>

namespace pgratchet::database {

/// SQLSTATE invalid_sql_statement_name.
constexpr auto no_such_prepared_statement = "26000";

/// Statements that are sent before the earlier ones are answered, so that the server goes from one to the next without
/// waiting for us (PostgreSQL manual, libpq, "Pipeline Mode"). Each travels on its own, by the extended protocol: its
/// error, its positions and its notices belong to it as they do with session::execute(), and the server's log and
/// pg_stat_activity show it alone. libpqxx has no such mode, so this is libpq's.
///
/// While a pipeline lives, its session is used through it alone.
class pipeline {
public:
    explicit pipeline(session&);
    /// Waits for the end of what was sent, whatever became of it.
    ~pipeline();
    pipeline(pipeline const&) = delete;
    pipeline& operator=(pipeline const&) = delete;

    /// Queues one statement.
    void send(std::string const& statement);

    /// Queues a statement with its values for $1, $2, ..., as text. For one that is sent again and again: the server
    /// parses and plans it once, as a prepared statement called pgratchet_.... If that has been deallocated meanwhile,
    /// the answer is the error 26000, and the next time it is prepared again.
    void send_prepared(std::string const& statement, std::vector<std::string> const& values = {});

    /// Ends a group, and sets everything queued so far on its way. After an error the server skips the rest of the
    /// group, and an implicit transaction ends with it.
    void end_group();

    /// Asks the server to hand over the answers so far as soon as they are there, and not only at the group's end:
    /// before a statement that may take long.
    void want_answers();

    /// Waits for the answer to the oldest statement that has none, of a group that was ended. Throws sql_error or
    /// connection_lost; the rest of the group is then skipped, and the next call is about the group after it.
    rows receive();

private:
    enum class kind { answer, preparation, end_of_group };
    struct awaited {
        kind of;
        std::string prepared; ///< the text, of a preparation
    };

    void demand(int accepted);
    [[nodiscard]] std::string const& prepare(std::string const& statement);
    void take_answer(bool has_failed);
    void take_ends_of_groups();
    void skip_group();

    session& m_session;
    std::deque<awaited> m_awaited;
};

/// Runs work that counts on prepared statements, and once more if a migration has deallocated them.
template <typename Work>
auto with_prepared(Work const& work)
{
    try {
        return work();
    } catch (sql_error const& problem) {
        if (problem.sqlstate() != no_such_prepared_statement) {
            throw;
        }
    }
    return work();
}

} // namespace pgratchet::database
