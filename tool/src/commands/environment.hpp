// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "database/local_server.hpp"
#include "database/session.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pgratchet::commands {

/// What is asked of a connection that goes to another machine without sslmode verify-full.
enum class tls_rule { off, warn, require };

/// What makes sure that a command works on the database that was meant.
struct connection_guards {
    std::optional<std::string> database;          ///< the database's name
    std::optional<std::string> system_identifier; ///< of the server, from pg_control_system()
    /// Somebody's work depends on it: a connection without verified TLS and a superuser who deploys are warned of.
    bool is_protected = false;
    std::optional<tls_rule> tls; ///< not given: warn if it is protected, else off
};

/// Where a plan is applied, as the command line names it. The connection string itself never stands there: only
/// the name of the variable that holds it.
struct connection_options {
    std::string environment;                     ///< for messages and receipts: "prod"
    std::optional<std::string> url_variable;     ///< the environment variable with the connection string
    std::optional<std::filesystem::path> local;  ///< or the folder of a local server
    std::string database;                        ///< on the local server; made if it is not there
    std::optional<std::filesystem::path> bindir; ///< of PostgreSQL's programs
    connection_guards guards;
    std::chrono::milliseconds wait_for{0}; ///< for a server that is away, from the start of the command
};

/// An environment that can be connected to. A local server runs as long as this lives.
class environment {
public:
    /// Throws configuration_error if the variable is not set, or the local server does not start. `roles` are made on
    /// a local server if it lacks them.
    explicit environment(connection_options, std::vector<std::string> const& roles = {});

    [[nodiscard]] std::string const& name() const { return m_options.environment; }

    /// Where PostgreSQL's programs are, if the user named a place.
    [[nodiscard]] std::optional<std::filesystem::path> const& bindir() const { return m_options.bindir; }

    /// A private server in the build folder.
    [[nodiscard]] bool is_local() const { return m_options.local.has_value(); }

    /// See connection_guards.
    [[nodiscard]] bool is_protected() const { return m_options.guards.is_protected; }

    /// Waits for a server that is away or starting, as long as is wanted. Throws database::connection_lost, whose text
    /// names the environment and the variable, with a hint; and configuration_error if it is not the database that is
    /// expected, or TLS is required and is not verified.
    [[nodiscard]] std::unique_ptr<database::session> connect(std::string const& application_name) const;

    /// The same with one try.
    [[nodiscard]] std::unique_ptr<database::session> connect_once(std::string const& application_name) const;

    /// Another database of the same server (of one of them, if the connection string names several), with no look at
    /// what is expected of the environment's own. Throws database::connection_lost.
    [[nodiscard]] std::unique_ptr<database::session> connect_to(std::string const& database,
                                                                std::string const& application_name) const;

private:
    using moment = std::chrono::steady_clock::time_point;
    [[nodiscard]] std::unique_ptr<database::session> connect_until(moment no_longer_than,
                                                                   std::string const& application_name) const;
    [[nodiscard]] std::unique_ptr<database::session> open_until(moment no_longer_than,
                                                                std::string const& application_name) const;
    void examine(database::transport const&) const;
    void prepare_local(std::vector<std::string> const& roles) const;

    connection_options m_options;
    std::optional<database::local_server> m_server;
    std::string m_conninfo;
    moment m_no_longer_than;       ///< a server that is away is waited for
    mutable bool m_warned = false; ///< of the transport: once is enough
};

} // namespace pgratchet::commands
