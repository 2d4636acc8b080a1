// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "catalog/query.hpp"
#include "database/pipeline.hpp"
#include "database/session.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace pgratchet::execute {

/// Runs one SELECT under the settings of catalog::pinned_settings() and leaves no trace of them: in a transaction of
/// its own, or behind a savepoint if one is open. A query with parameters is for few objects: the server keeps its
/// plan, which uses indexes only (pipeline::send_prepared).
[[nodiscard]] database::rows select_pinned(database::session&, catalog::query const&);

/// Reads the objects in scope. Within an open transaction it sees what that transaction did.
[[nodiscard]] std::vector<catalog::located_object> read_catalog(database::session&, catalog::scope const&);

/// A read of few objects that is sent along with what comes before it, at the end of a transaction: the settings stay
/// pinned until then.
class read_ahead {
public:
    read_ahead(catalog::scope const&, database::session const&);

    /// Queues it in the pipeline's group.
    void send(database::pipeline&) const;

    /// Nothing if a migration has deallocated the prepared query: end the pipeline, call `give_up`, and use
    /// read_catalog().
    [[nodiscard]] std::optional<std::vector<catalog::located_object>> receive(database::pipeline&) const;

    /// Gives the transaction back as it was before the read.
    static void give_up(database::session&);

private:
    catalog::query m_query;
};

/// Reads a whole database. Reading a definition can meet an ALTER that is going on in another session: that is
/// tried again for some seconds, and `waits` is told once who holds the lock. Throws lock_unavailable, naming the
/// holder, when it does not end.
[[nodiscard]] catalog::snapshot read_snapshot(database::session&,
                                              std::function<void(std::string const& holder)> const& waits = {});

} // namespace pgratchet::execute
