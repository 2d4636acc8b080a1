// SPDX-License-Identifier: Apache-2.0
#include "execute/probe_answer.hpp"

namespace pgratchet::execute {

std::optional<bool> probe_answer(database::rows const& given)
{
    auto const value = given.size() == 1 && given[0].size() == 1 ? given[0][0] : std::nullopt;
    return value == "t" || value == "f" ? std::optional{value == "t"} : std::nullopt;
}

} // namespace pgratchet::execute
