// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "script/directive.hpp"
#include "script/script.hpp"

#include <vector>

namespace pgratchet::script {

/// The allowances of a script while it is read from front to back: each waits for the statement behind it.
class waiting_allowances {
public:
    void add(directive_comment, report::location where);
    [[nodiscard]] bool empty() const { return m_waiting.empty(); }

    /// A statement of the body has come: the allowances speak for it. `end` is one behind its last character.
    void attach_to(report::location const& begin, report::location const& end, script& result);

    /// BEGIN, COMMIT or the end of the file has come: they stand before no statement, which is an error each.
    [[nodiscard]] std::vector<report::diagnostic> refuse();

private:
    std::vector<allowance> m_waiting;
};

/// Where an allowance belongs, as a hint.
inline constexpr auto where_allowances_stand = "it stands right before the statement that it is for";

} // namespace pgratchet::script
