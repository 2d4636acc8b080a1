// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plan/plan.hpp"

#include <string>
#include <string_view>

namespace pgratchet::plan {

/// What a plan file says of itself.
inline constexpr auto plan_format_name = "pgratchet plan";

/// The version of the plan file's format that this executor writes and reads.
constexpr int plan_format_version = 1;

/// The plan as JSON, the same bytes for an equal plan. Ends with a line feed.
[[nodiscard]] std::string to_json(plan const&);

/// The plan in a JSON text. Throws configuration_error if it is no plan, cut off, damaged, or of another format
/// version; `name` is what the message calls the file.
[[nodiscard]] plan from_json(std::string_view text, std::string const& name);

} // namespace pgratchet::plan
