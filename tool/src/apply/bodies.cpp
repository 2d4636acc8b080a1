// SPDX-License-Identifier: Apache-2.0
#include "apply/bodies.hpp"

namespace pgratchet::apply {

script::routines const& bodies::known_at(std::size_t k, script::script const& file, script::statement const& at)
{
    if (m_k == k && m_end == at.end) {
        return m_now;
    }
    for (; m_files + 1 < k; ++m_files) {
        auto const earlier = m_script_of(m_files + 1);
        for (auto const& statement : earlier.body) {
            m_before.follow(earlier, statement);
        }
    }
    m_now = m_before;
    for (auto const& statement : file.body) {
        if (statement.begin <= at.begin) {
            m_now.follow(file, statement);
        }
    }
    m_k = k;
    m_end = at.end;
    return m_now;
}

} // namespace pgratchet::apply
