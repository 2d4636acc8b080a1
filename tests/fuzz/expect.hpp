// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>
#include <cstdlib>

namespace pgratchet::fuzz {

/// Ends the program, which makes the input a finding, if a promise of the code under test is broken.
inline void expect(bool kept, char const* what)
{
    if (!kept) {
        std::fprintf(stderr, "broken promise: %s\n", what);
        std::abort();
    }
}

} // namespace pgratchet::fuzz
