// SPDX-License-Identifier: Apache-2.0
#include "compile/trace_sql.hpp"

namespace pgratchet::compile {

std::string const& reporting_event_triggers()
{
    // The functions pin client_min_messages: a migration that silences notices must not silence these.
    static std::string const sql = R"(
CREATE SCHEMA pgratchet_shadow;
GRANT USAGE ON SCHEMA pgratchet_shadow TO PUBLIC;
CREATE FUNCTION pgratchet_shadow.report_commands() RETURNS event_trigger LANGUAGE plpgsql
  SET client_min_messages = notice SET search_path = pg_catalog, pg_temp AS $report$
DECLARE said text;
BEGIN
  SELECT json_agg(json_build_object('catalog', c.classid::regclass::text, 'oid', c.objid::text, 'command', c.command_tag))::text
    INTO said FROM pg_event_trigger_ddl_commands() c WHERE NOT c.in_extension OR c.command_tag = 'CREATE EXTENSION';
  IF said IS NOT NULL THEN
    RAISE NOTICE USING MESSAGE = said, ERRCODE = 'PGR01';
  END IF;
END $report$;
CREATE FUNCTION pgratchet_shadow.report_drops() RETURNS event_trigger LANGUAGE plpgsql
  SET client_min_messages = notice SET search_path = pg_catalog, pg_temp AS $report$
DECLARE said text;
BEGIN
  SELECT json_agg(json_build_object('catalog', d.classid::regclass::text, 'oid', d.objid::text, 'kind', d.object_type, 'identity', d.object_identity))::text
    INTO said FROM pg_event_trigger_dropped_objects() d WHERE NOT d.is_temporary;
  IF said IS NOT NULL THEN
    RAISE NOTICE USING MESSAGE = said, ERRCODE = 'PGR01';
  END IF;
END $report$;
CREATE EVENT TRIGGER pgratchet_shadow_commands ON ddl_command_end EXECUTE FUNCTION pgratchet_shadow.report_commands();
CREATE EVENT TRIGGER pgratchet_shadow_drops ON sql_drop EXECUTE FUNCTION pgratchet_shadow.report_drops();
)";
    return sql;
}

namespace {

/// Rows of a catalog that a transaction from the horizon on has written, as (classid, objid).
std::string written_since(std::string const& catalog, std::string const& table, std::string const& column)
{
    return "\n  UNION ALL SELECT 'pg_catalog." + catalog + "'::regclass, w." + column + " FROM pg_catalog." + table +
           " w WHERE age(w.xmin) <= age($3::xid)";
}

} // namespace

catalog::query affected_roots_query(std::set<std::pair<catalog::catalog_name, std::string>> const& touched,
                                    std::string const& horizon)
{
    std::vector<std::string> catalogs;
    std::vector<std::string> oids;
    for (auto const& [catalog, oid] : touched) {
        catalogs.push_back("pg_catalog." + catalog);
        oids.push_back(oid);
    }
    std::vector<std::string> values{catalog::array_literal(catalogs), catalog::array_literal(oids)};
    if (!horizon.empty()) {
        values.push_back("'" + horizon + "'");
    }
    auto const granted =
        horizon.empty()
            ? std::string{}
            : written_since("pg_class", "pg_class", "oid") + written_since("pg_class", "pg_attribute", "attrelid") +
                  written_since("pg_proc", "pg_proc", "oid") + written_since("pg_type", "pg_type", "oid");
    // Dependents of dependents: a view on a view. The rule of a view stands between it and what it reads.
    auto text = std::string{R"(WITH RECURSIVE affected(classid, objid) AS (
  SELECT t.name::regclass::oid, t.oid FROM unnest($1::text[], $2::oid[]) t(name, oid)
  UNION
  SELECT next.classid, next.objid FROM affected a CROSS JOIN LATERAL (
    SELECT d.classid, d.objid FROM pg_catalog.pg_depend d
     WHERE d.refclassid = a.classid AND d.refobjid = a.objid AND d.deptype <> 'e'
    UNION ALL
    SELECT 'pg_catalog.pg_class'::regclass::oid, w.ev_class FROM pg_catalog.pg_rewrite w
     WHERE a.classid = 'pg_catalog.pg_rewrite'::regclass AND w.oid = a.objid) next
)
SELECT DISTINCT root.catalog, root.oid::text
  FROM (SELECT classid, objid FROM affected)"} +
                granted + R"() f CROSS JOIN LATERAL (
  SELECT 'pg_class' AS catalog, coalesce((SELECT i.indrelid FROM pg_catalog.pg_index i WHERE i.indexrelid = f.objid), f.objid) AS oid
   WHERE f.classid = 'pg_catalog.pg_class'::regclass
  UNION ALL SELECT 'pg_type', c.reltype FROM pg_catalog.pg_class c WHERE f.classid = 'pg_catalog.pg_class'::regclass AND c.oid = f.objid AND c.relkind = 'c'
  UNION ALL SELECT 'pg_class', t.typrelid FROM pg_catalog.pg_type t WHERE f.classid = 'pg_catalog.pg_type'::regclass AND t.oid = f.objid AND t.typrelid <> 0
  UNION ALL SELECT CASE WHEN k.conrelid <> 0 THEN 'pg_class' ELSE 'pg_type' END, CASE WHEN k.conrelid <> 0 THEN k.conrelid ELSE k.contypid END
              FROM pg_catalog.pg_constraint k WHERE f.classid = 'pg_catalog.pg_constraint'::regclass AND k.oid = f.objid
  UNION ALL SELECT 'pg_class', g.tgrelid FROM pg_catalog.pg_trigger g WHERE f.classid = 'pg_catalog.pg_trigger'::regclass AND g.oid = f.objid
  UNION ALL SELECT 'pg_class', p.polrelid FROM pg_catalog.pg_policy p WHERE f.classid = 'pg_catalog.pg_policy'::regclass AND p.oid = f.objid
  UNION ALL SELECT 'pg_class', w.ev_class FROM pg_catalog.pg_rewrite w WHERE f.classid = 'pg_catalog.pg_rewrite'::regclass AND w.oid = f.objid
  UNION ALL SELECT 'pg_class', d.adrelid FROM pg_catalog.pg_attrdef d WHERE f.classid = 'pg_catalog.pg_attrdef'::regclass AND d.oid = f.objid
  UNION ALL SELECT f.classid::regclass::text, f.objid
   WHERE f.classid NOT IN ('pg_catalog.pg_class'::regclass, 'pg_catalog.pg_constraint'::regclass, 'pg_catalog.pg_trigger'::regclass,
                           'pg_catalog.pg_policy'::regclass, 'pg_catalog.pg_rewrite'::regclass, 'pg_catalog.pg_attrdef'::regclass)
) root)";
    return {std::move(text), std::move(values)};
}

} // namespace pgratchet::compile
