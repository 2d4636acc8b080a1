// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lint/facts.hpp"
#include "report/diagnostic.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pgratchet::lint {

/// What becomes of a warning unless somebody chooses otherwise. `off` is for noisy ones: --warn NAME brings them.
enum class level { off, warning, error };

/// One thing that a rule found. Its name and severity are added by who runs the rule.
struct finding {
    report::location
        where;           ///< within a statement, so that `-- pgratchet: allow` before that statement can speak for it
    std::string message; ///< lowercase, no full stop
    std::vector<std::string> details;
    std::optional<std::string> hint; ///< the fix
};

/// A rule is a pure function: what is known of one migration in, what is wrong with it out.
using rule = std::vector<finding> (*)(migration_facts const&);

/// A warning that can be named on the command line (`--werror=NAME`, `--no-warn NAME`, `--warn NAME`), in CMake and
/// in a file (`-- pgratchet: allow NAME: REASON`). Each has its page, docs/warnings/NAME.md.
struct warning {
    std::string_view name; ///< "table-rewrite"; printed as [-Wtable-rewrite]
    level by_default = level::warning;
    std::string_view summary; ///< one line about it, for lists and for SARIF
    rule look = nullptr;      ///< nothing: found elsewhere, by the parser, the replay or the server
};

/// All of them, ordered by name.
[[nodiscard]] std::span<warning const> all_warnings();

/// The warning of that name; null if there is none.
[[nodiscard]] warning const* find_warning(std::string_view name);

/// The known name that a wrong one was meant to be, for hints; nothing if none is near.
[[nodiscard]] std::optional<std::string> nearest_name(std::string_view wrong);

/// All names with commas between, for hints.
[[nodiscard]] std::string all_names();

/// Runs every rule of the table over one migration. The diagnostics are warnings under their names, not yet judged
/// (policy.hpp): ordered by their place.
[[nodiscard]] std::vector<report::diagnostic> look_over(migration_facts const&);

} // namespace pgratchet::lint
