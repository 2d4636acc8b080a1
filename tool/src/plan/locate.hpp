// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plan/choose.hpp"
#include "plan/disagreement.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pgratchet::plan {

enum class condition { empty, applied, partial, drift, ambiguous };

[[nodiscard]] std::string_view name_of(condition);

/// A migration that looks as if it had not run, although what a later version makes is there.
struct gap {
    std::size_t file = 0;    ///< counted from 1
    std::size_t version = 0; ///< what is there is that version's, but for the file
};

/// What locate() answers.
struct state {
    condition is = condition::drift;
    /// The version k: the one that fits; the complete one below a partial migration; the nearest one to a drift;
    /// the lowest that fits when ambiguous.
    std::size_t version = 0;
    /// How many statements of a no-transaction migration after `version` have landed.
    std::size_t statements_done = 0;
    std::vector<std::size_t> fitting;    ///< all versions that the compared schema fits, ascending
    std::vector<std::size_t> candidates; ///< when ambiguous: those of them that are left
    std::vector<std::string> lacking;    ///< what speaks against the higher ones, a line each (evidence::lacking)
    /// When it drifts although `fitting` is not empty: a file behind the version that was chosen of those, which has
    /// run by the word of its probe.
    std::optional<std::size_t> denied_by;
    std::optional<gap> left_out;        ///< when it drifts: all of that, if a file was left out
    bool is_assumed = false;            ///< `version` is the one of several that was assumed
    std::vector<std::size_t> by_probe;  ///< migrations that count as applied by the word of a probe alone, ascending
    std::vector<disagreement> drift;    ///< when partial: what is there of the next migration, and what is not
    std::vector<disagreement> missing;  ///< when partial: what the next migration has yet to do
    std::vector<disagreement> accepted; ///< drift that --accept-drift lets pass
    std::vector<catalog::object_id> anticipated;
    std::vector<catalog::object_id> unmanaged;
};

/// Which version of the plan a live catalog is at. Pure; its cost is linear in the plan and the snapshot.
/// Drift is accepted only where nothing fits without that. `assumed` settles an ambiguity, and a contradiction between
/// the schema and a probe; only that.
[[nodiscard]] state locate(plan const&, catalog::snapshot const& live, probe_answers const&, tolerance const&,
                           std::optional<std::size_t> assumed = std::nullopt);

} // namespace pgratchet::plan
