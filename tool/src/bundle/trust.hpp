// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bundle/contents.hpp"
#include "bundle/key.hpp"

#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

namespace pgratchet::bundle {

/// Names a file of trusted public keys. Unset or empty: none is configured.
constexpr auto trusted_key_variable = "PGRATCHET_TRUSTED_KEY";

/// The trusted keys; none if no file of them is configured. Throws configuration_error if there should be keys and
/// they cannot be read: what cannot be checked is not trusted.
[[nodiscard]] std::vector<public_key> trusted_keys();

/// A bundle that was looked at and found to be what its manifest says.
struct examined {
    manifest described;
    std::optional<public_key> signed_by; ///< with a valid signature; one of the trusted keys, if there are any
};

/// Throws state_refused unless a bundle is whole: the manifest is there; its signature is valid, if there is one,
/// and of a trusted key, if there are any; and every file is as it says, no more and no fewer. `name` is what
/// messages call the bundle.
[[nodiscard]] examined examine(contents const&, std::vector<public_key> const& trusted, std::string const& name);

/// Before a plan is used: if a manifest lies beside it, the whole bundle is examined, and `plan_text` must be the
/// plan that it speaks of. With trusted keys, a plan without a manifest is refused. Gives nothing for a plan that is
/// in no bundle.
std::optional<examined> examine_around(std::filesystem::path const& plan_file, std::string_view plan_text);

} // namespace pgratchet::bundle
