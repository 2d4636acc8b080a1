// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "script/script.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace pgratchet::preflight {

/// What the plain statements of a file name. An effect alone does not say what a privilege is needed for: dropping a
/// column takes somebody else's view along, and a function that a SELECT calls may work with other rights. Only what
/// such a statement names is asked of the deployer himself.
struct mentions {
    std::set<std::string> made;      ///< bare names in statements that make objects
    std::set<std::string> worked_on; ///< bare names in statements that only an object's owner may run
    /// By name, the statement that makes an extension, or a schema without elements.
    std::map<std::string, std::string> extensions, schemas;
    bool makes_roles = false;
    bool makes_event_triggers = false;
    bool changes_role = false; ///< SET ROLE and its like: then nobody knows who does what
};

/// The mentions of a file, or of its statements from number `first` (counted from 0) on.
[[nodiscard]] mentions mentioned_in(script::script const&, std::size_t first = 0);

/// The names in a statement: words in lower case, quoted names as they are.
[[nodiscard]] std::vector<std::string> names_in(std::string_view statement);

} // namespace pgratchet::preflight
