// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "database/session.hpp"

#include <chrono>
#include <string>

namespace pgratchet::commands {

/// Asks now and then whether a session still holds the deployer lock, while a program runs beside it. That also keeps
/// the connection from being idle for hours, which a firewall or idle_session_timeout would end.
class lock_watch {
public:
    /// `program` is for messages: "pg_dump".
    lock_watch(database::session& on, std::string program) : m_session{on}, m_program{std::move(program)} {}

    /// Throws backup_failed if the lock is lost. To be called often: it asks every five seconds.
    void look();

private:
    database::session& m_session;
    std::string m_program;
    std::chrono::steady_clock::time_point m_next;
};

} // namespace pgratchet::commands
