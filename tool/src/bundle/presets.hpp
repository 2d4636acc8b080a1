// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace pgratchet::bundle {

/// An environment that a bundle can be applied to: the configure preset's name, and the cache variables of pgratchet
/// that it sets.
struct environment_preset {
    std::string name;
    std::string display_name;
    std::map<std::string, std::string> variables;
};

/// The same as the call of pgratchet_add_migrations() sees it whose targets start with `target_prefix`, "crm_" or
/// nothing: PGRATCHET_CRM_URL_VARIABLE stands for PGRATCHET_URL_VARIABLE, as in cmake/PgRatchetOwnSettings.cmake.
[[nodiscard]] environment_preset with_own_settings(environment_preset, std::string const& target_prefix);

/// The environments of a project, as its CMakePresets.json and the files it includes have them: every configure
/// preset that is not hidden and names a PGRATCHET_URL_VARIABLE for the call with that prefix, itself or by inheritance
/// (cmake-presets(7)).
/// Throws configuration_error if a file cannot be read as presets.
[[nodiscard]] std::vector<environment_preset> environments_of(std::filesystem::path const& presets_file,
                                                              std::string const& target_prefix);

/// A CMakePresets.json with a configure, a build and a test preset for each environment, that asks for no generator
/// and no compiler.
[[nodiscard]] std::string presets_for(std::vector<environment_preset> const&);

} // namespace pgratchet::bundle
