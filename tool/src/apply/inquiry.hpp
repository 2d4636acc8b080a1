// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "apply/fate.hpp"
#include "database/session.hpp"

#include <functional>
#include <memory>
#include <string>

namespace pgratchet::apply {

/// How to ask.
struct inquiry {
    /// Makes another connection of the same kind, or throws connection_lost at once.
    std::function<std::unique_ptr<database::session>()> reconnect;
    std::function<fitting(database::session&)> look; ///< locates the environment
};

/// Asks on new connections, for half a minute at most, as the server may have to start again, and a transaction may be
/// still at it. Stops earlier when the command is asked to end.
[[nodiscard]] fate find_out(std::string const& transaction, inquiry const&);

} // namespace pgratchet::apply
