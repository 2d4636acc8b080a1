// SPDX-License-Identifier: Apache-2.0
#include "script/allowances.hpp"

#include <utility>

namespace pgratchet::script {

void waiting_allowances::add(directive_comment comment, report::location where)
{
    m_waiting.push_back({std::move(comment.about), std::move(comment.reason), std::move(where), {}, {}});
}

void waiting_allowances::attach_to(report::location const& begin, report::location const& end, script& result)
{
    for (allowance& one : m_waiting) {
        one.begin = begin;
        one.end = end;
        result.allowances.push_back(std::move(one));
    }
    m_waiting.clear();
}

std::vector<report::diagnostic> waiting_allowances::refuse()
{
    std::vector<report::diagnostic> refused;
    for (allowance& one : m_waiting) {
        refused.push_back({report::severity::error,
                           std::move(one.where),
                           "an allowance before no statement of the body",
                           "misplaced-directive",
                           {},
                           where_allowances_stand});
    }
    m_waiting.clear();
    return refused;
}

} // namespace pgratchet::script
