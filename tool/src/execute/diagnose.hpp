// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "database/session.hpp"
#include "report/diagnostic.hpp"
#include "script/routine.hpp"
#include "script/script.hpp"

namespace pgratchet::execute {

/// What the server said about a statement, at its place in the file: the position if the server gave one, else within
/// the routine in which it arose (context.hpp), else the start of the statement. Detail, hint and context are kept, and
/// where the place is another file's or statement's, where the call stands.
[[nodiscard]] report::diagnostic diagnose(script::script const&, script::statement const&,
                                          database::server_message const&, script::routines const& known = {});

} // namespace pgratchet::execute
