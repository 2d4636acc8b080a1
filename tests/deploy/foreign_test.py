# SPDX-License-Identifier: Apache-2.0
"""Rows of foreign tables are another server's: only apply changes them."""

import json
import unittest

from deploy_support import NO_TRANSACTION, Deployment, executor, postgres

ROWS = "SELECT coalesce(string_agg(n || ' ' || who, ', ' ORDER BY n, who), '') FROM items"
CHANGES = """INSERT INTO far SELECT n, 'near' FROM near;
UPDATE both_of_them SET who = 'moved' WHERE n = 1;
DELETE FROM shown WHERE n = 2;
WITH gone AS (DELETE FROM far WHERE n = 3 RETURNING n) SELECT count(*) FROM gone;
INSERT INTO parted VALUES (150, 'routed'), (5, 'kept');
WITH gone AS (DELETE FROM near RETURNING n) INSERT INTO far SELECT n, 'of near' FROM gone;
UPDATE near SET who = 'only here';
INSERT INTO near VALUES (7, 'only here');
SELECT count(*) FROM far;
CREATE TABLE done (id integer PRIMARY KEY);"""


class Foreign(Deployment):
    def setUp(self):
        super().setUp()
        self.far = self.database("_far")
        self.psql(self.far, "CREATE TABLE items (n integer, who text); INSERT INTO items VALUES (1, 'a'), (2, 'b'), (3, 'c')")
        self.write(_001_a=f"""
            CREATE EXTENSION postgres_fdw;
            CREATE SERVER elsewhere FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '{self.cluster.socket_dir}', dbname '{self.far}');
            CREATE USER MAPPING FOR CURRENT_USER SERVER elsewhere OPTIONS (user 'postgres');
            CREATE FOREIGN TABLE far (n integer, who text) SERVER elsewhere OPTIONS (table_name 'items');
            CREATE VIEW shown AS SELECT n, who FROM far;
            CREATE TABLE near (n integer PRIMARY KEY, who text);
            CREATE TABLE both_of_them (n integer, who text);
            ALTER FOREIGN TABLE far INHERIT both_of_them;
            CREATE TABLE parted (n integer, who text) PARTITION BY RANGE (n);
            CREATE TABLE parted_near PARTITION OF parted FOR VALUES FROM (0) TO (100);
            CREATE FOREIGN TABLE parted_far PARTITION OF parted FOR VALUES FROM (100) TO (200) SERVER elsewhere OPTIONS (table_name 'items');""")

    def far_rows(self):
        return self.psql(self.far, ROWS)

    def migration(self):
        return json.loads(self.plan.read_text(encoding="utf-8"))["migrations"][1]

    def test_only_apply_changes_them(self):
        before = self.far_rows()
        self.write(_002_b=CHANGES)
        done = self.compile(quiet=False)
        self.assertEqual(done.stderr.count("[-Wforeign-rows]"), 6, done.stderr)
        self.assertEqual(self.migration()["foreign_rows"], [1, 2, 3, 4, 5, 6])
        self.assertEqual(self.far_rows(), before)
        database = self.database()
        self.apply(database, to="001")
        self.psql(database, "INSERT INTO near VALUES (4, 'd')")
        self.apply(database, "--dry-run")
        self.assertEqual(self.far_rows(), before)
        self.apply(database)
        self.assertEqual(self.far_rows(), "1 moved, 4 near, 4 of near, 150 routed")
        self.assertEqual(self.psql(database, "SELECT * FROM near; SELECT * FROM ONLY parted_near"), "7|only here\n5|kept")

    def test_without_a_plan(self):
        """EXPLAIN takes neither."""
        path = self.work / "rows"
        path.write_text("9\tnew\n", encoding="utf-8")
        before = self.far_rows()
        for number, body in enumerate((f"COPY far FROM '{path}';", "TRUNCATE near, public.far;", "TRUNCATE parted;")):
            if number > 0 and self.cluster.major < 14:
                continue  # it refuses TRUNCATE of foreign tables
            with self.subTest(body):
                self.write(_002_b=body + "\nCREATE TABLE done (id integer PRIMARY KEY);")
                self.compile(quiet=False)
                self.assertEqual(self.migration()["foreign_rows"], [1])
                self.assertEqual(self.far_rows(), before)

    def test_by_other_words(self):
        """What is planned must not be run in another way."""
        before = self.far_rows()
        for body in ("PREPARE p AS DELETE FROM far;\nEXECUTE p;", f"COPY (DELETE FROM far RETURNING n) TO '{self.work}/x';", "EXPLAIN ANALYZE DELETE FROM far;",
                     "DO $$ BEGIN END $$;\nTRUNCATE far;" if self.cluster.major >= 14 else "DELETE FROM shown;"):
            with self.subTest(body):
                self.write(_002_b=body + "\nCREATE TABLE done (id integer PRIMARY KEY);")
                self.compile(quiet=False)
                self.assertEqual(len(self.migration()["foreign_rows"]), 1)
                self.assertEqual(self.far_rows(), before)
        for body in ("CREATE TABLE x AS WITH g AS (DELETE FROM far RETURNING n) SELECT * FROM g;", "WITH g AS (DELETE FROM far RETURNING n) SELECT * INTO x FROM g;"):
            with self.subTest(body):
                self.write(_002_b=body)
                self.assertIn("[foreign-rows-beside]", self.try_compile().require(executor.SQL_FAILED).stderr)
                self.assertEqual(self.far_rows(), before)

    @unittest.skipIf(postgres.DEFAULT_MAJOR < 18, "syntax of 18")
    def test_what_the_parser_does_not_know(self):
        before = self.far_rows()
        self.write(_002_b="DELETE FROM far RETURNING WITH (OLD AS o) o.n;\nCREATE TABLE done (id integer PRIMARY KEY);")
        self.compile(quiet=False)
        self.assertEqual((self.migration()["foreign_rows"], self.far_rows()), ([1], before))

    def test_what_stays_here_is_done(self):
        """Rows of a parent itself, and of partitions that are not foreign."""
        self.write(_002_b="""INSERT INTO both_of_them VALUES (1, 'here');
DELETE FROM ONLY both_of_them WHERE n = 2;
INSERT INTO parted_near VALUES (5);
UPDATE parted SET who = 'x' WHERE n = 5;
ALTER TABLE parted_near ALTER who SET NOT NULL;
CREATE TABLE done AS SELECT n FROM both_of_them;
DO $$ BEGIN ASSERT (SELECT n FROM ONLY both_of_them) = 1; ASSERT (SELECT who FROM parted_near) = 'x'; END $$;""")
        self.compile(quiet=False)
        self.assertNotIn("foreign_rows", self.migration())

    def test_a_schema_that_a_role_may_not_use(self):
        self.write(_002_b="""CREATE SCHEMA hidden;
ALTER FOREIGN TABLE far SET SCHEMA hidden;
GRANT DELETE, SELECT ON shown TO app;
SET LOCAL ROLE app;
DELETE FROM shown;""")
        before = self.far_rows()
        self.compile(quiet=False, roles=["app"])
        self.assertEqual((self.migration()["foreign_rows"], self.far_rows()), ([5], before))

    def test_without_a_transaction(self):
        before = self.far_rows()
        self.write(_002_b=NO_TRANSACTION + "DELETE FROM far;")
        self.probe("002_b", "SELECT NOT EXISTS (SELECT FROM far)")
        done = self.try_compile().require(executor.SQL_FAILED)
        self.assertIn("[-Wforeign-rows]", done.stderr)
        self.assertIn("[probe-fails]\n  hint: what changes rows of foreign tables was only planned here", done.stderr)
        self.assertEqual(self.far_rows(), before)

    def test_errors_stand_at_their_place(self):
        self.write(_002_b="INSERT INTO far\n  SELECT missing FROM near;")
        self.assertIn('002_b.sql:3:10: error: column "missing" does not exist [42703]', self.try_compile().require(executor.SQL_FAILED).stderr)


if __name__ == "__main__":
    unittest.main()
