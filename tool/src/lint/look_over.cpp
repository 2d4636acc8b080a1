// SPDX-License-Identifier: Apache-2.0
#include "lint/warning.hpp"

#include <algorithm>
#include <utility>

namespace pgratchet::lint {

std::vector<report::diagnostic> look_over(migration_facts const& migration)
{
    std::vector<report::diagnostic> all;
    for (auto const& one : all_warnings()) {
        if (one.look == nullptr) {
            continue;
        }
        for (auto& each : one.look(migration)) {
            all.push_back({report::severity::warning, std::move(each.where), std::move(each.message),
                           std::string{one.name}, std::move(each.details), std::move(each.hint)});
        }
    }
    std::stable_sort(all.begin(), all.end(), [](report::diagnostic const& a, report::diagnostic const& b) {
        return std::pair{a.where.line, a.where.column} < std::pair{b.where.line, b.where.column};
    });
    return all;
}

} // namespace pgratchet::lint
