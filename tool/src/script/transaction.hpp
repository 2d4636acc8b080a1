// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "script/cutter.hpp"
#include "script/script.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace pgratchet::script {

/// What a statement does to transactions, told by its words alone, so that it is known for a statement too
/// that the parser does not know (PostgreSQL manual, BEGIN, COMMIT, ROLLBACK, PREPARE TRANSACTION).
enum class transaction_role {
    none, ///< not a transaction command, or one that leaves the transaction open: SAVEPOINT, ROLLBACK TO
    begin,
    set_transaction, ///< SET [LOCAL] TRANSACTION ..., SET [LOCAL] transaction_isolation ...
    commit,
    commit_and_chain,
    rollback,
    prepared, ///< PREPARE TRANSACTION, COMMIT PREPARED, ROLLBACK PREPARED
};

[[nodiscard]] transaction_role role_of(raw_statement const&);

/// True of DROP SUBSCRIPTION, and of CREATE SUBSCRIPTION that does not say connect = false or create_slot = false.
/// Outside of a transaction alone they drop or make a replication slot, at the publisher (PostgreSQL manual, CREATE
/// SUBSCRIPTION): each compile would, and find or drop the environment's own.
[[nodiscard]] bool may_work_on_slot(raw_statement const&, std::string_view text);

/// Sorts the statements into BEGIN, SET TRANSACTION, body and COMMIT, and says what breaks the rules of
/// `mode`. `roles` are those of `all`, in the same order. The statements are moved into `result`.
[[nodiscard]] std::vector<report::diagnostic> arrange(std::vector<statement> all,
                                                      std::span<transaction_role const> roles, script& result);

/// Gives a script that has none a BEGIN and a COMMIT. They come behind the text, so that all places in it stay right.
void add_transaction(script&);

} // namespace pgratchet::script
