// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

struct pg_conn; // libpq's PGconn

namespace pgratchet::interrupt {
class cancelling;
}

namespace pgratchet::database {

struct child_connection;

/// The fields of an error or a notice of the server, as in PostgreSQL's protocol ("Error and Notice Message Fields").
struct server_message {
    std::string severity; ///< ERROR, FATAL, NOTICE, WARNING, ... never localised
    std::string sqlstate; ///< five characters; empty if the message is libpq's own
    std::string message;
    std::string detail;
    std::string hint;
    std::string context;
    std::string internal_query;
    std::size_t position = 0;          ///< in characters from 1, into the statement sent; 0 if not given
    std::size_t internal_position = 0; ///< the same, into internal_query
    std::string schema, table, column, constraint;
};

/// The SQLSTATE of a lock that was not to be had within lock_timeout, or at once with NOWAIT.
constexpr auto lock_not_available = "55P03";

/// Thrown when the server refuses a statement. The connection lives on, its transaction (if any) is aborted.
class sql_error : public std::runtime_error {
public:
    explicit sql_error(server_message fields);
    [[nodiscard]] server_message const& fields() const noexcept { return m_fields; }
    [[nodiscard]] std::string const& sqlstate() const noexcept { return m_fields.sqlstate; }

private:
    server_message m_fields;
};

/// Thrown when the connection is gone, or could not be made. The text never holds a password.
class connection_lost : public std::runtime_error {
public:
    explicit connection_lost(server_message fields);
    [[nodiscard]] server_message const& fields() const noexcept { return m_fields; }

private:
    server_message m_fields;
};

/// How a connection would go over the network, as libpq understands the connection string, the environment and a
/// service file together.
struct transport {
    bool is_local = false;    ///< a Unix socket, or only hosts that are this machine
    std::string sslmode;      ///< "prefer" if nothing is said
    bool is_verified = false; ///< nobody between here and the server can read or change what is sent: sslmode
                              ///< verify-full, or gssencmode require
};

/// A name as SQL takes it whatever its characters, in double quotes.
[[nodiscard]] std::string quoted_name(std::string const& name);

using row = std::vector<std::optional<std::string>>;
using rows = std::vector<row>;

enum class transaction_status { idle, active, in_transaction, failed, unknown };

/// One connection to one database. The one place with libpqxx; everything else sees these types.
/// Not thread-safe, except cancel().
///
/// When the command is asked to end (interrupt.hpp), what the server does for it is cancelled, and the call throws
/// interrupt::interrupted in place of the server's error; so does the next call if nothing ran.
class session {
public:
    /// Connects. `conninfo` is a libpq connection string or URI; it is never kept in a message.
    /// `application_name` is what pg_stat_activity shows. Throws connection_lost.
    /// `examine` is called before anything is sent to the server; what it throws is passed on.
    session(std::string const& conninfo, std::string const& application_name,
            std::function<void(transport const&)> const& examine = {});
    ~session();
    session(session const&) = delete;
    session& operator=(session const&) = delete;
    session(session&&) noexcept;
    session& operator=(session&&) noexcept;

    /// Sends text by the simple query protocol, so it may hold several statements; gives the rows of the last
    /// one, all values as text. Throws sql_error or connection_lost.
    rows execute(std::string const& sql);

    /// To be called when the server has dropped its prepared statements: pipeline::send_prepared() prepares anew.
    void forget_prepared();

    /// A string as an SQL literal.
    [[nodiscard]] std::string quote(std::string const& text) const;

    /// Called for every NOTICE and WARNING. One at a time; an empty function drops them.
    void on_notice(std::function<void(server_message const&)> receiver);

    [[nodiscard]] int server_version() const; ///< as PQserverVersion: 150018 for 15.18
    [[nodiscard]] int backend_pid() const;    ///< PQbackendPID
    /// As whom it works until a statement changes that, and again after RESET ROLE: who logged in, or the role that
    /// ALTER ROLE ... SET role or the connection string's options name.
    [[nodiscard]] std::string const& role() const;
    [[nodiscard]] transaction_status status() const;

    /// How a child program reaches the same server and database; include child_connection.hpp.
    [[nodiscard]] child_connection for_child(std::string const& application_name) const;

    /// Asks the server to cancel what runs now (PQcancel). Safe from another thread or a signal-watching thread.
    void cancel() noexcept;

private:
    friend class pipeline;
    [[nodiscard]] pg_conn* raw() const;
    [[noreturn]] void raise();    ///< what libpq or the server said last
    void rethrow_from_receiver(); ///< what the receiver of notices threw, if anything
    [[nodiscard]] interrupt::cancelling by_signal() const;

    /// Statements that the server has prepared, or will have when what is on its way has arrived: their names by text.
    struct prepared_statements {
        std::map<std::string, std::string> names;
        std::size_t made = 0; ///< ever: a name is not used twice
    };
    [[nodiscard]] prepared_statements& prepared();

    class implementation;
    std::unique_ptr<implementation> m_implementation;
};

/// Opens a session with a database of one and the same server.
using connector = std::function<std::unique_ptr<session>(std::string const& database)>;

} // namespace pgratchet::database
