// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "report/diagnostic.hpp"
#include "script/script.hpp"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace pgratchet::lint {

/// What somebody chose for warnings, by --werror, --werror=NAME, --no-warn NAME and --warn NAME.
struct choice {
    bool all_are_errors = false;
    std::set<std::string> errors; ///< switched on, too
    std::set<std::string> off;    ///< stronger than all others
    std::set<std::string> on;
};

/// Throws usage_error for a name that no warning has (with the list of them), or one that is both on and off.
void demand_known_names(choice const&);

/// What is wrong with a script's allowances: names that no warning has. Errors.
[[nodiscard]] std::vector<report::diagnostic> wrong_allowances(script::script const&);

/// Decides what becomes of each diagnostic. All that a command reports go through one of these.
class policy {
public:
    explicit policy(choice chosen) : m_chosen{std::move(chosen)} {}

    /// Takes the allowances of a script into account from now on.
    void add(script::script const&);

    /// A diagnostic as it is to be reported: a warning with its option's name (-Wtable-rewrite), or as an error
    /// (-Werror=table-rewrite); nothing if it is switched off or allowed where it stands. Errors and notes pass as
    /// they are. A warning of the server counts as `server-warning`.
    [[nodiscard]] std::optional<report::diagnostic> judge(report::diagnostic);

    /// For each allowance so far that allowed nothing, unless its warning is switched off: `unused-allow`, already
    /// judged. To be asked once everything has been looked at.
    [[nodiscard]] std::vector<report::diagnostic> unused_allowances();

private:
    struct entry {
        script::allowance what;
        bool used = false;
    };

    [[nodiscard]] bool is_allowed(std::string const& name, report::location const& where);
    [[nodiscard]] report::severity severity_of(std::string const& name) const;
    [[nodiscard]] bool is_off(std::string const& name) const;

    choice m_chosen;
    std::vector<entry> m_allowances;
};

} // namespace pgratchet::lint
