// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "database/session.hpp"

#include <libpq-fe.h>
#include <string_view>

namespace pgratchet::database {

/// Of a connection that PQconnectStartParams() has begun: all options are settled then, and nothing has been sent.
[[nodiscard]] transport transport_of(PGconn*);

/// True if every host of a list with commas, as libpq takes it, is this machine: a socket's folder, localhost, a
/// loopback address. An empty list is libpq's default, a socket.
[[nodiscard]] bool are_local(std::string_view hosts);

} // namespace pgratchet::database
