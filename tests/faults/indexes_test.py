# SPDX-License-Identifier: Apache-2.0
"""CREATE INDEX CONCURRENTLY with others around: a second deployer, and somebody who builds the same index right now. That it is cut
off, and goes on, is in deploy/locks (WithoutTransaction) and interrupted_test.py."""

import unittest

from faults_support import NO_TRANSACTION, Faults, executor

BUILDING = "query LIKE 'CREATE INDEX%' AND wait_event_type = 'Lock'"
VALID = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('a_n')"


class Indexes(Faults):
    def setUp(self):
        super().setUp()
        self.migrations(_001_a="CREATE TABLE a (n integer);", _002_b=NO_TRANSACTION + "CREATE INDEX CONCURRENTLY a_n ON a (n);\n", _003_c="CREATE TABLE c ();")
        self.name = self.database()
        self.by_psql(self.name, "001_a")

    def test_a_second_deployer_while_one_builds(self):
        """No deadlock: the second waits without a transaction, which the build would wait for."""
        reader = self.session(self.name)
        reader.run("BEGIN; INSERT INTO a VALUES (1);")
        first = self.start("apply", self.name)
        self.wait_for(self.name, BUILDING)
        second = self.start("apply", self.name)
        self.assertIn("waiting for another deployer: pgratchet apply, process ", second.stderr.readline())
        reader.run("COMMIT;")
        self.assertIn("applied 002_b.sql", self.finished(first).require(executor.DONE).stderr)
        self.assertIn("test is at 003, nothing is pending", self.finished(second).require(executor.DONE).stderr)
        self.assertEqual(self.psql(self.name, VALID), "t")
        self.assert_goes_on(self.name, "003")

    def test_somebody_is_building_it(self):
        """It looks like one that was cut off, and is left alone."""
        reader, builder = self.session(self.name), self.session(self.name)
        reader.run("BEGIN; INSERT INTO a VALUES (1);")
        builder.begin("CREATE INDEX CONCURRENTLY a_n ON a (n);")
        self.wait_until(self.name, "SELECT EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass('a_n') AND NOT indisvalid)")
        done = self.apply(self.name, "--lock-timeout", "200ms", code=executor.LOCKED)
        self.assertIn("index public.a_n is invalid, and somebody is building it right now", done.stderr)
        self.assertIn("hint: run it again when that is done", done.stderr)
        self.assertEqual(self.psql(self.name, VALID), "f")
        self.assertEqual(self.psql(self.name, "SELECT count(*) FROM pg_stat_progress_create_index"), "1")
        reader.run("COMMIT;")
        self.assertEqual(builder.end(), [])
        self.assertEqual(self.psql(self.name, VALID), "t")
        self.assert_goes_on(self.name, "002")

    def test_one_of_a_materialized_view(self):
        """LOCK TABLE does not take one."""
        self.migrations(_001_a="CREATE TABLE a (n integer);\nCREATE MATERIALIZED VIEW m AS SELECT n FROM a;",
                        _002_b=NO_TRANSACTION + "CREATE INDEX CONCURRENTLY a_n ON m (n);\n", _003_c="CREATE TABLE c ();")
        self.psql(self.name, "DROP TABLE a")
        self.by_psql(self.name, "001_a")
        reader, builder = self.session(self.name), self.session(self.name)
        reader.run("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM m;")
        builder.begin("CREATE INDEX CONCURRENTLY a_n ON m (n);")
        self.wait_until(self.name, "SELECT EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass('a_n') AND NOT indisvalid)")
        self.assertIn("somebody is building it right now", self.apply(self.name, "--lock-timeout", "200ms", code=executor.LOCKED).stderr)
        self.psql(self.name, f"SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE {BUILDING}")
        builder.end()
        reader.run("COMMIT;")
        self.assertEqual(self.psql(self.name, VALID), "f")
        self.assertIn("dropped the invalid index public.a_n", self.apply(self.name).stderr)
        self.assert_goes_on(self.name, "003")

    def test_one_that_was_cut_off_by_hand(self):
        reader, builder = self.session(self.name), self.session(self.name)
        reader.run("BEGIN; INSERT INTO a VALUES (1);")
        builder.begin("CREATE INDEX CONCURRENTLY a_n ON a (n);")
        waiting = "FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX%' AND wait_event_type = 'Lock'"
        self.wait_until(self.name, f"SELECT EXISTS (SELECT {waiting})")
        self.psql(self.name, f"SELECT pg_cancel_backend(pid) {waiting}")
        builder.end()
        reader.run("COMMIT;")
        self.assertEqual(self.psql(self.name, VALID), "f")
        self.assert_at(self.name, "001")
        self.assertIn("dropped the invalid index public.a_n that a cut-off run left behind", self.apply(self.name).stderr)
        self.assertEqual(self.psql(self.name, VALID), "t")
        self.assert_goes_on(self.name, "003")

    def test_an_invalid_one_of_another_table(self):
        """It may be what keeps that table's new rows unique: it is nobody else's to drop."""
        self.psql(self.name, "CREATE TABLE other (n integer); INSERT INTO other VALUES (1), (1)")
        with self.assertRaises(Exception):
            self.psql(self.name, "CREATE UNIQUE INDEX CONCURRENTLY a_n ON other (n)")
        done = self.apply(self.name, code=executor.SQL_FAILED)
        self.assertIn('relation "a_n" already exists', done.stderr)
        self.assertEqual(self.psql(self.name, "SELECT indrelid::regclass FROM pg_index WHERE indexrelid = 'a_n'::regclass"), "other")
        self.psql(self.name, "DROP INDEX a_n")
        self.assert_goes_on(self.name)


if __name__ == "__main__":
    unittest.main()
