// SPDX-License-Identifier: Apache-2.0
#include "database/other_database.hpp"

#include "database/redact.hpp"
#include "database/server_process.hpp"

namespace pgratchet::database {

std::string with_database(std::string const& conninfo, std::string const& database)
{
    auto const parts = take_apart(conninfo);
    if (!parts.valid) {
        return conninfo;
    }
    std::string made;
    for (auto const& [keyword, value] : parts.options) {
        if (keyword != "dbname") {
            made += keyword + "=" + quoted(value) + " ";
        }
    }
    return made + "dbname=" + quoted(database);
}

} // namespace pgratchet::database
