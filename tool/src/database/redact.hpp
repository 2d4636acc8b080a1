// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pgratchet::database {

/// A connection string taken apart by libpq, and what of it must never be shown.
///
/// libpq quotes parts of a connection string in its errors. A password with an `@` or `/` that is not
/// percent-encoded ends up in the host or the port as libpq sees it, so hiding the password that libpq found is not
/// enough: `quotable` says whether its view and the likely intent agree.
struct connection_string {
    bool valid = false; ///< libpq could parse it
    /// True if no secret can hide in the other options, so messages of libpq may be shown once hide() went over them.
    bool quotable = false;
    std::vector<std::pair<std::string, std::string>> options; ///< keyword and value, only those that are set
    std::vector<std::string> secrets;                         ///< raw and as written, so percent-encoded too

    /// The value of an option, empty if it is not set.
    [[nodiscard]] std::string option(std::string_view keyword) const;

    /// A text with every secret replaced by `***`. Gives an empty text if it cannot be made safe.
    [[nodiscard]] std::string hide(std::string text) const;
};

/// True for a connection option whose value must never be shown.
[[nodiscard]] bool is_secret(std::string_view keyword);

/// Takes a libpq keyword string or URI apart (PostgreSQL manual, "Connection Strings"). Never throws on any input.
[[nodiscard]] connection_string take_apart(std::string const& conninfo);

} // namespace pgratchet::database
