// SPDX-License-Identifier: Apache-2.0
// What neither hangs on a relation nor is a routine or a type. These catalogs are small and read whole.
#include "catalog/query_parts.hpp"

namespace pgratchet::catalog {

namespace {

/// The first OID that is not the system's own (FirstNormalObjectId).
constexpr auto users_own = " >= 16384";

std::string identified(std::string_view catalog, std::string const& attributes, std::string const& from,
                       std::string const& where)
{
    auto const name = std::string{catalog};
    return "SELECT '" + name + "', x.oid::text, self.type, self.identity, self.identity, (json_build_object(" +
           attributes + "))::text\n  FROM " + from +
           "\n CROSS JOIN LATERAL pg_catalog.pg_identify_object('pg_catalog." + name +
           "'::regclass, x.oid, 0) self\n WHERE {in scope} AND " + where + " AND " +
           not_an_extensions(catalog, "x.oid");
}

std::string common(std::string_view catalog, std::string_view owner_column)
{
    return ", 'owner', " + owner(owner_column) + ", 'comment', " + comment(catalog, "x.oid");
}

query_part schemas()
{
    return {"pg_namespace", "x.oid", "",
            identified("pg_namespace",
                       "'privileges', " + privileges("x.nspacl", "x.nspowner") + common("pg_namespace", "x.nspowner"),
                       "pg_catalog.pg_namespace x", users_own_schema("x.nspname"))};
}

query_part extensions()
{
    return {"pg_extension", "x.oid", "",
            identified("pg_extension", "'owner', NULL", "pg_catalog.pg_extension x", std::string{"x.oid"} + users_own)};
}

query_part casts()
{
    // From 14 on a range type brings a cast to its multirange, which belongs to it.
    constexpr auto not_a_range_types =
        " AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend i WHERE i.classid = 'pg_catalog.pg_cast'::regclass "
        "AND i.objid = x.oid AND i.deptype = 'i')";
    auto const attributes = "'function', CASE WHEN x.castfunc <> 0 THEN x.castfunc::regprocedure::text END, 'context', "
                            "x.castcontext, 'method', x.castmethod, "
                            "'comment', " +
                            comment("pg_cast", "x.oid");
    return {"pg_cast", "x.oid", "",
            identified("pg_cast", attributes, "pg_catalog.pg_cast x",
                       std::string{"x.oid"} + users_own + not_a_range_types)};
}

query_part operators()
{
    auto const attributes = "'function', x.oprcode::regprocedure::text, 'commutator', nullif(x.oprcom, "
                            "0)::regoperator::text, 'negator', nullif(x.oprnegate, 0)::regoperator::text, "
                            "'restrict', nullif(x.oprrest::oid, 0)::regproc::text, 'join', nullif(x.oprjoin::oid, "
                            "0)::regproc::text, 'hashes', "
                            "nullif(x.oprcanhash, false)::text, 'merges', nullif(x.oprcanmerge, false)::text" +
                            common("pg_operator", "x.oprowner");
    // A shell operator (no function yet) is what a COMMUTATOR clause leaves for a later file to fill in.
    return {"pg_operator", "x.oid", "",
            identified("pg_operator", attributes, "pg_catalog.pg_operator x",
                       std::string{"x.oprcode <> 0 AND x.oid"} + users_own)};
}

query_part operator_families()
{
    auto const attributes = "'operators', (SELECT string_agg(m.amopstrategy || ' ' || m.amopopr::regoperator, ', ' "
                            "ORDER BY m.amopstrategy, m.amopopr::regoperator::text COLLATE \"C\") "
                            "FROM pg_catalog.pg_amop m WHERE m.amopfamily = x.oid), "
                            "'functions', (SELECT string_agg(m.amprocnum || ' ' || m.amproc::regprocedure, ', ' ORDER "
                            "BY m.amprocnum, m.amproc::regprocedure::text COLLATE \"C\") "
                            "FROM pg_catalog.pg_amproc m WHERE m.amprocfamily = x.oid)" +
                            common("pg_opfamily", "x.opfowner");
    return {"pg_opfamily", "x.oid", "",
            identified("pg_opfamily", attributes, "pg_catalog.pg_opfamily x", std::string{"x.oid"} + users_own)};
}

query_part operator_classes()
{
    auto const attributes = "'type', format_type(x.opcintype, NULL), 'default', nullif(x.opcdefault, false)::text, "
                            "'storage', format_type(nullif(x.opckeytype, 0), NULL), 'family', f.opfname" +
                            common("pg_opclass", "x.opcowner");
    return {"pg_opclass", "x.oid", "",
            identified("pg_opclass", attributes,
                       "pg_catalog.pg_opclass x JOIN pg_catalog.pg_opfamily f ON f.oid = x.opcfamily",
                       std::string{"x.oid"} + users_own)};
}

query_part collations()
{
    // The columns differ between the major versions (colliculocale, colllocale): those that are there are read from the
    // row as JSON. Until 14 an ICU collation has its locale in collcollate and collctype.
    auto const attributes = "'provider', x.collprovider, 'deterministic', x.collisdeterministic::text, "
                            "'collate', CASE WHEN x.collprovider <> 'i' THEN to_jsonb(x) ->> 'collcollate' END, "
                            "'ctype', CASE WHEN x.collprovider <> 'i' THEN to_jsonb(x) ->> 'collctype' END, "
                            "'locale', coalesce(to_jsonb(x) ->> 'colllocale', to_jsonb(x) ->> 'colliculocale', "
                            "CASE WHEN x.collprovider = 'i' THEN to_jsonb(x) ->> 'collcollate' END)" +
                            common("pg_collation", "x.collowner");
    return {"pg_collation", "x.oid", "",
            identified("pg_collation", attributes,
                       "pg_catalog.pg_collation x JOIN pg_catalog.pg_namespace n ON n.oid = x.collnamespace",
                       std::string{"x.oid"} + users_own + " AND " + users_own_schema("n.nspname"))};
}

query_part text_search_configurations()
{
    auto const attributes =
        "'parser', (SELECT p.prsnamespace::regnamespace || '.' || quote_ident(p.prsname) FROM pg_catalog.pg_ts_parser "
        "p WHERE p.oid = x.cfgparser), 'mappings', (SELECT string_agg(m.maptokentype || ' ' || "
        "m.mapdict::regdictionary, ', ' ORDER BY m.maptokentype, m.mapseqno) "
        "FROM pg_catalog.pg_ts_config_map m WHERE m.mapcfg = x.oid)" +
        common("pg_ts_config", "x.cfgowner");
    return {"pg_ts_config", "x.oid", "",
            identified("pg_ts_config", attributes, "pg_catalog.pg_ts_config x", std::string{"x.oid"} + users_own)};
}

query_part text_search_dictionaries()
{
    auto const attributes = "'template', t.tmplname, 'options', x.dictinitoption" + common("pg_ts_dict", "x.dictowner");
    return {"pg_ts_dict", "x.oid", "",
            identified("pg_ts_dict", attributes,
                       "pg_catalog.pg_ts_dict x JOIN pg_catalog.pg_ts_template t ON t.oid = x.dicttemplate",
                       std::string{"x.oid"} + users_own)};
}

query_part statistics()
{
    auto const attributes =
        "'definition', pg_catalog.pg_get_statisticsobjdef(x.oid)" + common("pg_statistic_ext", "x.stxowner");
    return {
        "pg_statistic_ext", "x.oid", "",
        identified("pg_statistic_ext", attributes, "pg_catalog.pg_statistic_ext x", std::string{"x.oid"} + users_own)};
}

query_part event_triggers()
{
    auto const attributes =
        "'event', x.evtevent, 'function', x.evtfoid::regproc::text, 'tags', array_to_string(x.evttags, ', '), "
        "'enabled', CASE x.evtenabled WHEN 'D' THEN 'no' WHEN 'R' THEN 'on replica' WHEN 'A' THEN 'always' END" +
        common("pg_event_trigger", "x.evtowner");
    return {"pg_event_trigger", "x.oid", "",
            identified("pg_event_trigger", attributes, "pg_catalog.pg_event_trigger x",
                       "x.evtname !~ '^pgratchet_shadow'")};
}

query_part foreign_data_wrappers()
{
    auto const attributes =
        "'handler', nullif(x.fdwhandler, 0)::regproc::text, 'validator', nullif(x.fdwvalidator, 0)::regproc::text, "
        "'privileges', " +
        privileges("x.fdwacl", "x.fdwowner") + common("pg_foreign_data_wrapper", "x.fdwowner");
    return {"pg_foreign_data_wrapper", "x.oid", "",
            identified("pg_foreign_data_wrapper", attributes, "pg_catalog.pg_foreign_data_wrapper x",
                       std::string{"x.oid"} + users_own)};
}

query_part foreign_servers()
{
    // Options are left out: hosts and databases differ between environments.
    auto const attributes = "'wrapper', w.fdwname, 'type', x.srvtype, 'privileges', " +
                            privileges("x.srvacl", "x.srvowner") + common("pg_foreign_server", "x.srvowner");
    return {"pg_foreign_server", "x.oid", "",
            identified("pg_foreign_server", attributes,
                       "pg_catalog.pg_foreign_server x JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = x.srvfdw",
                       std::string{"x.oid"} + users_own)};
}

query_part languages()
{
    auto const attributes =
        "'handler', nullif(x.lanplcallfoid, 0)::regproc::text, 'trusted', x.lanpltrusted::text, 'privileges', " +
        privileges("x.lanacl", "x.lanowner") + common("pg_language", "x.lanowner");
    return {"pg_language", "x.oid", "",
            identified("pg_language", attributes, "pg_catalog.pg_language x", std::string{"x.oid"} + users_own)};
}

query_part default_privileges()
{
    // Named by us, since the identity has a role in it that is called otherwise on the shadow.
    return {"pg_default_acl", "x.oid", "",
            "SELECT 'pg_default_acl', x.oid::text, 'default privileges', names.one, names.one, "
            "json_build_object('privileges', " +
                privileges("x.defaclacl", "x.defaclrole") + R"()::text
  FROM pg_catalog.pg_default_acl x
  LEFT JOIN pg_catalog.pg_namespace n ON n.oid = x.defaclnamespace
 CROSS JOIN LATERAL (SELECT 'for role ' || )" +
                role_name("x.defaclrole") + R"( || coalesce(' in schema ' || quote_ident(n.nspname), '') || ' on ' ||
       CASE x.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'functions' WHEN 'T' THEN 'types' WHEN 'n' THEN 'schemas' ELSE 'large objects' END AS one) names
 WHERE {in scope})"};
}

} // namespace

std::vector<query_part> other_parts()
{
    return {schemas(),
            extensions(),
            casts(),
            operators(),
            operator_families(),
            operator_classes(),
            collations(),
            text_search_configurations(),
            text_search_dictionaries(),
            statistics(),
            event_triggers(),
            foreign_data_wrappers(),
            foreign_servers(),
            languages(),
            default_privileges()};
}

} // namespace pgratchet::catalog
