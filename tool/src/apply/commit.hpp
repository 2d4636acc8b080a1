// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "database/session.hpp"
#include "execute/clean_session.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace pgratchet::apply {

/// Commits the open transaction, whose id is `transaction` (none if it wrote nothing). When the answer does not come,
/// asks the server on a new connection what became of the transaction (PostgreSQL manual, "pg_xact_status"): returns if
/// it was committed, throws connection_lost if it was rolled back, and commit_in_doubt if that cannot be known. Throws
/// sql_error if the server refuses to commit.
///
/// `next` cleans the session right after the commit. Gives false if that did not work.
bool commit(database::session&, std::string const& sql, std::optional<std::string> const& transaction,
            execute::cleaning next, std::function<std::unique_ptr<database::session>()> const& reconnect);

} // namespace pgratchet::apply
