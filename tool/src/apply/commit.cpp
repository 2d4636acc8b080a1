// SPDX-License-Identifier: Apache-2.0
#include "apply/commit.hpp"

#include "errors.hpp"

#include <chrono>
#include <optional>
#include <thread>

namespace pgratchet::apply {

namespace {

using namespace std::chrono_literals;

/// "committed", "aborted", or nothing if the server cannot be asked or does not know.
std::optional<std::string> what_became_of(std::string const& transaction,
                                          std::function<std::unique_ptr<database::session>()> const& reconnect)
{
    constexpr int tries = 60;
    for (int attempt = 0; attempt < tries; ++attempt) {
        try {
            auto const session = reconnect();
            auto status = session->execute("SELECT pg_catalog.pg_xact_status('" + transaction + "'::xid8)").at(0).at(0);
            if (status != "in progress") {
                return status;
            }
        } catch (database::connection_lost const&) {
            // The server may be starting again.
        } catch (database::sql_error const&) {
            return std::nullopt;
        } catch (configuration_error const&) {
            return std::nullopt; // it answers, and is not the database that was worked on
        }
        std::this_thread::sleep_for(500ms);
    }
    return std::nullopt;
}

/// The answer to COMMIT.
void await_commit(database::pipeline& sent, std::optional<std::string> const& transaction,
                  std::function<std::unique_ptr<database::session>()> const& reconnect)
{
    try {
        sent.receive();
    } catch (database::connection_lost const&) {
        if (!transaction) {
            throw; // it wrote nothing, so there was nothing to commit
        }
        auto const status = what_became_of(*transaction, reconnect);
        if (status == "committed") {
            return;
        }
        if (status == "aborted") {
            throw;
        }
        throw commit_in_doubt{"COMMIT was sent and no answer came; what became of transaction " + *transaction +
                                  " cannot be learnt",
                              "when the server answers again, ask for the status: the schema tells"};
    }
}

} // namespace

bool commit(database::session& on, std::string const& sql, std::optional<std::string> const& transaction,
            execute::cleaning next, std::function<std::unique_ptr<database::session>()> const& reconnect)
{
    bool is_committed = false;
    try {
        {
            database::pipeline both{on};
            both.send(sql);
            both.end_group();
            next.send(both);
            await_commit(both, transaction, reconnect);
            is_committed = true;
            next.receive(both);
        }
        next.finish(on);
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
