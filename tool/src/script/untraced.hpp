// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace pgratchet::script {

/// What of a statement's work is meant to stay and is no part of a compared definition (catalog/query_*.cpp say what
/// is).
struct untraced_work {
    /// What it is done to, as written and without quotes: a relation "t" or "s.t", a column "s.t.c"; "" for anything
    /// else. Empty if all of it shows.
    std::vector<std::string> on;
    /// Whether it shows depends on what it is done to: what belongs to an extension is not compared, nor are the copies
    /// of a trigger on partitions.
    bool depends = false;
};

/// Judges a statement by its parse node and the node's fields.
[[nodiscard]] untraced_work untraced_work_of(std::string const& node, nlohmann::json const& fields);

} // namespace pgratchet::script
