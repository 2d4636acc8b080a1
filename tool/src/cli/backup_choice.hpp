// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command_line.hpp"
#include "commands/backup.hpp"

#include <string>

namespace pgratchet::cli {

/// The options that say where backups go and how they are made. Those that other commands could take for their own
/// start with `prefix`: "backup-" makes --format --backup-format.
void add_backup_options(command_line&, std::string const& prefix);

/// True if one of them is given.
[[nodiscard]] bool has_backup_options(command_line const&, std::string const& prefix);

/// Throws usage_error, quoting what is wrong.
[[nodiscard]] commands::backup_choice backup_choice_of(command_line const&, std::string const& prefix);

} // namespace pgratchet::cli
