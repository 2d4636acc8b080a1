// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace pgratchet::report {

/// The folder in which receipts live unless another is named: $XDG_STATE_HOME/pgratchet, or ~/.local/state/pgratchet.
[[nodiscard]] std::filesystem::path default_receipts_folder();

/// The file with the receipts of an environment.
[[nodiscard]] std::filesystem::path receipts_file(std::filesystem::path const& folder, std::string const& environment);

/// Appends a receipt to `folder`/`environment`/receipts.jsonl: what was done (`what` is an object), with who did it and
/// when (UTC). It holds no secret. Warns if it cannot be written: what it tells of has happened all the same.
void write_receipt(std::filesystem::path const& folder, std::string const& environment,
                   nlohmann::ordered_json const& what);

/// Makes the folder of an environment's receipts. Before anything is done: what is done cannot be taken back for want
/// of a receipt. Throws configuration_error if nothing can be written there.
void demand_receipts_folder(std::filesystem::path const& folder, std::string const& environment);

/// What was read from an environment's receipts.
struct history {
    std::vector<nlohmann::ordered_json> receipts; ///< in the order in which they were written
    std::vector<std::size_t> damaged;             ///< numbers of lines, from 1, that are none
};

/// The receipts of one project: environments of two projects may have the same name and so share a file. A line that
/// names no project is everybody's. Empty if there is no file. Throws configuration_error if it cannot be read.
[[nodiscard]] history read_receipts(std::filesystem::path const& file, std::string const& project);

} // namespace pgratchet::report
