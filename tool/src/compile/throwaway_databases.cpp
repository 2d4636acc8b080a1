// SPDX-License-Identifier: Apache-2.0
#include "compile/throwaway_databases.hpp"

#include <random>
#include <unistd.h>

namespace pgratchet::compile {

std::string new_throwaway_name()
{
    return "pgratchet_shadow_" + std::to_string(::getpid()) + "_" + std::to_string(std::random_device{}());
}

void drop_database(database::session& admin, database::connector const& connect, std::string const& name)
{
    auto const subscriptions =
        admin.execute("SELECT subname FROM pg_catalog.pg_subscription s JOIN pg_catalog.pg_database d ON d.oid = "
                      "s.subdbid WHERE d.datname = " +
                      admin.quote(name));
    if (!subscriptions.empty()) {
        auto const inside = connect(name);
        for (auto const& row : subscriptions) {
            auto const quoted = database::quoted_name(row.front().value());
            inside->execute("ALTER SUBSCRIPTION " + quoted + " DISABLE");
            inside->execute("ALTER SUBSCRIPTION " + quoted + " SET (slot_name = NONE)");
            inside->execute("DROP SUBSCRIPTION " + quoted);
        }
    }
    if (!admin.execute("SELECT FROM pg_catalog.pg_database WHERE datistemplate AND datname = " + admin.quote(name))
             .empty()) {
        admin.execute("ALTER DATABASE " + database::quoted_name(name) + " IS_TEMPLATE false");
    }
    admin.execute("DROP DATABASE IF EXISTS " + database::quoted_name(name) + " WITH (FORCE)");
}

} // namespace pgratchet::compile
