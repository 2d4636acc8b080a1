// SPDX-License-Identifier: Apache-2.0
#include "restore/refusals.hpp"

#include "errors.hpp"
#include "report/progress.hpp"

#include <algorithm>
#include <sys/statvfs.h>

namespace pgratchet::restore {

namespace {

/// The first column as a list for people.
std::string listed(database::rows const& found)
{
    std::string text;
    for (auto const& row : found) {
        text += (text.empty() ? "" : ", ") + row.at(0).value_or("");
    }
    return text;
}

std::string by_hand(original const& of)
{
    return "or an administrator makes an empty database beside " + of.name +
           ", restores the archive into it with pg_restore, and changes the connection string";
}

void refuse_if_any(database::session& on, std::string const& query, std::string const& what, std::string const& hint)
{
    if (auto const found = on.execute(query); !found.empty()) {
        throw state_refused{what + listed(found) + "; nothing was changed", hint};
    }
}

} // namespace

void demand_own_backup(backup::receipt const& about, original const& here, std::string const& environment)
{
    std::string differs;
    auto const compare = [&](std::string const& what, std::string const& then, std::string const& now) {
        if (then != now) {
            differs += (differs.empty() ? "" : ", ") + what + " " + then + " in place of " + now;
        }
    };
    compare("environment", about.environment, environment);
    compare("database", about.database, here.name);
    if (!about.system_identifier.empty() && !here.system_identifier.empty()) {
        compare("server", about.system_identifier, here.system_identifier);
    }
    if (!differs.empty()) {
        throw state_refused{about.archive + " is a backup of another database: " + differs + "; nothing was changed",
                            "if that is what " + environment + " is to become: --from-another-database"};
    }
}

void demand_replaceable(database::session& on, original const& old)
{
    refuse_if_any(on,
                  "SELECT slot_name FROM pg_catalog.pg_replication_slots WHERE database = "
                  "pg_catalog.current_database() ORDER BY 1",
                  "the database " + old.name + " has logical replication slots, which would not be the new one's: ",
                  "end what reads them and drop them, SELECT pg_drop_replication_slot('NAME'); set replication up "
                  "again after the restore");
    refuse_if_any(on, "SELECT subname FROM pg_catalog.pg_subscription WHERE subdbid = " + old.oid + " ORDER BY 1",
                  "the database " + old.name + " has subscriptions, which would not be the new one's: ",
                  "drop them, DROP SUBSCRIPTION; set replication up again after the restore");
    refuse_if_any(on,
                  "SELECT gid FROM pg_catalog.pg_prepared_xacts WHERE database = pg_catalog.current_database() "
                  "ORDER BY 1",
                  "the database " + old.name + " has prepared transactions, which hold it: ",
                  "end them: COMMIT PREPARED or ROLLBACK PREPARED");
}

void demand_rights(database::session& on, original const& old)
{
    constexpr int set_is_apart = 160000; // from there on a member may be without the right to SET ROLE
    std::string const become = old.server_version >= set_is_apart ? "'SET'" : "'MEMBER'";
    auto const row =
        on.execute("SELECT r.rolsuper, r.rolcreatedb, pg_catalog.pg_has_role(d.datdba, 'USAGE') AND "
                   "pg_catalog.pg_has_role(d.datdba, " +
                   become +
                   "), t.spcname = 'pg_default' OR pg_catalog.has_tablespace_privilege(t.oid, 'CREATE') "
                   "FROM pg_catalog.pg_roles r, pg_catalog.pg_database d JOIN pg_catalog.pg_tablespace t ON "
                   "t.oid = d.dattablespace WHERE r.rolname = current_user AND d.oid = " +
                   old.oid)
            .at(0);
    if (row[0] == "t") {
        return;
    }
    auto const me = database::quoted_name(old.role);
    if (row[1] != "t") {
        throw state_refused{"role " + old.role +
                                " may not make a database (CREATEDB), so nothing can be restored "
                                "beside " +
                                old.name + "; nothing was changed",
                            "an administrator can say: ALTER ROLE " + me + " CREATEDB; " + by_hand(old)};
    }
    if (row[2] != "t") {
        throw state_refused{"role " + old.role + " does not own the database " + old.name +
                                ", and may not rename it; nothing was changed",
                            "an administrator can say: GRANT " + database::quoted_name(old.owner) + " TO " + me + "; " +
                                by_hand(old)};
    }
    if (row[3] != "t") {
        throw state_refused{"role " + old.role + " may make nothing in tablespace " + old.tablespace +
                                ", where the database " + old.name + " is; nothing was changed",
                            "an administrator can say: GRANT CREATE ON TABLESPACE " +
                                database::quoted_name(old.tablespace) + " TO " + me};
    }
    refuse_if_any(on,
                  "SELECT DISTINCT u.rolname FROM pg_catalog.pg_stat_activity a JOIN pg_catalog.pg_roles u "
                  "ON u.oid = a.usesysid WHERE a.datid = " +
                      old.oid +
                      " AND a.pid <> pg_catalog.pg_backend_pid() AND (u.rolsuper OR NOT "
                      "(pg_catalog.pg_has_role(u.oid, 'USAGE') OR pg_catalog.pg_has_role('pg_signal_backend', "
                      "'USAGE'))) ORDER BY 1",
                  "role " + old.role + " may not end the sessions in " + old.name + " of: ",
                  "end them, or an administrator can say: GRANT pg_signal_backend TO " + me +
                      " (which does not reach superusers' sessions)");
}

bool demand_space(original const& old, backup::receipt const& about)
{
    struct statvfs system = {};
    if (!old.data || ::statvfs(old.data->c_str(), &system) != 0) {
        return false;
    }
    auto const free = static_cast<std::uint64_t>(system.f_bavail) * system.f_frsize;
    auto const wanted = std::max({old.bytes, about.bytes, about.database_bytes});
    if (free < wanted) {
        throw state_refused{"the server's disk has " + report::readable_bytes(free) +
                                " free, and the restored database takes about " + report::readable_bytes(wanted) +
                                " beside the old one; nothing was changed",
                            "make room in " + *old.data +
                                ", databases that earlier restores left among it; or try it: --no-space-check"};
    }
    return true;
}

} // namespace pgratchet::restore
