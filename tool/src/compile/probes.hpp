// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "database/session.hpp"
#include "plan/plan.hpp"
#include "report/diagnostic.hpp"

#include <functional>
#include <string>
#include <vector>

namespace pgratchet::compile {

/// A probe and the file that it is in.
struct probe_source {
    plan::probe entry;
    script::script text; ///< one statement
};

using reporter = std::function<void(report::diagnostic)>;

/// Asks the probes of a version right before its migration, and warns of those that are true already: they cannot tell
/// that its work on data is still to be done.
void warn_of_early_probes(database::session&, std::vector<probe_source> const&, std::string const& version,
                          reporter const&);

/// The probes of a version if all of them are true now; none if one is not.
[[nodiscard]] std::vector<probe_source const*> true_probes_of(database::session&, std::vector<probe_source> const&,
                                                              std::string const& version);

/// Asks the probes of a version on the shadow, right after its migration: each has to give one boolean, and that true.
/// False if one does not; then that has been reported, at its place in the probe's file.
[[nodiscard]] bool probes_hold(database::session&, std::vector<probe_source> const&, std::string const& version,
                               reporter const&);

} // namespace pgratchet::compile
