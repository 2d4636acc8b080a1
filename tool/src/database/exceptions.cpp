// SPDX-License-Identifier: Apache-2.0
#include "database/session.hpp"

#include <utility>

namespace pgratchet::database {

namespace {

std::string text_of(server_message const& fields)
{
    return fields.message.empty() ? "the connection to the server is lost" : fields.message;
}

} // namespace

sql_error::sql_error(server_message fields) : std::runtime_error{text_of(fields)}, m_fields{std::move(fields)} {}

connection_lost::connection_lost(server_message fields)
    : std::runtime_error{text_of(fields)}, m_fields{std::move(fields)}
{
}

std::string quoted_name(std::string const& name)
{
    std::string quoted = "\"";
    for (char const c : name) {
        quoted += c;
        if (c == '"') {
            quoted += c;
        }
    }
    return quoted + '"';
}

} // namespace pgratchet::database
