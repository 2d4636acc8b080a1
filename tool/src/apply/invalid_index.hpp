// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "database/session.hpp"
#include "report/diagnostic.hpp"

#include <chrono>
#include <functional>
#include <string>

namespace pgratchet::apply {

/// Drops the invalid index that a cut-off CREATE INDEX CONCURRENTLY left under this name, if there is one, and says so.
/// One that somebody is building right now looks the same: its table's lock tells them apart. Throws lock_unavailable
/// then.
void clear_invalid_index(database::session&, std::string const& index, std::string const& table,
                         std::chrono::milliseconds lock_timeout,
                         std::function<void(report::diagnostic const&)> const& say);

} // namespace pgratchet::apply
