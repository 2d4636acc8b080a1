// SPDX-License-Identifier: Apache-2.0
#include "execute/catalog_reader.hpp"
#include "revert/undo.hpp"

namespace pgratchet::revert {

namespace {

constexpr auto routines = R"(SELECT i.identity, pg_catalog.pg_get_functiondef(p.oid)
  FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
 CROSS JOIN LATERAL pg_catalog.pg_identify_object('pg_catalog.pg_proc'::regclass, p.oid, 0) i
 WHERE p.prokind <> 'a' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
   AND n.nspname <> 'pgratchet_shadow')";

constexpr auto columns = R"(SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname), quote_ident(a.attname)
  FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p', 'f') AND a.attnum > 0 AND NOT a.attisdropped
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
 ORDER BY a.attrelid, a.attnum)";

constexpr auto multiranges = R"(SELECT i.identity, g.rngmultitypid::regtype::text
  FROM pg_catalog.pg_range g
 CROSS JOIN LATERAL pg_catalog.pg_identify_object('pg_catalog.pg_type'::regclass, g.rngtypid, 0) i
 WHERE g.rngtypid >= 16384)";

} // namespace

std::set<std::string> keywords(database::session& on)
{
    std::set<std::string> all;
    for (auto const& row : on.execute("SELECT word FROM pg_catalog.pg_get_keywords() WHERE catcode <> 'U'")) {
        all.insert(row.at(0).value());
    }
    return all;
}

blueprints read_blueprints(database::session& on)
{
    blueprints prints;
    for (auto const& row : execute::select_pinned(on, {routines, {}})) {
        prints.routines.emplace(catalog::without_needless_quotes(row.at(0).value()), row.at(1).value());
    }
    for (auto const& row : execute::select_pinned(on, {columns, {}})) {
        auto const table = catalog::without_needless_quotes(row.at(0).value());
        prints.columns[table].push_back(table + "." + catalog::without_needless_quotes(row.at(1).value()));
    }
    constexpr int first_with_multiranges = 140000;
    if (on.server_version() >= first_with_multiranges) {
        for (auto const& row : execute::select_pinned(on, {multiranges, {}})) {
            prints.multiranges.emplace(catalog::without_needless_quotes(row.at(0).value()), row.at(1).value());
        }
    }
    return prints;
}

} // namespace pgratchet::revert
