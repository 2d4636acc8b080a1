// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "commands/environment.hpp"
#include "errors.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace pgratchet::commands {

struct verify_options {
    std::filesystem::path plan;
    connection_options connection;
    std::optional<std::filesystem::path>
        save; ///< writes what was found as a report; failed checks are then no failure yet
};

/// Reads an environment once, over one connection, and runs every check on what was read. Changes nothing.
[[nodiscard]] exit_code verify(verify_options const&);

struct verify_report_options {
    std::filesystem::path plan;
    std::filesystem::path report;
    std::string only; ///< migration.NNN, probe.NAME, schema.version, schema.drift or schema.privileges
};

/// Says what a saved report has to say about one check. Opens no connection.
[[nodiscard]] exit_code verify_from_report(verify_report_options const&);

} // namespace pgratchet::commands
