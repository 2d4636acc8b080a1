// SPDX-License-Identifier: Apache-2.0
#include "compile/trace_sql.hpp"

#include "catalog/query.hpp"
#include "catalog/query_parts.hpp"
#include "catalog/settings.hpp"

#include <vector>

namespace pgratchet::compile {

namespace {

/// The functions pin client_min_messages: a migration that silences notices must not silence these.
///
/// Some commands change what they do not report and what depends on nothing that they do report: an extension's members
/// and what is made of them, the family that an operator class joins, the tables of a type. After those everything is
/// read again.
constexpr auto event_triggers = R"(
CREATE SCHEMA pgratchet_shadow;
GRANT USAGE ON SCHEMA pgratchet_shadow TO PUBLIC;
CREATE FUNCTION pgratchet_shadow.report_commands() RETURNS event_trigger LANGUAGE plpgsql
  SET client_min_messages = notice SET search_path = pg_catalog, pg_temp AS $report$
DECLARE said text;
BEGIN
  SELECT json_agg(json_build_object('catalog', c.classid::regclass::text, 'oid', c.objid::text, 'kind', c.object_type, 'identity', c.object_identity,
                   'everything', c.command_tag IN ('ALTER EXTENSION', 'CREATE OPERATOR CLASS') OR
                                 (c.command_tag = 'ALTER TYPE' AND c.object_type LIKE 'composite type%')))::text
    INTO said FROM pg_event_trigger_ddl_commands() c WHERE NOT c.in_extension OR c.command_tag = 'CREATE EXTENSION';
  IF said IS NOT NULL THEN
    RAISE NOTICE USING MESSAGE = said, ERRCODE = 'PGR01';
  END IF;
END $report$;
CREATE FUNCTION pgratchet_shadow.report_drops() RETURNS event_trigger LANGUAGE plpgsql
  SET client_min_messages = notice SET search_path = pg_catalog, pg_temp AS $report$
DECLARE said text;
BEGIN
  SELECT json_agg(json_build_object('catalog', d.classid::regclass::text, 'oid', d.objid::text, 'kind', d.object_type, 'identity', d.object_identity, 'dropped', true))::text
    INTO said FROM pg_event_trigger_dropped_objects() d WHERE NOT d.is_temporary;
  IF said IS NOT NULL THEN
    RAISE NOTICE USING MESSAGE = said, ERRCODE = 'PGR01';
  END IF;
END $report$;
CREATE EVENT TRIGGER pgratchet_shadow_commands ON ddl_command_end EXECUTE FUNCTION pgratchet_shadow.report_commands();
CREATE EVENT TRIGGER pgratchet_shadow_drops ON sql_drop EXECUTE FUNCTION pgratchet_shadow.report_drops();
)";

/// Rows of a catalog that a transaction from the horizon on has written, as (classid, objid).
std::string written_since(std::string const& catalog, std::string const& table, std::string const& column)
{
    return "\n  UNION ALL SELECT 'pg_catalog." + catalog + "'::regclass, w." + column + " FROM pg_catalog." + table +
           " w WHERE age(w.xmin) <= age(horizon::xid)";
}

constexpr auto touched = "SELECT ('pg_catalog.' || t.name)::regclass::oid AS classid, t.oid AS objid "
                         "FROM unnest(catalogs, wanted) t(name, oid)";

/// Dependents of dependents: a view on a view. The rule of a view stands between it and what it reads.
std::string with_dependents()
{
    return "WITH RECURSIVE affected(classid, objid) AS (\n  " + std::string{touched} + R"(
  UNION
  SELECT next.classid, next.objid FROM affected a CROSS JOIN LATERAL (
    SELECT d.classid, d.objid FROM pg_catalog.pg_depend d
     WHERE d.refclassid = a.classid AND d.refobjid = a.objid AND d.deptype <> 'e'
    UNION ALL
    SELECT 'pg_catalog.pg_class'::regclass::oid, w.ev_class FROM pg_catalog.pg_rewrite w
     WHERE a.classid = 'pg_catalog.pg_rewrite'::regclass AND w.oid = a.objid) next
) SELECT classid, objid FROM affected)";
}

/// Reads the roots of (classid, objid) into `roots` and `root_oids`.
std::string find_roots(std::string const& objects)
{
    return R"(
    SELECT array_agg(x.catalog), array_agg(x.oid) INTO roots, root_oids FROM (SELECT DISTINCT root.catalog, root.oid
  FROM ()" +
           objects + R"() f CROSS JOIN LATERAL (
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
) root) x;)";
}

struct read_catalog {
    std::string name;
    bool is_large; ///< its objects are looked up one by one; the others are small and read whole
};

std::vector<read_catalog> catalogs(int server_version)
{
    std::vector<read_catalog> all;
    for (auto const& part : catalog::query_parts(server_version)) {
        if (all.empty() || all.back().name != part.catalog) {
            all.push_back({std::string{part.catalog}, !part.name_column.empty()});
        }
    }
    return all;
}

/// The statements that return a catalog's objects: those among the roots, or all if it is a small one.
std::string return_objects(read_catalog const& from, int server_version)
{
    auto text =
        catalog::snapshot_query({catalog::scope::selection::by_oid, {{from.name, {}}}}, server_version, "deployer")
            .text;
    for (auto at = text.find("$1"); at != std::string::npos; at = text.find("$1", at)) {
        text.replace(at, 2, "wanted");
    }
    auto const name = "'" + from.name + "'";
    auto const condition = from.is_large ? "wanted <> '{}'" : name + " = ANY (roots) OR " + name + " = ANY (whole)";
    return (from.is_large
                ? "\n  wanted := ARRAY(SELECT r.oid FROM unnest(roots, root_oids) r(name, oid) WHERE r.name = " + name +
                      ");"
                : std::string{}) +
           "\n  IF " + condition + " THEN\n    RETURN QUERY " + text + ";\n  END IF;";
}

/// A function: it keeps its plans for the session, and its settings need no transaction of their own. The roots come
/// first, without a kind, those of pg_class with their file node.
std::string step_function(int server_version, std::string const& deployer)
{
    auto const granted = written_since("pg_class", "pg_class", "oid") +
                         written_since("pg_class", "pg_attribute", "attrelid") +
                         written_since("pg_proc", "pg_proc", "oid") + written_since("pg_type", "pg_type", "oid");
    auto text = "CREATE FUNCTION pgratchet_shadow.step(wanted oid[], catalogs text[], follow boolean, horizon text, "
                "dropped text[], dropped_oids oid[], whole text[])\n"
                "  RETURNS TABLE (c1 text, c2 text, c3 text, c4 text, c5 text, c6 text) LANGUAGE plpgsql" +
                catalog::pinned_for_few_objects_in_function() + R"( AS $step$
#variable_conflict use_column
DECLARE
  roots text[];
  root_oids oid[];
  deployer CONSTANT name := )" +
                catalog::literal(deployer) + R"(;
BEGIN
  IF horizon IS NOT NULL THEN)" +
                find_roots(with_dependents() + granted) + "\n  ELSIF follow THEN" + find_roots(with_dependents()) +
                "\n  ELSE" + find_roots(touched) + R"(
  END IF;
  roots := roots || dropped;
  root_oids := root_oids || dropped_oids;
  RETURN QUERY SELECT r.name, r.oid::text, NULL::text, NULL::text, NULL::text,
      CASE WHEN r.name = 'pg_class' THEN (SELECT c.relfilenode::text FROM pg_catalog.pg_class c WHERE c.oid = r.oid) END
    FROM unnest(roots, root_oids) r(name, oid);)";
    for (auto const& one : catalogs(server_version)) {
        text += return_objects(one, server_version);
    }
    return text + "\nEND $step$;\n";
}

/// The locks that this backend holds on relations of users, with what is known of each relation now.
constexpr auto locks_select = R"(
SELECT l.relation::text, l.mode, c.relkind::text, c.relfilenode::text, i.indrelid::text,
       quote_ident(n.nspname) || '.' || quote_ident(c.relname)
  FROM pg_catalog.pg_locks l
  LEFT JOIN pg_catalog.pg_class c ON c.oid = l.relation
  LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = l.relation
 WHERE l.locktype = 'relation' AND l.pid = pg_catalog.pg_backend_pid() AND l.granted AND l.relation >= 16384
   AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()))";

std::string locks_function()
{
    return "CREATE FUNCTION pgratchet_shadow.locks()\n"
           "  RETURNS TABLE (c1 text, c2 text, c3 text, c4 text, c5 text, c6 text) LANGUAGE plpgsql" +
           catalog::pinned_for_few_objects_in_function() +
           " AS $locks$\n#variable_conflict use_column\nBEGIN\n  RETURN QUERY " + locks_select + ";\nEND $locks$;\n";
}

} // namespace

std::string reporting_functions(int server_version, std::string const& deployer)
{
    return event_triggers + step_function(server_version, deployer) + locks_function();
}

std::string held_locks_query(bool has_functions)
{
    return has_functions ? "SELECT * FROM pgratchet_shadow.locks()" : locks_select;
}

catalog::query step_query(touched_objects const& what)
{
    std::vector<std::string> catalogs;
    std::vector<std::string> oids;
    for (auto const& [catalog, oid] : what.touched) {
        catalogs.push_back(catalog);
        oids.push_back(oid);
    }
    std::vector<std::string> dropped;
    std::vector<std::string> dropped_oids;
    for (auto const& [catalog, oid] : what.dropped_roots) {
        dropped.push_back(catalog);
        dropped_oids.push_back(oid);
    }
    return {"SELECT * FROM pgratchet_shadow.step($1, $2, $3, nullif($4, ''), $5, $6, $7)",
            {catalog::array_text(oids), catalog::array_text(catalogs), what.follow ? "true" : "false", what.horizon,
             catalog::array_text(dropped), catalog::array_text(dropped_oids),
             catalog::array_text({what.whole.begin(), what.whole.end()})}};
}

} // namespace pgratchet::compile
