// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bundle/presets.hpp"

#include <string>

namespace pgratchet::bundle {

/// What a cache variable of cmake/PgRatchetEnvironment.cmake is in an environment, by its name without PGRATCHET_:
/// "URL_VARIABLE". Empty if it is not set.
[[nodiscard]] std::string setting(environment_preset const&, std::string const& name);

/// The environment's name in receipts and in the names of targets; the preset's need not be the same.
[[nodiscard]] std::string environment_name(environment_preset const&);

/// A text of a preset as one word of a shell that stands in the bundle's folder: quoted where it must be, with
/// ${sourceDir}, $env{NAME} and their like (cmake-presets(7)) as the shell's own.
[[nodiscard]] std::string shell_word(std::string const&);

/// The options, as words of a shell, with which CMake's targets and tests call the executor for an environment:
/// " --environment prod --url-variable PGRATCHET_PROD_URL --protected ...". The command is one of apply, backup,
/// history, rehearse, restore, status and verify. Whoever works without CMake is to have the same guards.
[[nodiscard]] std::string executor_options(environment_preset const&, std::string const& command);

} // namespace pgratchet::bundle
