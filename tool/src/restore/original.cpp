// SPDX-License-Identifier: Apache-2.0
#include "restore/original.hpp"

#include <charconv>

namespace pgratchet::restore {

namespace {

std::string catalog_query(int version)
{
    constexpr int with_providers = 150000;
    constexpr int with_rules = 160000;
    constexpr int with_builtin = 170000;
    std::string const provider = version >= with_providers ? "d.datlocprovider::text" : "'c'";
    std::string const locale = version >= with_builtin     ? "d.datlocale"
                               : version >= with_providers ? "d.daticulocale"
                                                           : "NULL";
    std::string const rules = version >= with_rules ? "d.daticurules" : "NULL";
    return "SELECT d.datname, d.oid, pg_catalog.pg_get_userbyid(d.datdba), pg_catalog.pg_encoding_to_char(d.encoding), "
           "d.datcollate, d.datctype, " +
           provider + ", " + locale + ", " + rules +
           ", t.spcname, d.datconnlimit, d.datistemplate, pg_catalog.pg_database_size(d.oid), " +
           std::string{start_of_server} +
           ", current_user, "
           "pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE'), "
           // the server's disk is ours if it runs here
           "pg_catalog.pg_has_role('pg_read_all_settings', 'USAGE') AND (pg_catalog.inet_server_addr() IS NULL OR "
           "pg_catalog.inet_server_addr() = pg_catalog.inet_client_addr()), pg_catalog.pg_tablespace_location(t.oid) "
           "FROM pg_catalog.pg_database d JOIN pg_catalog.pg_tablespace t ON t.oid = d.dattablespace "
           "WHERE d.datname = pg_catalog.current_database()";
}

} // namespace

original read_original(database::session& on)
{
    auto const row = on.execute(catalog_query(on.server_version())).at(0);
    original found;
    auto column = row.begin();
    for (auto* const field :
         {&found.name, &found.oid, &found.owner, &found.encoding, &found.collate, &found.ctype, &found.provider}) {
        *field = (column++)->value();
    }
    found.locale = *column++;
    found.rules = *column++;
    found.tablespace = (column++)->value();
    found.connection_limit = (column++)->value();
    found.is_template = *column++ == "t";
    auto const size = (column++)->value();
    std::from_chars(size.data(), size.data() + size.size(), found.bytes);
    found.server_start = (column++)->value();
    found.role = (column++)->value();
    auto const may_identify = *column++ == "t";
    auto const is_here = *column++ == "t";
    auto const tablespace_folder = column->value_or("");
    found.server_version = on.server_version();
    if (may_identify) {
        found.system_identifier =
            on.execute("SELECT system_identifier FROM pg_catalog.pg_control_system()").at(0).at(0).value();
    }
    if (is_here) {
        found.data = tablespace_folder.empty()
                         ? on.execute("SELECT pg_catalog.current_setting('data_directory')").at(0).at(0)
                         : tablespace_folder;
    }
    return found;
}

std::string create_statement(original const& like, std::string const& name, database::session const& on)
{
    auto made = "CREATE DATABASE " + database::quoted_name(name) + " OWNER " + database::quoted_name(like.owner) +
                " TEMPLATE template0 ENCODING " + on.quote(like.encoding) + " LC_COLLATE " + on.quote(like.collate) +
                " LC_CTYPE " + on.quote(like.ctype);
    if (like.tablespace != "pg_default") { // which is template0's; who names it needs a privilege on it
        made += " TABLESPACE " + database::quoted_name(like.tablespace);
    }
    constexpr int with_providers = 150000;
    if (like.server_version < with_providers) {
        return made;
    }
    if (like.provider == "c") {
        return made + " LOCALE_PROVIDER libc";
    }
    auto const is_icu = like.provider == "i";
    made += is_icu ? " LOCALE_PROVIDER icu ICU_LOCALE " : " LOCALE_PROVIDER builtin BUILTIN_LOCALE ";
    made += on.quote(like.locale.value_or(""));
    return like.rules ? made + " ICU_RULES " + on.quote(*like.rules) : made;
}

} // namespace pgratchet::restore
