// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "database/local_server.hpp"
#include "database/session.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pgratchet::commands {

/// Where a plan is applied, as the command line names it. The connection string itself never stands there: only
/// the name of the variable that holds it.
struct connection_options {
    std::string environment;                     ///< for messages and receipts: "prod"
    std::optional<std::string> url_variable;     ///< the environment variable with the connection string
    std::optional<std::filesystem::path> local;  ///< or the folder of a local server
    std::string database;                        ///< on the local server; made if it is not there
    std::optional<std::filesystem::path> bindir; ///< of PostgreSQL's programs
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

    /// Throws database::connection_lost.
    [[nodiscard]] std::unique_ptr<database::session> connect(std::string const& application_name) const;

private:
    void prepare_local(std::vector<std::string> const& roles) const;

    connection_options m_options;
    std::optional<database::local_server> m_server;
    std::string m_conninfo;
};

} // namespace pgratchet::commands
