// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "database/session.hpp"
#include "plan/plan.hpp"
#include "report/diagnostic.hpp"

#include <functional>
#include <optional>
#include <string>

namespace pgratchet::apply {

/// ALTER TABLE ... DETACH PARTITION ... CONCURRENTLY that is cut off leaves the detachment pending, and from then on
/// the server takes FINALIZE only (PostgreSQL manual, "ALTER TABLE"). If one of the tables that the statement changes
/// is left so, the statement to run in place of it, and word of that.
[[nodiscard]] std::optional<std::string> finalize_detach(database::session&, plan::effect const& of_statement,
                                                         report::location const& where,
                                                         std::function<void(report::diagnostic const&)> const& say);

} // namespace pgratchet::apply
