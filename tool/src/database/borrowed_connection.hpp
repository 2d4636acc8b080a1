// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <libpq-fe.h>
#include <pqxx/pqxx>
#include <string>
#include <tuple>
#include <utility>

// The one header that includes libpqxx, for session.cpp alone: 6.4 (Debian 12) and 7 (Debian 13) take over a PGconn in
// different ways.

namespace pgratchet::database {

#if PQXX_VERSION_MAJOR >= 7

/// A libpqxx connection over a PGconn that stays ours.
class borrowed_connection {
public:
    explicit borrowed_connection(PGconn* raw) : m_connection{pqxx::connection::seize_raw_connection(raw)} {}
    // Given back, or libpqxx would close it and its owner would close it again.
    ~borrowed_connection() { std::ignore = std::move(m_connection).release_raw_connection(); }
    borrowed_connection(borrowed_connection const&) = delete;
    borrowed_connection& operator=(borrowed_connection const&) = delete;

    [[nodiscard]] pqxx::connection& get() noexcept { return m_connection; }

private:
    pqxx::connection m_connection;
};

#else

/// libpqxx 6 makes its policy itself and gives it only a string, so the connection is handed over here.
inline thread_local PGconn* handed_over = nullptr;

/// A policy that connects nothing and closes nothing: the PGconn stays ours.
class borrowing_policy : public pqxx::connectionpolicy {
public:
    explicit borrowing_policy(std::string const& options)
        : pqxx::connectionpolicy{options}, m_raw{std::exchange(handed_over, nullptr)}
    {
    }

    handle do_startconnect(handle) override { return m_raw; }
    handle do_completeconnect(handle) override { return m_raw; }
    handle do_dropconnect(handle) noexcept override { return nullptr; }
    handle do_disconnect(handle) noexcept override { return nullptr; }
    [[nodiscard]] bool is_ready(handle raw) const noexcept override { return raw != nullptr; }

private:
    PGconn* m_raw;
};

class borrowed_connection {
public:
    explicit borrowed_connection(PGconn* raw) : m_connection{(handed_over = raw, std::string{})} {}

    [[nodiscard]] pqxx::connection_base& get() noexcept { return m_connection; }

private:
    pqxx::basic_connection_base<borrowing_policy> m_connection;
};

#endif

} // namespace pgratchet::database
