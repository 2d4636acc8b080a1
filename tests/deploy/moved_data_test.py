# SPDX-License-Identifier: Apache-2.0
"""Statements that move, convert or throw away data, and leave every definition as it was."""

import json
import unittest

from deploy_support import Deployment, executor

NO_TRANSACTION = "-- pgratchet: no-transaction\n"
BEFORE = """CREATE TABLE t (id integer PRIMARY KEY, first text, last text, price numeric(10, 2));
CREATE TABLE u (id integer PRIMARY KEY, n integer);
CREATE TABLE v (id integer PRIMARY KEY, n integer);
CREATE TABLE p (k integer) PARTITION BY LIST (k);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE SEQUENCE s;
CREATE TABLE i (id integer GENERATED ALWAYS AS IDENTITY);
CREATE SCHEMA away;"""
SWAP = "ALTER TABLE t RENAME first TO tmp;\nALTER TABLE t RENAME last TO first;\nALTER TABLE t RENAME tmp TO last;\n"
MOVES = {
    "a conversion": "ALTER TABLE t ALTER price TYPE numeric(10, 2) USING price * 1.19;",
    "a conversion by a function": "ALTER TABLE t ALTER first TYPE text USING upper(first::text);",
    "columns that swap names": SWAP,
    "tables that swap names": "ALTER TABLE u RENAME CONSTRAINT u_pkey TO w_pkey;\nALTER TABLE u RENAME TO w;\nALTER TABLE v RENAME CONSTRAINT v_pkey TO u_pkey;\n"
                              "ALTER TABLE v RENAME TO u;\nALTER TABLE w RENAME CONSTRAINT w_pkey TO v_pkey;\nALTER TABLE w RENAME TO v;",
    "tables that go away and come back": "ALTER TABLE u SET SCHEMA away;\nALTER TABLE v RENAME CONSTRAINT v_pkey TO u_pkey;\nALTER TABLE v RENAME TO u;\n"
                                         "ALTER TABLE away.u RENAME CONSTRAINT u_pkey TO v_pkey;\nALTER TABLE away.u RENAME TO v;\nALTER TABLE away.v SET SCHEMA public;",
    "a table made anew": "DROP TABLE u;\nCREATE TABLE u (id integer PRIMARY KEY, n integer);",
    "a column made anew": "ALTER TABLE t DROP last;\nALTER TABLE t ADD last text;",
    "a column made anew at once": "ALTER TABLE t DROP last, ADD last text;",
    "a partition made anew": "ALTER TABLE p DETACH PARTITION p1;\nDROP TABLE p1;\nCREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);",
    "an identity made anew at once": "ALTER TABLE i ALTER id DROP IDENTITY, ALTER id ADD GENERATED ALWAYS AS IDENTITY;",
    "an identity made anew": "ALTER TABLE i ALTER id DROP IDENTITY;\nALTER TABLE i ALTER id ADD GENERATED ALWAYS AS IDENTITY;",
    "a sequence made anew": "DROP SEQUENCE s;\nCREATE SEQUENCE s;",
}
HARMLESS = {
    "a cast": "ALTER TABLE v ALTER n TYPE bigint USING n::bigint;\nALTER TABLE v ALTER n TYPE integer USING (n)::integer;",
    "a generated column made anew": "ALTER TABLE t DROP g;\nALTER TABLE t ADD g text GENERATED ALWAYS AS (first || last) STORED;",
    "a view made anew": "DROP VIEW w;\nCREATE VIEW w AS SELECT id, n FROM u;",
    "a table that leaves a view behind": "ALTER TABLE v RENAME TO v2;\nCREATE VIEW v AS SELECT * FROM v2;",
    "an index made anew": "DROP INDEX ui;\nCREATE INDEX ui ON u (n);",
    "what the file made itself": "CREATE TABLE x (a integer, b integer);\nALTER TABLE x RENAME a TO c;\nALTER TABLE x RENAME b TO a;\nALTER TABLE x RENAME c TO b;\nDROP TABLE x;",
}


class MovedData(Deployment):
    def histories(self, work, before=BEFORE):
        """The only trace of 002 is taken back by 003."""
        self.write(_001_before=before, _002_work=f"{work}\nCREATE INDEX te ON t (id);", _003_after="DROP INDEX te;", _004_more="CREATE TABLE more ();")

    def assert_refused_without_a_probe(self, **options):
        done = self.try_compile(**options).require(executor.SQL_FAILED)
        self.assertIn("the schema after 003 looks as it did at 001, and what was done between does not show in it [no-trace]", done.stderr)
        self.assertRegex(done.stderr, r"002_work\.sql:\d:1: (ALTER|DROP) ")

    def test_a_probe_has_to_say_that_it_has_run(self):
        for name, work in MOVES.items():
            with self.subTest(name):
                self.histories(work)
                self.assert_refused_without_a_probe()

    def test_with_a_probe_it_runs_once(self):
        self.probe("003_swapped", "SELECT EXISTS (SELECT FROM t WHERE first = 'Lovelace')")
        self.histories(SWAP, BEFORE + "\nINSERT INTO t VALUES (1, 'Ada', 'Lovelace', 1);")
        self.compile(quiet=False)
        database = self.database()
        self.by_psql(database, "001_before")
        self.assert_at(database, "001", pending=["002", "003", "004"])
        self.apply(database)
        self.apply(database)
        self.assertEqual(self.psql(database, "SELECT first, last FROM t"), "Lovelace|Ada")

    def test_what_the_plan_says(self):
        """Also where the throwaway server's role may not make event triggers."""
        self.psql("postgres", "ALTER ROLE app LOGIN CREATEDB")
        self.addCleanup(self.psql, "postgres", "ALTER ROLE app NOLOGIN NOCREATEDB")
        for user in ("postgres", "app"):
            for name, work in (MOVES | HARMLESS).items():
                with self.subTest(name, user=user):
                    self.write(_001_before=BEFORE + "\nALTER TABLE t ADD g text GENERATED ALWAYS AS (first || last) STORED;\nCREATE VIEW w AS SELECT id, n FROM u;\n"
                               "CREATE INDEX ui ON u (n);" if name in HARMLESS else BEFORE, _002_work=f"{work}\nCREATE INDEX te ON t (id);")
                    self.compile(quiet=False, shadow_url=self.cluster.conninfo("postgres", user))
                    self.assertEqual(json.loads(self.plan.read_text(encoding="utf-8"))["migrations"][1]["schema_only"], name in HARMLESS)

    def test_without_a_transaction_it_stands_alone(self):
        for name, work in MOVES.items():
            with self.subTest(name):
                self.write(_001_before=BEFORE, _002_work=f"{NO_TRANSACTION}{work}\nCREATE INDEX CONCURRENTLY te ON t (id);\n")
                done = self.try_compile().require(executor.SQL_FAILED)
                self.assertRegex(done.stderr, r"002_work\.sql:\d:1: error: work on data beside other statements in a file without a transaction \[data-without-transaction\]")

    def test_a_procedure_without_a_transaction_leaves_the_schema_alone(self):
        do = "DO $$ BEGIN UPDATE t SET id = id * 100; COMMIT; {} END $$;\n"
        self.write(_001_before=BEFORE, _002_work=NO_TRANSACTION + do.format("CREATE UNIQUE INDEX te ON t (price);"))
        self.assertIn("002_work.sql:2:1: error: DO in a file without a transaction changes the schema [data-without-transaction]",
                      self.try_compile().require(executor.SQL_FAILED).stderr)
        self.probe("002_work", "SELECT NOT EXISTS (SELECT FROM t WHERE id < 100)")
        self.migrations(_001_before=BEFORE + "\nINSERT INTO t VALUES (1), (2);", _002_work=NO_TRANSACTION + do.format("IF EXISTS (SELECT FROM u) THEN RAISE 'half way'; END IF;"))
        database = self.database()
        self.apply(database, to="001")
        self.psql(database, "INSERT INTO u VALUES (1)")
        done = self.apply(database, code=executor.SQL_FAILED)
        self.assertIn("002 has no transaction: statement 1 of 1 failed, and what it had begun may stay; test was at 001\n", done.stderr)
        self.assert_at(database, "002")


if __name__ == "__main__":
    unittest.main()
