// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "compile/private_server.hpp"
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
    [[nodiscard]] std::unique_ptr<database::session> connect_to(std::string const& database,
                                                                std::string const& application_name) const;
    [[nodiscard]] database::session& admin();
    void remove() noexcept; ///< all that was made; says what could not be
    void drop_all();
    void warn_of_leftovers();
    void create_database();
    void have_server_tell(); ///< at level DEBUG1 what it reads in full: see observer
    void drop_own_database();
    void create_roles();

    options m_options;
    std::string m_database;
    std::optional<private_server> m_private;    ///< either this,
    std::unique_ptr<database::session> m_admin; ///< or this, with a named server
    std::vector<std::string> m_roles_made;      ///< on a named server
    std::unique_ptr<database::session> m_session;
};

} // namespace pgratchet::compile
