// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "database/child_process.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

struct pg_conn; // libpq's PGconn

namespace pgratchet::database {

/// How a child program of libpq (pg_dump, pg_restore) reaches the server and database that a session is connected with.
///
/// Everything travels in environment variables, so neither a secret nor a host stands on the child's command line.
/// Options for which libpq has no variable (keepalives, sslpassword) stand in a service file that is in memory only and
/// lives as long as this. Services, passfiles and variables of ours are resolved: the child
/// gets the values in force. Of several hosts and addresses it gets the one in use.
struct child_connection {
    std::map<std::string, std::string> environment; ///< "PGDATABASE" may be set to another database of the server
    std::vector<std::string> unset;
    std::vector<std::string> secrets; ///< in force, longest first
    std::shared_ptr<void> service;    ///< keeps the service file

    /// The command with the connection added to its environment.
    [[nodiscard]] command apply_to(command) const;

    /// What the child printed, with every secret replaced by `***`.
    [[nodiscard]] std::string hide(std::string text) const;
};

/// `application_name` is what pg_stat_activity shows. Throws configuration_error if an option cannot be given on.
[[nodiscard]] child_connection child_connection_of(pg_conn*, std::string const& application_name);

} // namespace pgratchet::database
