// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "commands/environment.hpp"
#include "errors.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace pgratchet::commands {

struct diff_options {
    std::filesystem::path plan;
    std::optional<std::string> from;              ///< a version, or "empty"; the one before `to` if not given
    std::optional<std::string> to;                ///< likewise; the newest if not given
    std::optional<connection_options> connection; ///< an environment as it is in place of `from`
    bool json = false;
};

/// Says what lies between two versions of a plan, or between an environment as it is and a version, object by object
/// and attribute by attribute, owners, privileges and comments included. Changes nothing. Objects that no version of
/// the plan knows take no part.
[[nodiscard]] exit_code diff(diff_options const&);

} // namespace pgratchet::commands
