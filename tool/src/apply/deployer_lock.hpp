// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "database/session.hpp"

#include <chrono>
#include <functional>
#include <string>

namespace pgratchet::apply {

/// The one lock that keeps two deployers from working on one database at the same time: a session-level
/// advisory lock (PostgreSQL manual, "Advisory Locks"), which ends with its backend, however that ends.
class deployer_lock {
public:
    /// Polls in short statements with no transaction open: a blocking wait would hold a snapshot and deadlock
    /// another deployer's CREATE INDEX CONCURRENTLY. `waiting` is told once who holds the lock.
    /// Throws lock_unavailable after `patience`.
    deployer_lock(database::session&, std::chrono::milliseconds patience,
                  std::function<void(std::string const&)> const& waiting);
    ~deployer_lock();
    deployer_lock(deployer_lock const&) = delete;
    deployer_lock& operator=(deployer_lock const&) = delete;

    /// A boolean SQL expression: does this backend hold the lock? It is held twice, so that it can be given back once
    /// and taken again to find that out: pg_locks would list every lock of the transaction first.
    [[nodiscard]] static std::string const& is_held();

private:
    database::session& m_session;
};

/// Throws configuration_error if the connection goes through a pooler that gives each transaction
/// another backend: a session-level lock would be left behind there, and would protect nothing. `second` opens
/// another connection of the same kind. To be called before the lock is taken.
void refuse_transaction_pooler(database::session&, std::function<database::session()> const& second);

} // namespace pgratchet::apply
