// SPDX-License-Identifier: Apache-2.0
// Functions, procedures, aggregates, and types.
#include "catalog/query_parts.hpp"

namespace pgratchet::catalog {

namespace {

std::string routines(int server_version)
{
    // SQL-standard bodies exist from 14 on.
    auto const body = server_version < 140000 ? std::string{"p.prosrc"}
                                              : "coalesce(pg_catalog.pg_get_function_sqlbody(p.oid), p.prosrc)";
    return R"(SELECT 'pg_proc', p.oid::text, self.type, self.identity, self.identity,
       (json_build_object(
         'arguments', pg_catalog.pg_get_function_arguments(p.oid),
         'result', pg_catalog.pg_get_function_result(p.oid),
         'language', l.lanname,
         'body', CASE WHEN p.prokind <> 'a' THEN replace()" +
           body + R"(, E'\r', '') END,
         'library', p.probin,
         'volatility', CASE p.provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' END,
         'strict', CASE WHEN p.proisstrict THEN 'yes' END,
         'security definer', CASE WHEN p.prosecdef THEN 'yes' END,
         'leakproof', CASE WHEN p.proleakproof THEN 'yes' END,
         'window', CASE WHEN p.prokind = 'w' THEN 'yes' END,
         'parallel', CASE p.proparallel WHEN 's' THEN 'safe' WHEN 'r' THEN 'restricted' END,
         'cost', CASE WHEN p.procost <> CASE WHEN l.lanname IN ('c', 'internal') THEN 1 ELSE 100 END THEN p.procost::text END,
         'rows', CASE WHEN p.proretset AND p.prorows <> 1000 THEN p.prorows::text END,
         'support', CASE WHEN p.prosupport <> 0 THEN p.prosupport::text END,
         'settings', array_to_string(p.proconfig, '; '),
         'transition', (SELECT concat_ws(', ', 'sfunc ' || g.aggtransfn, 'stype ' || format_type(g.aggtranstype, NULL), 'sspace ' || nullif(g.aggtransspace, 0),
                          'finalfunc ' || nullif(g.aggfinalfn::oid, 0)::regproc, 'finalextra ' || nullif(g.aggfinalextra, false), 'finalmodify ' || g.aggfinalmodify::text,
                          'combinefunc ' || nullif(g.aggcombinefn::oid, 0)::regproc, 'serialfunc ' || nullif(g.aggserialfn::oid, 0)::regproc, 'deserialfunc ' || nullif(g.aggdeserialfn::oid, 0)::regproc,
                          'initcond ' || quote_literal(g.agginitval), 'msfunc ' || nullif(g.aggmtransfn::oid, 0)::regproc, 'minvfunc ' || nullif(g.aggminvtransfn::oid, 0)::regproc,
                          'mstype ' || format_type(nullif(g.aggmtranstype, 0), NULL), 'mfinalfunc ' || nullif(g.aggmfinalfn::oid, 0)::regproc,
                          'minitcond ' || quote_literal(g.aggminitval), 'sortop ' || nullif(g.aggsortop, 0)::regoperator, 'kind ' || g.aggkind::text)
                          FROM pg_catalog.pg_aggregate g WHERE g.aggfnoid = p.oid),
         'owner', )" +
           owner("p.proowner") + ", 'privileges', " + privileges("p.proacl", "p.proowner") + ", 'comment', " +
           comment("pg_proc", "p.oid") +
           R"())::text
  FROM pg_catalog.pg_proc p
  JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
  JOIN pg_catalog.pg_language l ON l.oid = p.prolang
 CROSS JOIN LATERAL pg_catalog.pg_identify_object('pg_catalog.pg_proc'::regclass, p.oid, 0) self
 WHERE {in scope} AND )" +
           users_own_schema("n.nspname") + " AND " + not_an_extensions("pg_proc", "p.oid") +
           // the constructors of a range type come and go with it
           " AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend i WHERE i.classid = 'pg_catalog.pg_proc'::regclass AND "
           "i.objid = p.oid AND i.deptype = 'i'"
           " AND i.refclassid = 'pg_catalog.pg_type'::regclass)";
}

std::string types()
{
    // Row types of relations, array types and multiranges come and go with what they belong to.
    return R"(SELECT 'pg_type', t.oid::text, 'type', self.identity, self.identity,
       (json_build_object(
         'form', CASE t.typtype WHEN 'c' THEN 'composite' WHEN 'd' THEN 'domain' WHEN 'e' THEN 'enum' WHEN 'r' THEN 'range' WHEN 'p' THEN 'shell' ELSE 'base' END,
         'labels', (SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder) FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid),
         'attributes', CASE WHEN t.typtype = 'c' THEN (SELECT string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod) ||
                           CASE WHEN a.attcollation <> at.typcollation THEN ' COLLATE ' || a.attcollation::regcollation ELSE '' END, ', ' ORDER BY a.attnum)
                         FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type at ON at.oid = a.atttypid
                        WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) END,
         'base type', CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) END,
         'collation', CASE WHEN t.typtype = 'd' AND t.typcollation <> bt.typcollation THEN t.typcollation::regcollation::text END,
         'default', coalesce(pg_catalog.pg_get_expr(t.typdefaultbin, 0), t.typdefault),
         'not null', CASE WHEN t.typnotnull THEN 'yes' END,
         'range', (SELECT concat_ws(', ', 'subtype ' || format_type(g.rngsubtype, NULL), 'collation ' || nullif(g.rngcollation, 0)::regcollation,
                          'opclass ' || o.opcname, 'canonical ' || nullif(g.rngcanonical::oid, 0)::regproc, 'diff ' || nullif(g.rngsubdiff::oid, 0)::regproc)
                     FROM pg_catalog.pg_range g JOIN pg_catalog.pg_opclass o ON o.oid = g.rngsubopc WHERE g.rngtypid = t.oid),
         'functions', CASE WHEN t.typtype = 'b' THEN concat_ws(', ', t.typinput, t.typoutput, nullif(t.typreceive::oid, 0)::regproc, nullif(t.typsend::oid, 0)::regproc,
                          'length ' || t.typlen, 'alignment ' || t.typalign::text, 'category ' || t.typcategory::text) END,
         'owner', )" +
           owner("t.typowner") + ", 'privileges', " + privileges("t.typacl", "t.typowner") + ", 'comment', " +
           comment("pg_type", "t.oid") +
           R"())::text
  FROM pg_catalog.pg_type t
  JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
  LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
  LEFT JOIN pg_catalog.pg_type bt ON bt.oid = t.typbasetype
 CROSS JOIN LATERAL pg_catalog.pg_identify_object('pg_catalog.pg_type'::regclass, t.oid, 0) self
 WHERE {in scope} AND t.typtype IN ('c', 'd', 'e', 'r', 'b', 'p') AND (t.typrelid = 0 OR c.relkind = 'c')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_type el WHERE el.oid = t.typelem AND el.typarray = t.oid)
   AND )" + users_own_schema("n.nspname") +
           " AND " + not_an_extensions("pg_type", "t.oid");
}

std::string domain_constraints()
{
    return R"(SELECT 'pg_type', t.oid::text, 'domain constraint', quote_ident(k.conname) || ' on ' || self.identity, self.identity,
       (json_build_object(
         'definition', regexp_replace(pg_catalog.pg_get_constraintdef(k.oid), ' NOT VALID$', ''),
         'validated', CASE WHEN NOT k.convalidated THEN 'no' END,
         'comment', )" +
           comment("pg_constraint", "k.oid") + R"())::text
  FROM pg_catalog.pg_type t
  JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
  JOIN pg_catalog.pg_constraint k ON k.contypid = t.oid AND k.contype = 'c'
 CROSS JOIN LATERAL pg_catalog.pg_identify_object('pg_catalog.pg_type'::regclass, t.oid, 0) self
 WHERE t.typtype = 'd' AND {in scope} AND )" +
           users_own_schema("n.nspname") + " AND " + not_an_extensions("pg_type", "t.oid");
}

} // namespace

std::vector<query_part> routine_and_type_parts(int server_version)
{
    return {
        {"pg_proc", "p.oid", "p.proname", routines(server_version)},
        {"pg_type", "t.oid", "t.typname", types()},
        {"pg_type", "t.oid", "t.typname", domain_constraints()},
    };
}

} // namespace pgratchet::catalog
