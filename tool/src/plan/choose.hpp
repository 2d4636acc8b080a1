// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plan/agreement.hpp"

#include <map>
#include <string>
#include <vector>

namespace pgratchet::plan {

/// Answers of the hand-written probes, by name. A probe that could not be asked is absent.
using probe_answers = std::map<std::string, bool>;

/// Which of several versions a live catalog is taken for.
struct choice {
    std::size_t version = 0;             ///< the one; the lowest of the candidates when it cannot be told
    std::vector<std::size_t> candidates; ///< those that are left, ascending; empty if it could be told
    std::vector<std::string> lacking;    ///< what speaks against the higher ones, a line each (evidence::lacking)
    std::vector<std::size_t> by_probe;   ///< the migrations that count as applied by the word of a probe alone
};

/// Chooses among the versions that a live catalog fits, given ascending and at least one. Climbs from the lowest, and
/// never past a file whose work might be missing:
///   - files that are schema-only are climbed over if what they left beside the compared schema is there: privileges,
///     owners, comments, objects that a rule ignores, dropped extensions. If it is not, repeating them does no harm,
///     unless they drop what holds data;
///   - where the environment has a form of its own of what a file changes (a rule ignores it, its drift was accepted),
///     and for work on data, a probe of a version from there on has to say that it is done; that it is not done, a
///     probe of the higher version itself has to say, since an earlier one may have been undone in between;
///   - evidence that contradicts itself decides nothing.
/// Linear in what lies between the lowest and the highest.
[[nodiscard]] choice choose(plan const&, std::vector<std::size_t> const& fitting, catalog::snapshot const& live,
                            probe_answers const&, catalog::proven_equal const&);

} // namespace pgratchet::plan
