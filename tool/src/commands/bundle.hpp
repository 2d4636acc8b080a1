// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "errors.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace pgratchet::commands {

struct bundle_make_options {
    std::filesystem::path folder; ///< with the files that CMake puts there: bin/, cmake/, CMakeLists.txt
    std::filesystem::path plan;   ///< of the build
    std::string name;
    std::string version; ///< of the project
    std::optional<std::string> source_revision;
    std::optional<std::filesystem::path> presets; ///< the project's CMakePresets.json
    std::string environment;                      ///< of the build, with
    std::optional<std::string> url_variable;      ///< its variable: an environment even if no preset names it
    std::string target_prefix;
    bool has_backup = false; ///< the executor has that command
    bool has_restore = false;
};

/// Completes a bundle's folder: migrations, probes, plan, presets, runbook, manifest. Prints the bundle's version on
/// stdout. Throws state_refused for a stale plan.
[[nodiscard]] exit_code bundle_make(bundle_make_options const&);

/// Examines a bundle, a folder or a .tar.gz, and says on stdout what it is. Throws state_refused if it is not whole.
[[nodiscard]] exit_code bundle_verify(std::filesystem::path const&);

/// Prints what the newer of two bundles brings. Both are examined first.
[[nodiscard]] exit_code bundle_diff(std::filesystem::path const& older, std::filesystem::path const& newer);

/// Writes NAME.key (mode 0600) and NAME.pub. Throws configuration_error if one of them exists.
[[nodiscard]] exit_code make_key(std::filesystem::path const& name);

struct sign_options {
    std::filesystem::path folder;
    std::optional<std::filesystem::path> key;
    std::optional<std::string> key_variable; ///< the variable that holds the text of the key
};

/// Signs the bundle in a folder, if it is as its manifest says.
[[nodiscard]] exit_code sign(sign_options const&);

} // namespace pgratchet::commands
