// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pgratchet::lint {

/// A type as the server prints it (format_type()), taken apart: "timestamp(3) with time zone" is "timestamp with time
/// zone" with 3, "numeric(8,2)[]" is an array of "numeric" with 8 and 2.
struct server_type {
    std::string name;
    std::vector<long> numbers;
    bool is_array = false;

    [[nodiscard]] static server_type read(std::string_view text);

    /// The n-th number, counted from 0; 0 if it is not there, as for the scale of numeric(8).
    [[nodiscard]] long number(std::size_t n) const { return n < numbers.size() ? numbers[n] : 0; }
};

} // namespace pgratchet::lint
