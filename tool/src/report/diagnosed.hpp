// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "errors.hpp"
#include "report/diagnostic.hpp"

namespace pgratchet::report {

/// A failure at a place in a file: printed as a compiler's diagnostic.
class diagnosed : public failure {
public:
    diagnosed(exit_code code, diagnostic what) : failure{code, what.message, what.hint}, m_what{std::move(what)} {}

    [[nodiscard]] diagnostic const& what_and_where() const noexcept { return m_what; }

private:
    diagnostic m_what;
};

} // namespace pgratchet::report
