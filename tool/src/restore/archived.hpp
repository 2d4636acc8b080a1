// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace pgratchet::restore {

/// What an archive says of its database as a whole, and what it takes for granted.
struct archived {
    std::set<std::string>
        roles;           ///< all that it names (roles.hpp): they belong to the server, and no archive makes them
    std::string options; ///< of CREATE DATABASE: encoding and locale, "ENCODING = 'UTF8' LOCALE = 'C.UTF-8'"
    std::vector<std::string> settings; ///< of ALTER DATABASE: "SET statement_timeout TO '5s'"
};

/// Reads the script that pg_restore makes of an archive's schema (backup::schema_of()). Pure.
[[nodiscard]] archived read_archived(std::string_view script);

} // namespace pgratchet::restore
