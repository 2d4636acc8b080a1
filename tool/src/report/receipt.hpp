// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace pgratchet::report {

/// The folder in which receipts live unless another is named: $XDG_STATE_HOME/pgratchet, or ~/.local/state/pgratchet.
[[nodiscard]] std::filesystem::path default_receipts_folder();

/// Appends a receipt to `folder`/`environment`/receipts.jsonl: what was done (`what` is an object), with who did it and
/// when (UTC). It holds no secret. Throws configuration_error if it cannot be written.
void write_receipt(std::filesystem::path const& folder, std::string const& environment,
                   nlohmann::ordered_json const& what);

/// Makes the folder of an environment's receipts. Before anything is done: what is done cannot be taken back for want
/// of a receipt. Throws configuration_error if nothing can be written there.
void demand_receipts_folder(std::filesystem::path const& folder, std::string const& environment);

} // namespace pgratchet::report
