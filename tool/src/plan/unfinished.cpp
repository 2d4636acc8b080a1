// SPDX-License-Identifier: Apache-2.0
#include "plan/unfinished.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace pgratchet::plan {

namespace {

/// The histories of the objects that statements touch, counted in statements: 0 is the version before.
timelines histories_within(plan const& of, timelines const& known, std::size_t k)
{
    timelines within;
    auto const& statements = of.migrations[k].statements;
    for (std::size_t i = 0; i < statements.size(); ++i) {
        for (auto const& one : statements[i]) {
            if (catalog::belongs_to_effect_only(one.id)) {
                continue;
            }
            auto& line = within[one.id];
            if (line.empty()) {
                auto const place = known.find(one.id);
                line.push_back({0, place == known.end() ? nullptr : at(place->second, k).value, false});
            }
            line.push_back({i + 1, one.after ? &*one.after : nullptr, one.if_not_exists});
        }
    }
    return within;
}

} // namespace

progress_made unfinished(plan const& of, timelines const& known, std::size_t k, catalog::snapshot const& live,
                         tolerance const& settled)
{
    auto const count = of.migrations[k].statements.size();
    std::vector<std::ptrdiff_t> differing(count + 2);
    std::ptrdiff_t of_known = 0;
    auto first_missing = count;
    for (auto const& [id, line] : histories_within(of, known, k)) {
        auto const* there = catalog::find(live, id);
        for (std::size_t i = 0; i < line.size(); ++i) {
            bool const is_last = i + 1 == line.size();
            bool const next_agrees = !is_last && agrees(of, settled, id, line[i + 1], there);
            if (agrees(of, settled, id, line[i], there) || is_anticipated(line, i, next_agrees)) {
                continue;
            }
            of_known += i == 0 && known.contains(id) ? 1 : 0;
            ++differing[line[i].from];
            --differing[is_last ? count + 1 : line[i + 1].from];
            if (is_last) {
                first_missing = std::min(first_missing, line[i].from - 1);
            }
        }
    }
    std::optional<std::size_t> exact;
    std::ptrdiff_t sum = 0;
    for (std::size_t done = 0; done <= count; ++done) {
        sum += differing[done];
        if (sum == 0 && !exact) {
            exact = done;
        }
    }
    progress_made made{exact.value_or(first_missing), exact.has_value(), false, of_known};
    made.half_done = made.done > 0 && !half_dropped(of.migrations[k].statements[made.done - 1], live).empty();
    made.done -= made.half_done ? 1 : 0;
    return made;
}

std::vector<catalog::object_id> half_dropped(effect const& statement, catalog::snapshot const& live)
{
    std::vector<catalog::object_id> left;
    for (auto const& one : statement) {
        catalog::object_id invalid{"invalid index", one.id.identity};
        if (one.id.kind == "index" && !one.after && live.contains(invalid)) {
            left.push_back(std::move(invalid));
        }
    }
    return left;
}

std::vector<catalog::object_id> left_for_a_while(plan const& of, timelines const& known, std::size_t k,
                                                 catalog::snapshot const& live)
{
    std::vector<catalog::object_id> left;
    for (auto const& statement : of.migrations[k].statements) {
        for (auto const& one : statement) {
            if (one.after && !catalog::belongs_to_effect_only(one.id) && !known.contains(one.id) &&
                live.contains(one.id)) {
                left.push_back(one.id);
            }
        }
    }
    return left;
}

} // namespace pgratchet::plan
