// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "preflight/demands.hpp"
#include "preflight/rights.hpp"

#include <string>
#include <vector>

namespace pgratchet::preflight {

/// Something that the deployer lacks.
struct problem {
    std::string what; ///< file, role, privilege and object
    std::string mend; ///< the command that mends it
    std::string by;   ///< who can run it: "a superuser", "the owner of schema app or a superuser"
};

/// Compares what is demanded with what the deployer may do. Pure.
[[nodiscard]] std::vector<problem> problems_of(demands const&, rights const&);

/// The problems for people: one and the command that mends it on two lines, indented.
[[nodiscard]] std::string in_words(std::vector<problem> const&);

} // namespace pgratchet::preflight
