// SPDX-License-Identifier: Apache-2.0
#include "execute/probe_answer.hpp"

namespace pgratchet::execute {

std::optional<bool> probe_answer(database::rows const& given)
{
    auto const value = given.size() == 1 && given[0].size() == 1 ? given[0][0] : std::nullopt;
    return value == "t" || value == "f" ? std::optional{value == "t"} : std::nullopt;
}

std::string as_probes_are_asked(std::string const& search_path)
{
    return "SET LOCAL search_path = " + search_path + ";SET LOCAL row_security = off;SET LOCAL lock_timeout = '2s';";
}

} // namespace pgratchet::execute
