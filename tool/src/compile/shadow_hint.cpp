// SPDX-License-Identifier: Apache-2.0
#include "compile/shadow_hint.hpp"

namespace pgratchet::compile {

std::optional<std::string> shadow_hint(database::server_message const& said)
{
    if (said.sqlstate == "42704" && said.message.starts_with("role ")) {
        return "declare the role: ROLES in pgratchet_add_migrations(), or --role NAME";
    }
    if ((said.sqlstate == "0A000" || said.sqlstate == "58P01") && said.message.find("extension") != std::string::npos) {
        return "install the extension on the shadow's server (Debian: postgresql-contrib, or the package of its name), "
               "or "
               "compile on a server that has it: --shadow-url-variable";
    }
    if (said.sqlstate == "55P04" && said.message.starts_with("unsafe use of new value")) {
        return "add the value in a file of its own, before this one: it can be used once its transaction is committed";
    }
    return std::nullopt;
}

} // namespace pgratchet::compile
