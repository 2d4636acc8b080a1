// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "catalog/settings.hpp"
#include "database/pipeline.hpp"
#include "database/session.hpp"

#include <string>
#include <vector>

namespace pgratchet::execute {

/// Gives a session the state in which `psql -f` would start a file: no cursor, role, setting, prepared statement (but
/// our own, called pgratchet_...), temporary table or sequence cache survives. Then pins the settings that a migration
/// relies on. To be done outside a transaction.
///
/// Never DISCARD ALL, which would release the deployer lock. DISCARD PLANS is not needed: a cached plan is made again
/// where the search_path is another.
class cleaning {
public:
    /// `more`: settings besides those that every migration relies on.
    cleaning(database::session&, std::string const& search_path, catalog::settings more = {});

    /// Queues it as a group of its own.
    void send(database::pipeline&) const;
    /// Waits for its answers. Throws as pipeline::receive().
    void receive(database::pipeline&);
    /// Does the rest, once the pipeline has ended.
    void finish(database::session&) const;

private:
    std::vector<std::string> m_statements;
    std::string m_pin;
    bool m_something_is_prepared = false;
};

/// All of it at once.
void clean_session(database::session&, std::string const& search_path, catalog::settings more = {});

/// Statements that give the inside of a transaction back to the deployer, whatever role a migration has taken.
[[nodiscard]] std::vector<std::string> const& own_identity();

} // namespace pgratchet::execute
