// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "compile/replay.hpp"

namespace pgratchet::compile {

/// Reports the warnings about a migration that was replayed: the rules of lint over what is known of it, and statements
/// that the parser does not know. `before` is the catalog before it.
void warn_about(source const&, catalog::snapshot const& before, reporter const&);

/// Reports what the parser refuses in those statements of a file that begin at `from` (a byte offset) or behind it, and
/// that nobody will ask the server about any more: as errors if the server, of that version (as PQserverVersion), is
/// not newer than the parser; else, and if there is no server (0), as notes.
void report_unparsed(script::script const&, std::size_t from, int server_version, reporter const&);

} // namespace pgratchet::compile
