// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "database/session.hpp"
#include "script/routine.hpp"

#include <optional>

namespace pgratchet::execute {

/// Where in a file the body stands in which a message arose, while `where` ran: from the message's CONTEXT the
/// innermost routine that is known, the DO block itself included, and from its internal query the very place, if that
/// text is found there. Nothing if no known routine was at work.
///
/// The lines of PL/pgSQL are read in any language of the server (lc_messages): they name the routine and a number.
[[nodiscard]] std::optional<report::location> place_in_routine(script::script const&, script::statement const& where,
                                                               database::server_message const&,
                                                               script::routines const&);

} // namespace pgratchet::execute
