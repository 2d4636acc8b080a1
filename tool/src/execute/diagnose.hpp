// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "database/session.hpp"
#include "report/diagnostic.hpp"
#include "script/script.hpp"

namespace pgratchet::execute {

/// What the server said about a statement, at its place in the file: the position if the server gave one, else the
/// start of the statement. Detail, hint and context are kept.
[[nodiscard]] report::diagnostic diagnose(script::script const&, script::statement const&,
                                          database::server_message const&);

} // namespace pgratchet::execute
