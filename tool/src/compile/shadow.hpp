// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "database/local_server.hpp"
#include "database/session.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pgratchet::compile {

/// The throwaway database on which migrations are compiled, or rehearsed: from template0, dropped at the end.
class shadow {
public:
    struct options {
        /// Where the private cluster lives, unless a server is named.
        database::local_server::options server;
        /// A connection string of a server on which a database may be made.
        std::optional<std::string> conninfo;
        /// Roles that migrations name. Those that the server lacks are made, and removed again from a named server.
        std::vector<std::string> roles;
        /// Of CREATE DATABASE, with encoding and locale.
        std::string creation = "ENCODING 'UTF8'";
        /// For a rehearsal: the server says no more, and waits for its disk, as it does elsewhere.
        bool quiet = false;
    };

    /// Throws configuration_error, or connection_lost.
    explicit shadow(options);
    ~shadow();
    shadow(shadow const&) = delete;
    shadow& operator=(shadow const&) = delete;

    [[nodiscard]] database::session& session() { return *m_session; }

    [[nodiscard]] std::string const& database() const noexcept { return m_database; }

    /// Another session with that database.
    [[nodiscard]] std::unique_ptr<database::session> connect(std::string const& application_name) const;

    /// Throws the database away and makes it anew.
    void start_over();

private:
    [[nodiscard]] std::unique_ptr<database::session> admin_session() const;
    void take_turn();       ///< one command at a time works on a private cluster
    void remove() noexcept; ///< all that was made; says what could not be
    void warn_of_leftovers();
    void drop_all();
    void drop(std::string const& database);
    void create_database();
    void have_server_tell(); ///< at level DEBUG1 what it reads in full: see observer
    void drop_database();
    void create_roles();
    void drop_all_roles(); ///< of a private cluster: a migration may have made some

    options m_options;
    std::optional<database::local_server> m_server;
    std::string m_database;
    std::vector<std::string> m_roles_made;
    std::unique_ptr<database::session> m_admin;
    std::unique_ptr<database::session> m_session;
};

} // namespace pgratchet::compile
