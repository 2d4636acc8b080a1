// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "database/session.hpp"

#include <functional>
#include <libpq-fe.h>
#include <memory>
#include <string>

namespace pgratchet::database {

struct connection_closer {
    void operator()(PGconn* connection) const noexcept { PQfinish(connection); }
};
using raw_connection = std::unique_ptr<PGconn, connection_closer>;

/// The fields of a result that is an error or a notice.
[[nodiscard]] server_message fields_of(PGresult const* result);

/// A message of libpq without the line feeds at its end.
[[nodiscard]] std::string trimmed(std::string text);

/// libpq takes C strings, and would leave out silently what follows a zero byte. Throws sql_error if there is one.
void refuse_zero_byte(std::string const& text);

/// Ends a COPY with the client as its end, if the connection is in one; whether it was.
bool leave_copy(PGconn*);

/// Opens a connection with client_encoding UTF8, and a connect_timeout of 10 seconds where neither the string, the
/// environment nor a service file sets one. Notices that come meanwhile are dropped.
/// Throws connection_lost, with the server's SQLSTATE if it was the server who refused.
/// `examine` may be empty; it is called before anything is sent.
[[nodiscard]] raw_connection connect(std::string const& conninfo, std::string const& application_name,
                                     std::function<void(transport const&)> const& examine);

} // namespace pgratchet::database
