// SPDX-License-Identifier: Apache-2.0
// Relations and all that hangs on them.
#include "catalog/query_parts.hpp"

namespace pgratchet::catalog {

namespace {

std::string common_table()
{
    return R"(relation AS MATERIALIZED (
  SELECT c.*, quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS identity
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'c') AND {in scope}
     AND )" +
           users_own_schema("n.nspname") + " AND " + not_an_extensions("pg_class", "c.oid") +
           // of a composite type, only the type itself is recorded as the extension's
           " AND (c.relkind <> 'c' OR " + not_an_extensions("pg_type", "c.reltype") + "))";
}

/// The rows of a catalog that belong to the relation `r`, each looked up by the catalog's index. OFFSET 0 keeps the
/// lookup from being planned as a join: a plan that was made while the catalog was empty would go through all of it for
/// ever.
std::string rows_of_relation(std::string const& catalog, std::string const& column, std::string const& alias)
{
    return "LATERAL (SELECT * FROM pg_catalog." + catalog + " of WHERE of." + column + " = r.oid OFFSET 0) " + alias;
}

/// Options of a foreign table or column; null if there are none. The value of one that may be a secret is left out.
std::string options(std::string const& column)
{
    return "CASE WHEN " + column + R"( IS NOT NULL THEN (SELECT string_agg(
           CASE WHEN o ~* '^[^=]*(passw|pwd|secret|token|credential|auth|(api|access|private).?key)' THEN substr(o, 1, strpos(o, '=')) || '(not shown)' ELSE o END, ', ')
           FROM unnest()" +
           column + ") o) END";
}

std::string tables()
{
    return R"(SELECT 'pg_class', r.oid::text,
       CASE r.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table' ELSE 'table' END,
       r.identity, r.identity,
       (json_build_object(
         'definition', CASE WHEN r.relkind IN ('v', 'm') THEN pg_catalog.pg_get_viewdef(r.oid) END,
         'options', CASE WHEN r.relkind = 'v' THEN array_to_string(ARRAY(SELECT o FROM unnest(r.reloptions) o ORDER BY o), ', ') END,
         'persistence', CASE r.relpersistence WHEN 'u' THEN 'unlogged' END,
         'partition key', CASE WHEN r.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(r.oid) END,
         'partition of', CASE WHEN r.relispartition THEN parent.names END,
         'partition bound', pg_catalog.pg_get_expr(r.relpartbound, r.oid),
         'inherits', CASE WHEN NOT r.relispartition THEN parent.names END,
         'of type', CASE WHEN r.reloftype <> 0 THEN r.reloftype::regtype::text END,
         'row security', CASE WHEN r.relrowsecurity THEN CASE WHEN r.relforcerowsecurity THEN 'forced' ELSE 'enabled' END
                              WHEN r.relforcerowsecurity THEN 'forced, disabled' END,
         'server', fs.srvname, 'foreign options', )" +
           options("ft.ftoptions") + ", 'owner', " + owner("r.relowner") + ", 'privileges', " +
           privileges("r.relacl", "r.relowner") + ", 'comment', " + comment("pg_class", "r.oid") + R"())::text
  FROM relation r
  LEFT JOIN LATERAL (SELECT string_agg(i.inhparent::regclass::text, ', ' ORDER BY i.inhseqno) AS names
                       FROM pg_catalog.pg_inherits i WHERE i.inhrelid = r.oid) parent ON r.relkind IN ('r', 'p', 'f')
  LEFT JOIN )" +
           rows_of_relation("pg_foreign_table", "ftrelid", "ft") + R"( ON r.relkind = 'f'
  LEFT JOIN pg_catalog.pg_foreign_server fs ON fs.oid = ft.ftserver
 WHERE r.relkind IN ('r', 'p', 'v', 'm', 'f'))";
}

std::string columns(int server_version)
{
    // From 17 on a partition has its parent's identity; before, it has none.
    // From 18 on a NOT NULL constraint can be NOT VALID: pg_attribute.attnotnull is set all the same.
    std::string const not_null = server_version < 180000 ? "CASE WHEN a.attnotnull THEN 'yes' END"
                                                         : R"(CASE WHEN a.attnotnull THEN CASE WHEN EXISTS (
           SELECT FROM pg_catalog.pg_constraint nn WHERE nn.conrelid = r.oid AND nn.contype = 'n' AND nn.conkey[1] = a.attnum AND NOT nn.convalidated OFFSET 0)
           THEN 'not valid' ELSE 'yes' END END)";
    return R"(SELECT 'pg_class', r.oid::text, 'column', r.identity || '.' || quote_ident(a.attname), r.identity,
       (json_build_object(
         'type', format_type(a.atttypid, a.atttypmod),
         'collation', CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::regcollation::text END,
         'default', CASE WHEN a.attgenerated = '' THEN expression.text END,
         'generated', CASE WHEN a.attgenerated <> '' THEN expression.text END,
         'generated kind', CASE a.attgenerated WHEN 'v' THEN 'virtual' END,
         'identity', CASE WHEN NOT r.relispartition THEN CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END END,
         'not null', )" +
           not_null + R"(,
         'foreign options', )" +
           options("a.attfdwoptions") + ", 'privileges', " + privileges("a.attacl", "r.relowner") + ", 'comment', " +
           comment("pg_class", "r.oid", "a.attnum") +
           R"())::text
  FROM relation r
  JOIN pg_catalog.pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
  LEFT JOIN LATERAL (SELECT pg_catalog.pg_get_expr(d.adbin, d.adrelid) AS text FROM pg_catalog.pg_attrdef d
                      WHERE a.atthasdef AND d.adrelid = a.attrelid AND d.adnum = a.attnum OFFSET 0) expression ON true
 WHERE r.relkind <> 'S')";
}

/// Of an index on a partitioned table: NULL, or "no" and on which partitions there is one that is attached to it.
std::string validity(std::string const& index)
{
    return "(SELECT 'no' || coalesce(', only on ' || (SELECT string_agg(part.indrelid::regclass::text, ', ' "
           "ORDER BY part.indrelid::regclass::text COLLATE \"C\") FROM pg_catalog.pg_inherits h JOIN "
           "pg_catalog.pg_index part "
           "ON part.indexrelid = h.inhrelid WHERE h.inhparent = whole.indexrelid), '') "
           "FROM pg_catalog.pg_index whole WHERE whole.indexrelid = " +
           index + " AND NOT whole.indisvalid)";
}

std::string constraints()
{
    // Copies that a parent passes on are left out: their names are generated and shift.
    // contype 'n' (18 and later) is a column's "not null"; 't' is shown as a trigger.
    return R"(SELECT 'pg_class', r.oid::text, 'table constraint', quote_ident(k.conname) || ' on ' || r.identity, r.identity,
       (json_build_object(
         'definition', regexp_replace(def.text, ' NOT VALID$', ''),
         'validated', CASE WHEN NOT k.convalidated AND def.text NOT LIKE '% NOT ENFORCED%' THEN 'no' END,
         'valid', CASE WHEN r.relkind = 'p' AND k.conindid <> 0 AND k.contype <> 'f' THEN )" +
           validity("k.conindid") + R"( END,
         'comment', )" +
           comment("pg_constraint", "k.oid") + R"())::text
  FROM relation r CROSS JOIN )" +
           rows_of_relation("pg_constraint", "conrelid", "k") + R"(
 CROSS JOIN LATERAL (SELECT pg_catalog.pg_get_constraintdef(k.oid) AS text) def
 WHERE k.contype IN ('c', 'f', 'p', 'u', 'x') AND k.conparentid = 0 AND (k.conislocal OR k.coninhcount = 0))";
}

std::string indexes()
{
    // Storage parameters are no part of a definition. An index that a cut-off CONCURRENTLY left invalid is no
    // index; one on a partitioned table is invalid until one of each partition is attached to it.
    return R"(SELECT 'pg_class', r.oid::text,
       CASE WHEN i.indisvalid OR ic.relkind = 'I' THEN 'index' ELSE 'invalid index' END,
       quote_ident(n.nspname) || '.' || quote_ident(ic.relname), r.identity,
       (json_build_object(
         'definition', CASE WHEN ic.reloptions IS NULL THEN pg_catalog.pg_get_indexdef(ic.oid)
                            ELSE regexp_replace(pg_catalog.pg_get_indexdef(ic.oid), ' WITH \([^()]*=[^()]*\)', '') END,
         'valid', CASE WHEN ic.relkind = 'I' AND NOT i.indisvalid THEN )" +
           validity("ic.oid") + R"( END,
         'comment', )" +
           comment("pg_class", "ic.oid") + R"())::text
  FROM relation r CROSS JOIN )" +
           rows_of_relation("pg_index", "indrelid", "i") + R"(
  JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid AND NOT ic.relispartition
  JOIN pg_catalog.pg_namespace n ON n.oid = ic.relnamespace
 WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k
                    WHERE k.conrelid = r.oid AND k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x') OFFSET 0))";
}

std::string sequences()
{
    return R"(SELECT 'pg_class', r.oid::text, 'sequence', r.identity, r.identity,
       (json_build_object(
         'type', format_type(s.seqtypid, NULL), 'start', s.seqstart::text, 'increment', s.seqincrement::text,
         'minimum', s.seqmin::text, 'maximum', s.seqmax::text, 'cache', s.seqcache::text, 'cycle', CASE WHEN s.seqcycle THEN 'yes' END,
         'persistence', CASE r.relpersistence WHEN 'u' THEN 'unlogged' END,
         'owned by', (SELECT d.refobjid::regclass::text || '.' || quote_ident(a.attname)
                        FROM pg_catalog.pg_depend d
                        JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
                       WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = r.oid AND d.objsubid = 0
                         AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.deptype IN ('a', 'i')),
         'owner', )" +
           owner("r.relowner") + ", 'privileges', " + privileges("r.relacl", "r.relowner") + ", 'comment', " +
           comment("pg_class", "r.oid") + R"())::text
  FROM relation r JOIN pg_catalog.pg_sequence s ON s.seqrelid = r.oid WHERE r.relkind = 'S')";
}

std::string triggers()
{
    return R"(SELECT 'pg_class', r.oid::text, 'trigger', quote_ident(g.tgname) || ' on ' || r.identity, r.identity,
       (json_build_object(
         'definition', pg_catalog.pg_get_triggerdef(g.oid),
         'enabled', CASE g.tgenabled WHEN 'D' THEN 'no' WHEN 'R' THEN 'on replica' WHEN 'A' THEN 'always' END,
         'comment', )" +
           comment("pg_trigger", "g.oid") + R"())::text
  FROM relation r CROSS JOIN )" +
           rows_of_relation("pg_trigger", "tgrelid", "g") +
           "\n WHERE r.relhastriggers AND NOT g.tgisinternal AND g.tgparentid = 0";
}

std::string policies()
{
    return R"(SELECT 'pg_class', r.oid::text, 'policy', quote_ident(p.polname) || ' on ' || r.identity, r.identity,
       (json_build_object(
         'command', CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
         'restrictive', CASE WHEN NOT p.polpermissive THEN 'yes' END,
         'roles', (SELECT string_agg(role.name, ', ' ORDER BY role.name COLLATE "C")
                     FROM unnest(p.polroles) o CROSS JOIN LATERAL
                          (SELECT CASE o WHEN 0 THEN 'PUBLIC' ELSE )" +
           role_name("o") + R"( END AS name) role),
         'using', pg_catalog.pg_get_expr(p.polqual, p.polrelid),
         'check', pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid),
         'comment', )" +
           comment("pg_policy", "p.oid") + R"())::text
  FROM relation r CROSS JOIN )" +
           rows_of_relation("pg_policy", "polrelid", "p");
}

std::string rewrite_rules()
{
    return R"(SELECT 'pg_class', r.oid::text, 'rule', quote_ident(w.rulename) || ' on ' || r.identity, r.identity,
       (json_build_object(
         'definition', pg_catalog.pg_get_ruledef(w.oid),
         'enabled', CASE w.ev_enabled WHEN 'D' THEN 'no' WHEN 'R' THEN 'on replica' WHEN 'A' THEN 'always' END,
         'comment', )" +
           comment("pg_rewrite", "w.oid") + R"())::text
  FROM relation r CROSS JOIN )" +
           rows_of_relation("pg_rewrite", "ev_class", "w") + "\n WHERE r.relhasrules AND w.rulename <> '_RETURN'";
}

} // namespace

std::vector<query_part> relation_parts(int server_version)
{
    constexpr std::string_view catalog = "pg_class";
    std::vector<query_part> parts{{catalog, "c.oid", "c.relname", common_table(), true}};
    for (auto&& sql : {tables(), columns(server_version), constraints(), indexes(), sequences(), triggers(), policies(),
                       rewrite_rules()}) {
        parts.push_back({catalog, "c.oid", "c.relname", sql});
    }
    return parts;
}

} // namespace pgratchet::catalog
