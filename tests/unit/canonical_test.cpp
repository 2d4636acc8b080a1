// SPDX-License-Identifier: Apache-2.0
#include "catalog/canonical.hpp"

#include <gtest/gtest.h>
#include <ostream>
#include <string>

namespace pgratchet::catalog {
namespace {

struct pair_of_texts {
    char const* name;
    char const* kind;
    char const* attribute;
    char const* a;
    char const* b;
};

void PrintTo(pair_of_texts const& pair, std::ostream* out)
{
    *out << pair.a << "\n--\n" << pair.b;
}

bool compare(pair_of_texts const& pair)
{
    object_id const id{pair.kind, "public.x"};
    bool const one_way = same_meaning(id, pair.attribute, pair.a, pair.b);
    EXPECT_EQ(one_way, same_meaning(id, pair.attribute, pair.b, pair.a));
    return one_way;
}

std::string name_of(testing::TestParamInfo<pair_of_texts> const& info)
{
    return info.param.name;
}

// ---- What servers 13 to 18 printed for one and the same object --------------

class as_servers_print : public testing::TestWithParam<pair_of_texts> {};

TEST_P(as_servers_print, means_the_same)
{
    EXPECT_TRUE(compare(GetParam()));
}

constexpr pair_of_texts printed[] = {
    {"check_after_restore", "table constraint", "definition",
     "CHECK (((status)::text = ANY ((ARRAY['new'::character varying, 'active'::character varying])::text[])))",
     "CHECK (((status)::text = ANY (ARRAY[('new'::character varying)::text, ('active'::character varying)::text])))"},
    {"domain_check_after_restore", "domain constraint", "definition",
     "CHECK (((VALUE)::text <> ALL ((ARRAY['a'::character varying, 'b'::character varying])::text[])))",
     "CHECK (((VALUE)::text <> ALL (ARRAY[('a'::character varying)::text, ('b'::character varying)::text])))"},
    {"between_after_restore", "table constraint", "definition",
     "CHECK ((((balance >= ('-100'::integer)::numeric) AND (balance <= (1000000)::numeric)) AND (balance <> 0)))",
     "CHECK (((balance >= ('-100'::integer)::numeric) AND (balance <= (1000000)::numeric) AND (balance <> 0)))"},
    {"array_with_typmod", "policy", "using",
     "((status)::text = ANY ((ARRAY['a'::character varying(3), name])::text[]))",
     "((status)::text = ANY (ARRAY[('a'::character varying(3))::text, (name)::text]))"},
    {"nested_array", "column", "default",
     "(ARRAY[ARRAY['a'::character varying], ARRAY['b'::character varying]])::text[]",
     "ARRAY[ARRAY[('a'::character varying)::text], ARRAY[('b'::character varying)::text]]"},
    {"partial_index", "index", "definition",
     "CREATE INDEX i ON s.c USING btree (lower((name)::text)) WHERE (((status)::text = ANY "
     "((ARRAY['a'::character varying])::text[])) AND (NOT deleted))",
     "CREATE INDEX i ON s.c USING btree (lower((name)::text)) WHERE (((status)::text = ANY "
     "(ARRAY[('a'::character varying)::text])) AND (NOT deleted))"},
    {"trigger_when", "trigger", "definition",
     "CREATE TRIGGER t BEFORE UPDATE OF name ON s.c FOR EACH ROW WHEN (((new.status)::text = ANY "
     "((ARRAY['a'::character varying])::text[]))) EXECUTE FUNCTION s.f('x')",
     "CREATE TRIGGER t BEFORE UPDATE OF name ON s.c FOR EACH ROW WHEN (((new.status)::text = ANY "
     "(ARRAY[('a'::character varying)::text]))) EXECUTE FUNCTION s.f('x')"},
    {"sql_standard_body", "function", "body",
     "BEGIN ATOMIC\n SELECT c.name\n    FROM s.c\n   WHERE ((c.status)::text = ANY "
     "((ARRAY['a'::character varying])::text[]));\nEND",
     "BEGIN ATOMIC\n SELECT c.name\n    FROM s.c\n   WHERE ((c.status)::text = ANY "
     "(ARRAY[('a'::character varying)::text]));\nEND"},
    {"sql_return_body", "function", "body", "RETURN ((b)::text = ANY ((ARRAY['x'::character varying])::text[]))",
     "RETURN ((b)::text = ANY (ARRAY[('x'::character varying)::text]))"},
    {"procedure_in_mode", "procedure", "arguments", "a integer DEFAULT '-1'::integer, INOUT b text DEFAULT NULL::text",
     "IN a integer DEFAULT '-1'::integer, INOUT b text DEFAULT NULL::text"},
    {"substring_13", "index", "definition",
     "CREATE INDEX i ON s.c USING btree (\"substring\"(email, 1, 3), \"position\"(email, 'a'::text), btrim(email))",
     "CREATE INDEX i ON s.c USING btree (SUBSTRING(email FROM 1 FOR 3), POSITION(('a'::text) IN (email)), TRIM(BOTH "
     "FROM email))"},
    {"overlaps_13", "view", "definition",
     " SELECT x.id\n   FROM (b x\n     JOIN b y ON (\"overlaps\"((x.f)::timestamp with time zone, (x.t)::timestamp "
     "with time "
     "zone, (y.f)::timestamp with time zone, (y.t)::timestamp with time zone)));",
     " SELECT x.id\n   FROM (b x\n     JOIN b y ON (((x.f)::timestamp with time zone, (x.t)::timestamp with time zone) "
     "OVERLAPS "
     "((y.f)::timestamp with time zone, (y.t)::timestamp with time zone)));"},
    {"time_zone_13", "view", "definition", " SELECT timezone('UTC'::text, c.created) AS u\n   FROM s.c;",
     " SELECT (created AT TIME ZONE 'UTC'::text) AS u\n   FROM s.c;"},
    {"view_of_one_relation", "view", "definition",
     " SELECT c.id,\n    c.name AS n,\n    (c.status)::text AS status,\n    ( SELECT max(o.total) AS max\n  FROM s.o\n"
     "  WHERE (o.cid = c.id)) AS m\n   FROM s.c\n  WHERE (c.id IN ( SELECT o.cid FROM s.o))\n  ORDER BY c.id\n LIMIT "
     "10;",
     " SELECT id,\n    name AS n,\n    (status)::text AS status,\n    ( SELECT max(o.total) AS max\n  FROM s.o\n"
     "  WHERE (o.cid = c.id)) AS m\n   FROM s.c\n  WHERE (id IN ( SELECT o.cid FROM s.o))\n  ORDER BY id\n LIMIT 10;"},
    {"view_with_aggregates", "materialized view", "definition",
     "SELECT c.status, array_agg(c.name ORDER BY c.id DESC) AS a, sum(c.b) OVER w AS s FROM s.c GROUP BY GROUPING SETS "
     "((c.status), ()) HAVING (count(c.id) > 1) WINDOW w AS (PARTITION BY c.kind ORDER BY c.id);",
     "SELECT status, array_agg(name ORDER BY id DESC) AS a, sum(b) OVER w AS s FROM s.c GROUP BY GROUPING SETS "
     "((status), ()) HAVING (count(id) > 1) WINDOW w AS (PARTITION BY kind ORDER BY id);"},
    {"view_of_a_function", "view", "definition", " SELECT g.g AS n\n   FROM generate_series(1, 5) g(g);",
     " SELECT g AS n\n   FROM generate_series(1, 5) g(g);"},
    {"view_of_a_cte", "view", "definition",
     "WITH ins AS (SELECT 1 AS a) SELECT ins.a FROM ins WHERE (ins.a IN ( SELECT ins_1.a FROM ins ins_1));",
     "WITH ins AS (SELECT 1 AS a) SELECT a FROM ins WHERE (a IN ( SELECT ins_1.a FROM ins ins_1));"},
    {"view_of_a_sample", "view", "definition", "SELECT o.id FROM s.o TABLESAMPLE system (10) REPEATABLE (3);",
     "SELECT id FROM s.o TABLESAMPLE system (10) REPEATABLE (3);"},
    {"order_by_output_name", "view", "definition",
     "SELECT DISTINCT ON (c.id) c.name AS id, c.id AS x FROM s.c ORDER BY c.id, c.x;",
     "SELECT DISTINCT ON (c.id) name AS id, id AS x FROM s.c ORDER BY c.id, c.x;"},
    {"with_ties_of_early_minors", "view", "definition",
     "SELECT o.id FROM s.o ORDER BY o.id FETCH FIRST 3 ROWS WITH TIES;",
     "SELECT id FROM s.o ORDER BY id FETCH FIRST (3) ROWS WITH TIES;"},
    {"nameless_column_of_14_3", "view", "definition",
     "WITH RECURSIVE t(a) AS (SELECT 1 AS \"?column?\" UNION ALL SELECT (t_1.a + 1) FROM t t_1) SELECT t.a FROM t;",
     "WITH RECURSIVE t(a) AS (SELECT 1 UNION ALL SELECT (t_1.a + 1) FROM t t_1) SELECT a FROM t;"},
    {"second_arm_after_restore", "view", "definition",
     "SELECT o.id, o.note AS y FROM s.o UNION ALL SELECT 1, 'b'::text;",
     "SELECT o.id, o.note AS y FROM s.o UNION ALL SELECT 1, 'b'::text AS text;"},
    {"subquery_name_of_13", "policy", "check", "((note = 'a'::text) AND ( SELECT true AS bool))",
     "((note = 'a'::text) AND ( SELECT true))"},
    {"statistics", "statistics object", "definition",
     "CREATE STATISTICS s.st ON ((a)::text = ANY ((ARRAY['x'::character varying])::text[])), b FROM s.c",
     "CREATE STATISTICS s.st ON ((a)::text = ANY (ARRAY[('x'::character varying)::text])), b FROM s.c"},
    {"rule", "rule", "definition",
     "CREATE RULE r AS\n    ON INSERT TO s.b\n   WHERE ((new.who)::text = ANY ((ARRAY['x'::character "
     "varying])::text[])) "
     "DO INSTEAD NOTHING;",
     "CREATE RULE r AS\n    ON INSERT TO s.b\n   WHERE ((new.who)::text = ANY (ARRAY[('x'::character varying)::text])) "
     "DO INSTEAD NOTHING;"},
    {"key_word_of_18_in_a_result", "function", "result", "TABLE(id integer, json text)",
     "TABLE(id integer, \"json\" text)"},
    {"key_word_of_18_in_a_type", "type", "attributes", "id integer, json text COLLATE \"C\"",
     "id integer, \"json\" text COLLATE \"C\""},
    {"key_word_of_18_as_a_type", "column", "type", "public.json_table[]", "public.\"json_table\"[]"},
    {"key_word_of_18_as_a_collation", "column", "collation", "public.json_exists", "public.\"json_exists\""},
    {"key_word_of_18_as_an_owner", "sequence", "owned by", "public.t.json", "public.t.\"json\""},
    {"partition_key", "table", "partition key", "LIST ((((a)::text = ANY ((ARRAY['x'::character varying])::text[]))))",
     "LIST ((((a)::text = ANY (ARRAY[('x'::character varying)::text]))))"},
};

INSTANTIATE_TEST_SUITE_P(canonical, as_servers_print, testing::ValuesIn(printed), name_of);

// ---- Near misses ------------------------------------------------------------

class near_misses : public testing::TestWithParam<pair_of_texts> {};

TEST_P(near_misses, differ)
{
    EXPECT_FALSE(compare(GetParam()));
}

constexpr pair_of_texts missed[] = {
    {"other_type_of_a_result", "function", "result", "TABLE(id integer, a text)", "TABLE(id integer, a varchar)"},
    {"other_name_in_a_result", "function", "result", "TABLE(id integer, a text)", "TABLE(id integer, b text)"},
    {"other_order_of_attributes", "type", "attributes", "a integer, b text", "b text, a integer"},
    {"other_length", "column", "type", "character varying(10)", "character varying(20)"},
    {"array_of_a_type", "column", "type", "public.a", "public.a[]"},
    {"case_of_a_type", "column", "type", "public.a", "public.\"A\""},
    {"other_owner", "sequence", "owned by", "public.t.a", "public.t.b"},
    {"length_of_varchar", "column", "default", "'a'::character varying(10)", "'a'::character varying(20)"},
    {"column_cast", "policy", "using", "((a)::text = '1'::text)", "((a)::integer = '1'::text)"},
    {"cast_taken_away", "policy", "using", "((a)::text = '1'::text)", "(a = '1'::text)"},
    {"inner_cast_shortens", "column", "default", "('abc'::character varying(2))::text", "'abc'::text"},
    {"negative_numbers", "policy", "using", "(a > -1)", "(a > -2)"},
    {"zero_or_negative", "view", "definition", "SELECT id FROM t LIMIT 0;", "SELECT id FROM t LIMIT -1;"},
    {"negative_scale", "column", "default", "(1)::numeric(5,-2)", "(1)::numeric(5,-3)"},
    {"negative_option", "index", "definition", "CREATE INDEX i ON t USING gist (a) WITH (x=-1)",
     "CREATE INDEX i ON t USING gist (a)  WITH (x=-2)"},
    {"array_element", "table constraint", "definition",
     "CHECK ((a = ANY ((ARRAY['a'::varchar, 'b'::varchar])::text[])))",
     "CHECK ((a = ANY (ARRAY[('a'::varchar)::text, ('c'::varchar)::text])))"},
    {"array_element_type", "table constraint", "definition", "CHECK ((a = ANY ((ARRAY['a'::varchar])::text[])))",
     "CHECK ((a = ANY (ARRAY[('a'::varchar)::bpchar])))"},
    {"array_order", "column", "default", "ARRAY['a'::text, 'b'::text]", "ARRAY['b'::text, 'a'::text]"},
    {"array_of_arrays", "view", "definition", "SELECT (ARRAY[tags])::text[] AS x FROM t;",
     "SELECT ARRAY[(tags)::text] AS x FROM t;"},
    {"empty_arrays", "column", "default", "ARRAY[]::text[]", "ARRAY[]::integer[]"},
    {"and_or", "policy", "using", "((a AND b) OR c)", "(a AND (b OR c))"},
    {"not_flattened", "policy", "using", "(NOT (a AND b))", "((NOT a) AND b)"},
    {"any_all", "policy", "using", "(a = ANY (ARRAY[1, 2]))", "(a = ALL (ARRAY[1, 2]))"},
    {"another_relation", "view", "definition", "SELECT c.id FROM s.c;", "SELECT id FROM s.d;"},
    {"another_schema", "view", "definition", "SELECT c.id FROM s.c;", "SELECT id FROM r.c;"},
    {"qualifier_in_a_join", "view", "definition", "SELECT c.id FROM (s.c JOIN s.o ON (true));",
     "SELECT id FROM (s.c JOIN s.o ON (true));"},
    {"qualifier_in_a_subquery", "view", "definition",
     "SELECT id FROM s.c WHERE (EXISTS ( SELECT FROM s.o WHERE (o.id = c.id)));",
     "SELECT id FROM s.c WHERE (EXISTS ( SELECT FROM s.o WHERE (o.id = id)));"},
    {"qualifier_in_a_policy", "policy", "using", "(c.id = 1)", "(id = 1)"},
    {"captured_by_order_by", "view", "definition", "SELECT c.name AS id, c.id AS x FROM s.c ORDER BY c.id;",
     "SELECT name AS id, id AS x FROM s.c ORDER BY id;"},
    {"captured_by_distinct_on", "view", "definition", "SELECT DISTINCT ON (c.id) c.name AS id FROM s.c;",
     "SELECT DISTINCT ON (id) name AS id FROM s.c;"},
    {"output_name", "view", "definition", "SELECT c.id AS a FROM s.c;", "SELECT id AS b FROM s.c;"},
    {"first_arm_name", "view", "definition", "SELECT 1 AS a UNION ALL SELECT 2;", "SELECT 1 AS b UNION ALL SELECT 2;"},
    {"name_of_a_cast", "view", "definition", "SELECT '1'::numeric AS \"?column?\";", "SELECT '1'::numeric;"},
    {"name_taken_from_a_subquery", "view", "definition", "SELECT ( SELECT 1 AS a);", "SELECT ( SELECT 1 AS b);"},
    {"derived_table_name", "view", "definition", "SELECT x.a FROM ( SELECT 1 AS a, 2 AS b) x;",
     "SELECT x.a FROM ( SELECT 1 AS b, 2 AS a) x;"},
    {"extract_or_date_part", "view", "definition", "SELECT EXTRACT(epoch FROM t.a) AS e FROM t;",
     "SELECT date_part('epoch'::text, a) AS e FROM t;"},
    {"another_schemas_function", "policy", "using", "SUBSTRING(a FROM 1 FOR 2)", "s.\"substring\"(a, 1, 2)"},
    {"join_kind", "view", "definition", "SELECT a.x FROM (a LEFT JOIN b ON (true));",
     "SELECT a.x FROM (a JOIN b ON (true));"},
    {"only", "view", "definition", "SELECT t.x FROM ONLY t;", "SELECT x FROM t;"},
    {"union_all", "view", "definition", "SELECT 1 AS a UNION SELECT 2;", "SELECT 1 AS a UNION ALL SELECT 2;"},
    {"distinct", "view", "definition", "SELECT DISTINCT t.x FROM t;", "SELECT x FROM t;"},
    {"nulls_last", "index", "definition", "CREATE INDEX i ON t USING btree (a DESC)",
     "CREATE INDEX i ON t USING btree (a DESC NULLS LAST)"},
    {"collation", "index", "definition", "CREATE INDEX i ON t USING btree (a COLLATE \"C\")",
     "CREATE INDEX i ON t USING btree (a)"},
    {"unique_index", "index", "definition", "CREATE UNIQUE INDEX i ON t USING btree (a)",
     "CREATE INDEX i ON t USING btree (a)"},
    {"not_valid", "table constraint", "definition", "CHECK ((a > 0)) NOT VALID", "CHECK ((a > 0))"},
    {"deferrable", "table constraint", "definition", "FOREIGN KEY (a) REFERENCES s.t(id) DEFERRABLE",
     "FOREIGN KEY (a) REFERENCES s.t(id) DEFERRABLE INITIALLY DEFERRED"},
    {"on_delete", "table constraint", "definition", "FOREIGN KEY (a) REFERENCES s.t(id) ON DELETE CASCADE",
     "FOREIGN KEY (a) REFERENCES s.t(id)"},
    {"nulls_not_distinct", "table constraint", "definition", "UNIQUE (a)", "UNIQUE NULLS NOT DISTINCT (a)"},
    {"function_in_and_inout", "function", "arguments", "a integer", "INOUT a integer"},
    {"argument_default", "function", "arguments", "a integer DEFAULT 0", "a integer DEFAULT '-1'::integer"},
    {"partition_bound", "table", "partition bound", "FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')",
     "FOR VALUES FROM ('2026-01-01') TO ('2026-03-01')"},
    {"list_bound", "table", "partition bound", "FOR VALUES IN ('a', NULL)", "FOR VALUES IN ('a')"},
    {"trigger_timing", "trigger", "definition", "CREATE TRIGGER t BEFORE INSERT ON x FOR EACH ROW EXECUTE FUNCTION f()",
     "CREATE TRIGGER t AFTER INSERT ON x FOR EACH ROW EXECUTE FUNCTION f()"},
    {"body_is_a_string", "function", "body", "\nSELECT 1;", "\nSELECT  1;"},
    {"body_only_looks_alike", "function", "body", "RETURN 1", "\nRETURN 1"},
    {"unknown_grammar", "view", "definition", "SELECT JSON_TABLE(x COLUMNS ());", "SELECT  JSON_TABLE(x COLUMNS ());"},
    {"unknown_attribute", "column", "identity", "character varying", "varchar"},
};

INSTANTIATE_TEST_SUITE_P(canonical, near_misses, testing::ValuesIn(missed), name_of);

// ---- Input that would overflow a stack or take for ever ---------------------

std::string repeated(std::string const& piece, int times)
{
    std::string text;
    for (int i = 0; i < times; ++i) {
        text += piece;
    }
    return text;
}

TEST(canonical, plain_text_where_a_parser_would_overflow)
{
    object_id const id{"policy", "p"};
    for (int const terms : {2'000, 30'000, 200'000}) {
        auto const text = "a" + repeated("+1", terms);
        EXPECT_TRUE(same_meaning(id, "using", text, text));
        EXPECT_FALSE(same_meaning(id, "using", text, text + " "));
    }
    auto const nested = repeated("NOT ", 9'000) + "a";
    EXPECT_FALSE(same_meaning(id, "using", nested, nested + " "));
    auto const operators = "1 " + repeated("+", 60'000) + " 1";
    EXPECT_FALSE(same_meaning(id, "using", operators, operators + " "));
    auto const comments = repeated("/*", 20'000) + repeated("*/", 10'000) + "a";
    EXPECT_FALSE(same_meaning(id, "using", comments, comments + " "));
}

TEST(canonical, deep_but_reasonable_texts_are_parsed)
{
    object_id const id{"policy", "p"};
    auto const text = repeated("(1 + ", 200) + "a" + repeated(")", 200);
    EXPECT_TRUE(same_meaning(id, "using", text, text + " "));
}

TEST(canonical, nul_and_invalid_utf8_are_plain_text)
{
    object_id const id{"policy", "p"};
    EXPECT_FALSE(same_meaning(id, "using", std::string{"a\0b", 3}, std::string{"a\0c", 3}));
    EXPECT_FALSE(same_meaning(id, "using", "'\xff'::text", "'\xff'::text "));
}

} // namespace
} // namespace pgratchet::catalog
