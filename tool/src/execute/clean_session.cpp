// SPDX-License-Identifier: Apache-2.0
#include "execute/clean_session.hpp"

namespace pgratchet::execute {

void clean_session(database::session& on, std::string const& search_path)
{
    auto const version = on.server_version();
    auto const left =
        on.execute("CLOSE ALL;"
                   "SET SESSION AUTHORIZATION DEFAULT;" // RESET ROLE does not undo SET SESSION AUTHORIZATION,
                   "RESET ROLE;"                        // and RESET ALL does not reset the role
                   "RESET ALL;"
                   "UNLISTEN *;"
                   "DISCARD TEMP;"
                   "DISCARD SEQUENCES;"
                   "SET search_path = " +
                   search_path +
                   ";SET statement_timeout = 0;"
                   "SET idle_in_transaction_session_timeout = 0;" +
                   (version < 140000 ? "" : "SET idle_session_timeout = 0;") +
                   (version < 170000 ? "" : "SET transaction_timeout = 0;") +
                   "SET default_transaction_isolation = 'read committed';"
                   "SET default_transaction_read_only = off;"
                   "SET default_transaction_deferrable = off;"
                   "SET standard_conforming_strings = on;"
                   "SELECT FROM pg_catalog.pg_prepared_statements WHERE name !~ '^pgratchet_'");
    if (!left.empty()) {
        on.execute("DEALLOCATE ALL");
    }
}

std::string own_identity()
{
    // Strings of ours are written the standard way, and one message is read as a whole before its first SET takes hold.
    return "SET SESSION AUTHORIZATION DEFAULT;RESET ROLE;SET standard_conforming_strings = on;";
}

} // namespace pgratchet::execute
