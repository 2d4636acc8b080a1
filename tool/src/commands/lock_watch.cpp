// SPDX-License-Identifier: Apache-2.0
#include "commands/lock_watch.hpp"

#include "apply/deployer_lock.hpp"
#include "errors.hpp"

namespace pgratchet::commands {

void lock_watch::look()
{
    using namespace std::chrono_literals;
    auto const now = std::chrono::steady_clock::now();
    if (now < m_next) {
        return;
    }
    m_next = now + 5s;
    try {
        if (m_session.execute("SELECT " + apply::deployer_lock::is_held()).at(0).at(0) != "t") {
            throw backup_failed{"the deployer lock was lost while " + m_program +
                                " ran, so a migration may have run beside it"};
        }
    } catch (database::connection_lost const& problem) {
        throw backup_failed{"the connection with the deployer lock was lost while " + m_program +
                            " ran: " + std::string{problem.what()}};
    }
}

} // namespace pgratchet::commands
