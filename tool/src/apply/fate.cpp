// SPDX-License-Identifier: Apache-2.0
#include "apply/fate.hpp"

namespace pgratchet::apply {

fate decide(std::optional<std::string> const& status, std::optional<fitting> const& live)
{
    if (status == "in progress") {
        return fate::unknown;
    }
    if (live && live->before != live->after) {
        return live->after ? fate::committed : fate::rolled_back;
    }
    if (status == "committed") {
        return fate::committed;
    }
    return status == "aborted" ? fate::rolled_back : fate::unknown;
}

} // namespace pgratchet::apply
