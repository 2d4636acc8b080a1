# SPDX-License-Identifier: Apache-2.0
"""Statements that commit what they have begun before they are through: DROP INDEX CONCURRENTLY and DETACH PARTITION CONCURRENTLY, cut
off between their transactions. (CREATE INDEX CONCURRENTLY is in indexes_test.py.)"""

import unittest

from faults_support import NO_TRANSACTION, Faults, executor

WAITING = "state = 'active' AND wait_event_type = 'Lock'"
EVENTS = """
CREATE TABLE ev (at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE ev_1 PARTITION OF ev FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE ev_2 PARTITION OF ev FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
"""


class Concurrently(Faults):
    def cut_off(self, database, reads, statement):
        """The run ends with an error of the server while the statement waits for a reader."""
        reader = self.session(database)
        reader.run(f"BEGIN; SELECT FROM {reads};")
        running = self.start("apply", database)
        self.wait_for(database, f"{WAITING} AND query LIKE '{statement}%'")
        self.psql(database, f"SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE {WAITING} AND query LIKE '{statement}%'")
        done = self.finished(running).require(executor.SQL_FAILED)
        reader.run("COMMIT;")
        self.assertIn("[57014]", done.stderr)
        return done

    def assert_partial(self, database, version, statements_done=None):
        found = self.status(database)
        self.assertEqual((found["state"], found["version"], found.get("statements_done")), ("partial", version, statements_done), found)
        return found


class DroppedIndexes(Concurrently):
    BEGINS = "DROP INDEX"
    IS_THERE = "SELECT to_regclass('{}') IS NOT NULL"

    def migrate(self, *statements, **more):
        self.migrations(_001_a="CREATE TABLE a (n integer, m integer);\nCREATE INDEX a_n ON a (n);\nCREATE INDEX a_m ON a (m);",
                        _002_b=NO_TRANSACTION + "".join(f"{one};\n" for one in statements), _003_c="CREATE TABLE c ();", **more)
        database = self.database()
        self.by_psql(database, "001_a")
        return database

    def test_the_only_statement(self):
        database = self.migrate("DROP INDEX CONCURRENTLY a_n")
        done = self.cut_off(database, "a", self.BEGINS)
        self.assertIn("  002 has no transaction: statement 1 of 1 failed, and what it had begun may stay; test was at 001\n", done.stderr)
        self.assertIn("  hint: the next run goes on with this statement\n", done.stderr)
        found = self.assert_partial(database, "001")
        self.assertEqual(found["drift"], [{"kind": "index", "identity": "public.a_n", "expected": "present", "actual": None}])
        self.assertEqual(found["missing"], [{"kind": "invalid index", "identity": "public.a_n", "expected": None, "actual": "present"}])
        self.assertEqual(found["unmanaged"], [])
        self.assertIn("applied 002_b.sql", self.apply(database).stderr)
        self.assertEqual(self.psql(database, self.IS_THERE.format("a_n")), "f")
        self.assert_goes_on(database, "003")

    def test_one_of_several(self):
        database = self.migrate("DROP INDEX CONCURRENTLY a_n", "VACUUM a", "DROP INDEX CONCURRENTLY a_m", "CREATE INDEX CONCURRENTLY a_mn ON a (m, n)")
        self.psql(database, "DROP INDEX a_n")
        self.cut_off(database, "a", self.BEGINS)
        self.assert_partial(database, "001", 2)
        self.apply(database)
        self.assertEqual(self.psql(database, "SELECT string_agg(relname, ' ') FROM pg_class WHERE relname ~ '^a_'"), "a_mn")
        self.assert_goes_on(database, "003")

    def test_one_that_is_made_anew(self):
        database = self.migrate("DROP INDEX CONCURRENTLY a_n", "CREATE INDEX CONCURRENTLY a_n ON a (n, m)")
        self.cut_off(database, "a", self.BEGINS)
        self.assert_partial(database, "001")
        self.apply(database)
        self.assertIn("(n, m)", self.psql(database, "SELECT pg_get_indexdef('a_n'::regclass)"))
        self.assert_goes_on(database, "003")

    def test_by_hand_and_passed_over(self):
        """What comes behind it has landed: the index is nobody's by now, and stands in nobody's way."""
        database = self.migrate("DROP INDEX CONCURRENTLY a_n", "CREATE INDEX CONCURRENTLY a_mn ON a (m, n)")
        reader, dropper = self.session(database), self.session(database)
        reader.run("BEGIN; SELECT FROM a;")
        dropper.begin("DROP INDEX CONCURRENTLY a_n;")
        waiting = f"FROM pg_stat_activity WHERE {WAITING} AND query LIKE 'DROP%'"
        self.wait_until(database, f"SELECT EXISTS (SELECT {waiting})")
        self.psql(database, f"SELECT pg_cancel_backend(pid) {waiting}")
        dropper.end()
        reader.run("COMMIT;")
        self.assert_partial(database, "001")
        self.psql(database, "CREATE INDEX a_mn ON a (m, n)")
        found = self.assert_at(database, "002")
        self.assertEqual([one["kind"] for one in found["unmanaged"]], ["invalid index"])
        self.assert_goes_on(database, "002")


class DetachedPartitions(Concurrently):
    BEGINS = "ALTER TABLE"

    def setUp(self):
        if self.cluster.major < 14:
            self.skipTest("PostgreSQL 13 has no DETACH PARTITION CONCURRENTLY")
        super().setUp()

    def migrate(self, *statements):
        self.migrations(_001_ev=EVENTS, _002_detach=NO_TRANSACTION + "".join(f"{one};\n" for one in statements), _003_c="CREATE TABLE c ();")
        database = self.database()
        self.by_psql(database, "001_ev")
        return database

    def test_it_is_finalized(self):
        database = self.migrate("ALTER TABLE ev DETACH PARTITION ev_1 CONCURRENTLY")
        done = self.cut_off(database, "ev", self.BEGINS)
        self.assertIn("  002 has no transaction: statement 1 of 1 failed, and what it had begun may stay; test was at 001\n", done.stderr)
        self.assert_partial(database, "001")
        done = self.apply(database)
        self.assertIn("002_detach.sql:2:1: note: public.ev_1 is half detached from public.ev by a cut-off run: FINALIZE ends that [finalized]\n", done.stderr)
        self.assertEqual(self.psql(database, "SELECT relispartition FROM pg_class WHERE relname = 'ev_1'"), "f")
        self.assert_goes_on(database, "003")

    def test_with_names_that_need_quotes(self):
        self.migrations(_001_ev='CREATE SCHEMA "S x";\nCREATE TABLE "S x"."E v" (at date NOT NULL) PARTITION BY RANGE (at);\n'
                                'CREATE TABLE "E""1" PARTITION OF "S x"."E v" FOR VALUES FROM (\'2024-01-01\') TO (\'2025-01-01\');',
                        _002_detach=NO_TRANSACTION + 'ALTER TABLE "S x"."E v" DETACH PARTITION "E""1" CONCURRENTLY;\n')
        database = self.database()
        self.by_psql(database, "001_ev")
        self.cut_off(database, '"S x"."E v"', self.BEGINS)
        self.apply(database)
        self.assert_goes_on(database, "002", newest="002")

    def test_the_second_of_two(self):
        database = self.migrate("ALTER TABLE ev DETACH PARTITION ev_1 CONCURRENTLY", "ALTER TABLE ev DETACH PARTITION ev_2 CONCURRENTLY")
        self.psql(database, "ALTER TABLE ev DETACH PARTITION ev_1 CONCURRENTLY")
        done = self.cut_off(database, "ev", self.BEGINS)
        self.assertIn("statement 2 of 2 failed, and what it had begun may stay, those before it stay; test is between 001 and 002\n", done.stderr)
        self.assert_partial(database, "001", 1)
        self.apply(database)
        self.assert_goes_on(database, "003")


if __name__ == "__main__":
    unittest.main()
