// SPDX-License-Identifier: Apache-2.0
#include "compile/revert_rule.hpp"

#include "plan/take_back.hpp"

#include <algorithm>
#include <sstream>

namespace pgratchet::compile {

namespace {

bool is_accepted(script::script const& file, catalog::object_id const& id)
{
    auto const name = id.kind + " " + id.identity;
    return std::any_of(file.accepted.begin(), file.accepted.end(),
                       [&](script::acceptance const& one) { return one.about == name; });
}

std::vector<std::string> lines_of(std::vector<plan::object_change> const& all)
{
    std::vector<std::string> lines;
    std::istringstream text{plan::in_words(all)};
    for (std::string line; std::getline(text, line);) {
        lines.push_back(line);
    }
    return lines;
}

} // namespace

bool reverts_are_proven(plan::plan const& compiled, std::vector<source> const& sources, reporter const& report)
{
    bool good = true;
    for (std::size_t k = 1; k <= compiled.migrations.size(); ++k) {
        auto const& one = sources.at(k - 1);
        auto const taken_back = plan::taken_back_by(compiled, k);
        if (!taken_back || one.quiet) {
            continue;
        }
        auto left = plan::not_taken_back(compiled, *taken_back, k);
        std::erase_if(left, [&](plan::object_change const& each) { return is_accepted(one.text, each.id); });
        if (left.empty()) {
            continue;
        }
        good = false;
        auto const before = plan::version_name(compiled, *taken_back - 1);
        bool const is_next = *taken_back + 1 == k;
        auto details = lines_of(left);
        details.insert(details.begin(),
                       "how it is and is not to be (+ too much, - missing, ~ as it has to be -> as it is):");
        report({report::severity::error,
                {one.text.file, 1, 1},
                one.entry.file + " does not take " + compiled.migrations[*taken_back - 1].version + " back: " +
                    (is_next ? "the schema is not that of " + before
                             : "what that file changed is not as it was at " + before),
                "not-reverted",
                std::move(details),
                "write what is missing; what is to stay is accepted by a comment, -- pgratchet: accepted KIND "
                "IDENTITY: REASON; or give the file a name without _revert_"});
    }
    return good;
}

} // namespace pgratchet::compile
