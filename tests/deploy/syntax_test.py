# SPDX-License-Identifier: Apache-2.0
"""Syntax that came with a major version: compiled, located after psql at each version, applied and verified there.

PostgreSQL's own parser, as it is linked into the executor, is that of 15: of what is newer it knows nothing, and what it
does not know it warns of. Each case runs on its server and on all that are newer than that.
"""

import re
import unittest

from deploy_support import Deployment, postgres

# (since, name, the parser does not know it, migrations of a history that stands alone)
CASES = [
    (14, "multiranges", False, [
        "CREATE TABLE a (days datemultirange NOT NULL DEFAULT '{}', n int4multirange CHECK (n <> '{}'));\n"
        "CREATE TYPE span AS RANGE (subtype = integer, multirange_type_name = spans);\nCREATE TABLE b (s spans);",
        "ALTER TABLE b ALTER s SET DEFAULT spans(span(1, 5));",
        "CREATE VIEW v AS SELECT range_agg(s) AS all_of_it, unnest(multirange(s)) FROM (SELECT span(1, 2) AS s) x GROUP BY s;"]),
    (14, "compression", False, [
        "CREATE TABLE a (t text COMPRESSION pglz, u text);", "ALTER TABLE a ALTER u SET COMPRESSION pglz, ADD v text COMPRESSION pglz;"]),
    (14, "sql_bodies", False, [
        "CREATE TABLE a (n integer);\nCREATE FUNCTION total(integer) RETURNS bigint LANGUAGE sql RETURN (SELECT sum(n) FROM a WHERE n > $1);",
        "CREATE PROCEDURE add(n integer, OUT m integer) LANGUAGE sql BEGIN ATOMIC INSERT INTO a VALUES (add.n); SELECT 1; END;",
        "CREATE OR REPLACE PROCEDURE add(n integer, OUT m integer) LANGUAGE sql BEGIN ATOMIC INSERT INTO a VALUES (add.n); SELECT 2; END;"]),
    (14, "subscripts_and_search", False, [
        "CREATE TABLE a (j jsonb, up integer, id integer);\nCREATE INDEX a_j ON a ((j['b']['c']));",
        "CREATE VIEW v AS WITH RECURSIVE t AS (SELECT id, up FROM a UNION ALL SELECT a.id, a.up FROM a JOIN t ON a.up = t.id)\n"
        "  SEARCH DEPTH FIRST BY id SET ordered CYCLE id SET is_cycle USING path SELECT id, is_cycle FROM t ORDER BY ordered;",
        "CREATE VIEW w AS SELECT u.id, a.up FROM a JOIN (SELECT 1 AS id) l USING (id) AS u;"]),
    (14, "statistics_on_expressions", False, [
        "CREATE TABLE a (t text, n integer);", "CREATE STATISTICS s (mcv) ON lower(t), (n % 10) FROM a;"]),
    (14, "or_replace_trigger", False, [
        "CREATE TABLE a (n integer);\nCREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$;\n"
        "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION f();",
        "CREATE OR REPLACE TRIGGER t BEFORE INSERT OR UPDATE ON a FOR EACH ROW EXECUTE FUNCTION f();"]),
    (15, "nulls_not_distinct", False, [
        "CREATE TABLE a (n integer, m integer, UNIQUE NULLS NOT DISTINCT (n));", "CREATE UNIQUE INDEX a_m ON a (m) NULLS NOT DISTINCT;",
        "DROP INDEX a_m;\nCREATE UNIQUE INDEX a_m ON a (m);"]),
    (15, "views", False, [
        "CREATE TABLE a (n integer);\nCREATE VIEW v WITH (security_invoker = true) AS SELECT n FROM a;", "ALTER VIEW v SET (security_invoker = false);",
        "ALTER VIEW v RESET (security_invoker);"]),
    (15, "publications", False, [
        "CREATE SCHEMA s;\nCREATE TABLE a (id integer PRIMARY KEY, n integer, m text);\nCREATE TABLE b (id integer PRIMARY KEY);",
        "CREATE PUBLICATION p FOR TABLE a (id, n) WHERE (id > 5);\nCREATE PUBLICATION q FOR TABLES IN SCHEMA s;\nALTER TABLE a ADD o integer;",
        "ALTER PUBLICATION p ADD TABLE b;\nALTER TABLE b ADD n integer;"]),
    (15, "merge", False, [
        "CREATE TABLE a (id integer PRIMARY KEY, n integer);",
        "MERGE INTO a USING (VALUES (1, 2)) AS v (id, n) ON a.id = v.id WHEN MATCHED THEN DO NOTHING WHEN NOT MATCHED THEN INSERT VALUES (v.id, v.n);\n"
        "CREATE TABLE b ();"]),
    (15, "set_null_of_some_columns", False, [
        "CREATE TABLE a (t integer, id integer, PRIMARY KEY (t, id));",
        "CREATE TABLE b (t integer, a integer, FOREIGN KEY (t, a) REFERENCES a ON DELETE SET NULL (a));"]),
    (15, "scale", False, ["CREATE TABLE a (n numeric(3, -2));", "ALTER TABLE a ALTER n TYPE numeric(2, 4);"]),
    (16, "json_constructors", True, [
        "CREATE TABLE a (j text CHECK (j IS JSON OBJECT WITH UNIQUE KEYS), n integer);",
        "CREATE VIEW v AS SELECT JSON_OBJECT('a': n, 'b': j ABSENT ON NULL) AS o, JSON_ARRAYAGG(n ORDER BY n) AS g FROM a GROUP BY n, j;",
        "ALTER TABLE a ADD k text DEFAULT (JSON_ARRAY(1, 2, 'x'))::text;"]),
    (16, "numbers", True, ["CREATE TABLE a (n integer DEFAULT 0x_ff, m integer DEFAULT 1_000);", "CREATE VIEW v AS SELECT n FROM a WHERE n > 1_0;"]),
    (16, "subquery_without_alias", True, ["CREATE TABLE a (n integer);\nCREATE VIEW v AS SELECT n FROM (SELECT n FROM a);", "CREATE TABLE b ();"]),
    (17, "merge_returning", True, [
        "CREATE TABLE a (id integer PRIMARY KEY, n integer);",
        "MERGE INTO a USING (VALUES (1, 2)) AS v (id, n) ON a.id = v.id WHEN NOT MATCHED THEN INSERT VALUES (v.id, v.n)\n"
        "  WHEN NOT MATCHED BY SOURCE THEN DELETE RETURNING merge_action(), a.*;\nALTER TABLE a ADD m integer;",
        "CREATE FUNCTION f() RETURNS integer LANGUAGE sql BEGIN ATOMIC MERGE INTO a USING (VALUES (1)) AS v (id) ON a.id = v.id\n"
        "  WHEN MATCHED THEN UPDATE SET n = 5 RETURNING a.n; END;"]),
    (17, "json_table", True, [
        "CREATE TABLE a (j jsonb);",
        "CREATE VIEW v AS SELECT t.* FROM a, JSON_TABLE(j, '$[*]' COLUMNS (id FOR ORDINALITY, x integer PATH '$.x', ok boolean EXISTS PATH '$.y')) t;",
        "CREATE VIEW w AS SELECT JSON_VALUE(j, '$.a' RETURNING integer DEFAULT 0 ON EMPTY) AS n, JSON_QUERY(j, '$.b' WITH WRAPPER) AS q,\n"
        "  JSON_EXISTS(j, '$.c') AS e FROM a;"]),
    (17, "set_expression", True, [
        "CREATE TABLE a (n integer, m integer GENERATED ALWAYS AS (n + 1) STORED);", "ALTER TABLE a ALTER m SET EXPRESSION AS (n + 2);",
        "ALTER TABLE a ALTER m DROP EXPRESSION;"]),
    (17, "partitioned", False, [
        "CREATE TABLE a (id bigint GENERATED ALWAYS AS IDENTITY, d date, EXCLUDE USING btree (d WITH =)) PARTITION BY RANGE (d);\n"
        "CREATE TABLE a_1 PARTITION OF a FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');",
        "CREATE TABLE a_2 PARTITION OF a FOR VALUES FROM ('2021-01-01') TO ('2022-01-01');",
        "ALTER TABLE a ALTER id SET GENERATED BY DEFAULT;"]),
    (17, "privilege_and_collation", False, [
        "CREATE TABLE a (t text COLLATE pg_c_utf8);\nCREATE COLLATION c (provider = builtin, locale = 'C.UTF-8');",
        "CREATE TABLE b (t text COLLATE c);\nGRANT MAINTAIN ON a TO app;"]),
    (17, "time", False, ["CREATE TABLE a (i interval DEFAULT 'infinity');", "CREATE VIEW v AS SELECT now() AT TIME ZONE 'UTC' AS u, i FROM a;"]),
    (18, "virtual_columns", True, [
        "CREATE TABLE a (n integer, m integer GENERATED ALWAYS AS (n * 2) VIRTUAL, o integer GENERATED ALWAYS AS (n * 3));",
        "ALTER TABLE a ADD p text GENERATED ALWAYS AS ('x' || n) VIRTUAL;", "ALTER TABLE a ALTER m SET EXPRESSION AS (n * 4);",
        "CREATE VIEW v AS SELECT m + o AS s FROM a;"]),
    (18, "not_null_not_valid", True, [
        "CREATE TABLE a (n integer, m integer, CONSTRAINT m_there NOT NULL m NO INHERIT);", "ALTER TABLE a ADD CONSTRAINT n_there NOT NULL n NOT VALID;",
        "ALTER TABLE a VALIDATE CONSTRAINT n_there;", "ALTER TABLE a DROP CONSTRAINT n_there, ADD o integer;"]),
    (18, "temporal", True, [
        "CREATE EXTENSION btree_gist;\nCREATE TABLE a (id integer, during daterange, PRIMARY KEY (id, during WITHOUT OVERLAPS));",
        "CREATE TABLE b (id integer, a integer, during daterange, UNIQUE (id, during WITHOUT OVERLAPS),\n"
        "  FOREIGN KEY (a, PERIOD during) REFERENCES a (id, PERIOD during));"]),
    (18, "not_enforced", True, [
        "CREATE TABLE a (id integer PRIMARY KEY, n integer CONSTRAINT n_is CHECK (n > 0) NOT ENFORCED);",
        "CREATE TABLE b (a integer CONSTRAINT b_a REFERENCES a NOT ENFORCED);", "ALTER TABLE b ALTER CONSTRAINT b_a ENFORCED;"]),
    (18, "returning_old_and_new", True, [
        "CREATE TABLE a (id integer PRIMARY KEY, n integer);",
        "INSERT INTO a VALUES (1, 2) RETURNING old.n, new.n;\nALTER TABLE a ADD m integer;",
        "CREATE FUNCTION f() RETURNS integer LANGUAGE sql BEGIN ATOMIC UPDATE a SET n = n + 1 RETURNING WITH (OLD AS o) a.n - o.n; END;"]),
    (18, "uuid_and_casefold", False, [
        "CREATE TABLE a (id uuid DEFAULT uuidv7() PRIMARY KEY, t text);", "CREATE INDEX a_t ON a (casefold(t COLLATE pg_unicode_fast));"]),
    (18, "foreign_key_of_partitioned", False, [
        "CREATE TABLE a (id integer PRIMARY KEY);\nCREATE TABLE b (a integer) PARTITION BY LIST (a);\nCREATE TABLE b_1 PARTITION OF b FOR VALUES IN (1);",
        "ALTER TABLE b ADD CONSTRAINT b_a FOREIGN KEY (a) REFERENCES a NOT VALID;", "ALTER TABLE b VALIDATE CONSTRAINT b_a;"]),
]


class Syntax(Deployment):
    def history(self, name, bodies):
        self.files = [f"{k:03d}_{name}" for k in range(1, len(bodies) + 1)]
        self.write(**dict(zip(self.files, bodies)))
        for k, body in enumerate(bodies, start=1):
            if re.match("INSERT|MERGE", body):
                self.probe(f"{k:03d}_{name}", "SELECT EXISTS (SELECT FROM a)")

    def check(self, name, unknown, bodies):
        self.history(name, bodies)
        warned = "[-Wunparsed-syntax]" in self.compile(quiet=False).stderr
        self.assertEqual(warned, unknown)
        by_psql = self.database(f"_{name}")
        self.assert_at(by_psql, None, drift=[])
        for k, file in enumerate(self.files, start=1):
            half_way = self.database(f"_{name}_{k}", template=by_psql)
            self.by_psql(by_psql, file)
            self.assert_at(by_psql, f"{k:03d}", drift=[], unmanaged=[])
            self.apply(half_way)
            self.assert_at(half_way, f"{len(bodies):03d}", drift=[], unmanaged=[])
            self.executor.verify(self.plan, self.cluster.conninfo(half_way)).require()
        self.assertEqual(self.schema(half_way), self.schema(by_psql))


def add_case(since, name, unknown, bodies):
    @unittest.skipIf(postgres.DEFAULT_MAJOR < since, f"came with PostgreSQL {since}")
    def test(self):
        self.check(name, unknown, bodies)
    setattr(Syntax, f"test_{since}_{name}", test)


for one in CASES:
    add_case(*one)


if __name__ == "__main__":
    unittest.main()
