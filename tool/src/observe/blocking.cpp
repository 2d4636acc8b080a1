// SPDX-License-Identifier: Apache-2.0
#include "observe/blocking.hpp"

#include <map>
#include <utility>

namespace pgratchet::observe {

std::vector<stop> stops(std::vector<timed_statement> const& statements, bool in_transaction)
{
    using time = std::chrono::steady_clock::duration;
    std::map<std::pair<std::string, blocked>, time> found;
    for (std::size_t i = 0; i < statements.size(); ++i) {
        for (auto const& one : statements[i].relations) {
            if (!is_strong(one.lock)) {
                continue;
            }
            std::pair const key{one.relation, blocked_by(one.lock)};
            if (!in_transaction) {
                found[key] += statements[i].took;
            } else if (!found.contains(key)) {
                for (auto k = i; k < statements.size(); ++k) {
                    found[key] += statements[k].took;
                }
            }
        }
    }
    std::vector<stop> all;
    for (auto const& [key, held] : found) {
        // From the moment on at which it is there, the stronger lock is all that counts.
        auto const stronger = found.find({key.first, blocked::reads_and_writes});
        bool const is_covered = key.second != blocked::reads_and_writes && stronger != found.end() && in_transaction &&
                                stronger->second >= held;
        if (!is_covered) {
            all.push_back({key.first, key.second, held});
        }
    }
    return all;
}

} // namespace pgratchet::observe
