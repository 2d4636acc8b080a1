// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "apply/inquiry.hpp"
#include "database/session.hpp"
#include "execute/clean_session.hpp"

#include <optional>
#include <string>

namespace pgratchet::apply {

/// Commits the open transaction, whose id is `transaction` (none if it wrote nothing). When the answer does not come,
/// asks on new connections what became of the transaction (PostgreSQL manual, "pg_xact_status") and what the catalog
/// holds: returns if it was committed, throws connection_lost if it was rolled back, and commit_in_doubt if that cannot
/// be known. Throws sql_error if the server refuses to commit. Nothing interrupts it.
///
/// `next` cleans the session right after the commit, if that is needed. Gives false if it did not work.
bool commit(database::session&, std::string const& sql, std::optional<std::string> const& transaction,
            std::optional<execute::cleaning> next, inquiry const&);

} // namespace pgratchet::apply
