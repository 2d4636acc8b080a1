// SPDX-License-Identifier: Apache-2.0
#include "apply/commit.hpp"

#include "errors.hpp"
#include "interrupt/interrupt.hpp"

#include <optional>

namespace pgratchet::apply {

namespace {

/// Sends COMMIT, what comes after it, and waits for COMMIT's answer. A connection that goes while one of them is sent
/// leaves the same doubt as one that goes before the answer.
void commit_for_sure(database::pipeline& both, std::string const& sql, std::optional<execute::cleaning> const& next,
                     std::optional<std::string> const& transaction, inquiry const& how)
{
    try {
        both.send(sql);
        both.end_group();
        if (next) {
            next->send(both);
        }
        both.receive();
    } catch (database::connection_lost const&) {
        // One that wrote nothing has nothing to commit.
        switch (transaction ? find_out(*transaction, how) : fate::rolled_back) {
        case fate::committed:
            return;
        case fate::rolled_back:
            throw;
        case fate::unknown:
            throw commit_in_doubt{"COMMIT was sent and no answer came; what became of transaction " + *transaction +
                                      " cannot be learnt",
                                  "when the server answers again, ask for the status: the schema tells"};
        }
    }
}

} // namespace

bool commit(database::session& on, std::string const& sql, std::optional<std::string> const& transaction,
            std::optional<execute::cleaning> next, inquiry const& how)
{
    interrupt::held_off const until_it_is_known; // a COMMIT that is cancelled may be done all the same
    bool is_committed = false;
    try {
        {
            database::pipeline both{on};
            commit_for_sure(both, sql, next, transaction, how);
            is_committed = true;
            if (next) {
                next->receive(both);
            }
        }
        if (next) {
            next->finish(on);
        }
        return true;
    } catch (database::sql_error const&) {
        if (!is_committed) {
            throw;
        }
    } catch (database::connection_lost const&) {
        if (!is_committed) {
            throw;
        }
    }
    return false; // what is committed stays so, whatever came after it
}

} // namespace pgratchet::apply
