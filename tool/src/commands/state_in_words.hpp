// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "commands/located.hpp"

#include <optional>
#include <string>

namespace pgratchet::commands {

/// Where an environment stands, in a line: "prod is at 004", "prod is between 003 and 004: partial".
[[nodiscard]] std::string where_it_stands(std::string const& environment, plan::plan const&, plan::state const&);

/// One of the state's `missing`: "index public.t_a", "column public.t.a: not null: expected yes, found no".
[[nodiscard]] std::string missing_in_words(plan::disagreement const&);

/// That a migration counts as applied although a probe of its own says that it has not run.
[[nodiscard]] std::string not_run_in_words(plan::plan const&, std::size_t k);

/// A state in words, on several lines; the last ends with a line feed.
[[nodiscard]] std::string in_words(std::string const& environment, plan::plan const&, plan::state const&);

/// What a person can do about a state that apply refuses or that stands half way. Nothing if there is nothing to mend.
[[nodiscard]] std::optional<std::string> what_to_do(plan::plan const&, plan::state const&);

} // namespace pgratchet::commands
