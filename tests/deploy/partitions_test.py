# SPDX-License-Identifier: Apache-2.0
"""Partitioned tables as they are kept in production: indexes that are attached bit by bit, partitions that are detached and dropped
later. (Partitions that jobs make are in healthy_test.)"""

import unittest

from deploy_support import NO_TRANSACTION, Deployment, executor

EVENTS = """
CREATE TABLE ev (id bigint, at date NOT NULL, k text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE ev_2024 PARTITION OF ev FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE ev_2025 PARTITION OF ev FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
"""
BIT_BY_BIT = ["CREATE INDEX ev_k ON ONLY ev (k);", "CREATE INDEX CONCURRENTLY ev_2024_k ON ev_2024 (k);", "ALTER INDEX ev_k ATTACH PARTITION ev_2024_k;",
              "CREATE INDEX CONCURRENTLY ev_2025_k ON ev_2025 (k);", "ALTER INDEX ev_k ATTACH PARTITION ev_2025_k;"]
IS_VALID = "SELECT indisvalid FROM pg_index WHERE indexrelid = '{}'::regclass"


class Attached(Deployment):
    """An index on a partitioned table is not there until one of each partition is attached to it."""

    def test_a_constraint_in_files_of_their_own(self):
        self.write(_001_ev=EVENTS, _002_only="ALTER TABLE ONLY ev ADD CONSTRAINT ev_u UNIQUE (k, at);",
                        _003_build=NO_TRANSACTION + "CREATE UNIQUE INDEX CONCURRENTLY u4 ON ev_2024 (k, at);\nCREATE UNIQUE INDEX CONCURRENTLY u5 ON ev_2025 (k, at);\n",
                        _004_attach="".join(f"ALTER TABLE ev_{y} ADD CONSTRAINT ev_{y}_u UNIQUE USING INDEX u{y % 10};\nALTER INDEX ev_u ATTACH PARTITION ev_{y}_u;\n"
                                            for y in (2024, 2025)))
        self.compile(quiet=False)
        database = self.database()
        for version in ("001", "002", "003"):
            self.apply(database, to=version)
            self.assert_at(database, version, drift=[])
        self.assertEqual(self.psql(database, IS_VALID.format("ev_u")), "f")
        self.apply(database)
        self.assertEqual(self.psql(database, IS_VALID.format("ev_u")), "t")
        self.assert_at(database, "004", drift=[])
        self.apply(self.database("_at_once"))

    def test_an_index_in_one_file_that_is_cut_off_anywhere(self):
        self.migrations(_001_ev=EVENTS, _002_k=NO_TRANSACTION + "\n".join(BIT_BY_BIT) + "\n")
        for done in range(1, len(BIT_BY_BIT)):
            with self.subTest(statements=done):
                database = self.database(f"_{done}")
                self.by_psql(database, "001_ev")
                for statement in BIT_BY_BIT[:done]:
                    self.psql(database, statement)
                found = self.status(database)
                self.assertEqual((found["state"], found["version"], found.get("statements_done")), ("partial", "001", done), found)
                self.apply(database)
                self.assertEqual(self.psql(database, IS_VALID.format("ev_k")), "t")
                self.assert_at(database, "002", drift=[])

    def test_a_job_needs_a_partitioned_table(self):
        self.write(_001_ev="CREATE TABLE ev (at date NOT NULL) PARTITION BY RANGE (at);\nCREATE TABLE plain ();")
        for name in ("ev", "public.evs", "public.plain"):
            with self.subTest(name):
                done = self.try_compile("--job-managed-partitions", name).require(1)
                self.assertEqual(done.stderr.splitlines()[-2:], [
                    f"pgratchet: error: compile: --job-managed-partitions is '{name}', and no migration makes a partitioned table of that name",
                    "pgratchet: hint: write it as the server does, with its schema: 'public.events'"])

    def test_partitions_of_a_job_are_its_own_business(self):
        """What it made has no index yet: whether it gets one does not stand in the way of what comes next."""
        self.write(_001_ev="CREATE TABLE ev (at date NOT NULL, k text) PARTITION BY RANGE (at);", _002_only="CREATE INDEX ev_k ON ONLY ev (k);",
                   _003_more="CREATE TABLE more ();")
        self.compile("--job-managed-partitions", "public.ev")
        database = self.database()
        self.by_psql(database, "001_ev")
        self.psql(database, "CREATE TABLE ev_1 PARTITION OF ev FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')")
        self.apply(database, to="002")
        self.assertEqual(self.psql(database, IS_VALID.format("ev_k")), "f")
        self.assert_at(database, "002", drift=[])
        self.apply(database)
        self.assert_at(database, "003", drift=[])


class Detached(Deployment):
    """A partition that is detached, and dropped by a later file: the plan does not change for that which went before."""

    def the_same_before_and_after(self, detach, **more):
        self.write(_001_ev=EVENTS, _002_detach=detach, **more)
        self.compile()
        database = self.database()
        self.apply(database)
        version = "003" if more else "002"
        self.assert_at(database, version, drift=[])
        following = f"{int(version) + 1:03d}"
        self.migrations(**{f"_{following}_drop": "DROP TABLE ev_2024;"})
        self.assert_at(database, version, drift=[], pending=[following])
        self.apply(database)
        self.assert_at(database, following, drift=[])
        self.apply(self.database("_new"))

    def test_by_a_statement(self):
        self.the_same_before_and_after("ALTER TABLE ev DETACH PARTITION ev_2024;")

    def test_with_all_names_quoted(self):
        self.the_same_before_and_after("SET quote_all_identifiers = on;\nALTER TABLE ev DETACH PARTITION ev_2024;")

    def test_in_a_block(self):
        self.the_same_before_and_after("CREATE TABLE b ();\nDO $$ BEGIN EXECUTE 'ALTER TABLE ev DETACH PARTITION ev_2024'; END $$;")

    def test_concurrently(self):
        if self.cluster.major < 14:
            self.skipTest("PostgreSQL 13 has no DETACH PARTITION CONCURRENTLY")
        self.the_same_before_and_after(NO_TRANSACTION + "ALTER TABLE ev DETACH PARTITION ev_2024 CONCURRENTLY;\n")

    def test_beside_one_that_is_made(self):
        self.the_same_before_and_after("CREATE TABLE ev_2026 PARTITION OF ev FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');\nALTER TABLE ev DETACH PARTITION ev_2024;",
                                       _003_more="CREATE TABLE more ();")


class OfATypeOrAParent(Deployment):
    """What changes with a type or a parent, and is dropped by a later file."""

    def test_typed_table(self):
        self.migrations(_001_a="CREATE TYPE ty AS (a integer);\nCREATE TABLE t OF ty;", _002_b="ALTER TYPE ty ADD ATTRIBUTE b text CASCADE;",
                        _003_c="DROP TABLE t;")
        database = self.database()
        for version in ("001", "002", "003"):
            self.apply(database, to=version)
            self.assert_at(database, version, drift=[])

    def test_child(self):
        self.migrations(_001_a="CREATE TABLE p (a integer);\nCREATE TABLE c () INHERITS (p);", _002_b="ALTER TABLE p ADD b text;\nALTER TABLE p ALTER a SET NOT NULL;",
                        _003_c="DROP TABLE c;")
        database = self.database()
        for version in ("001", "002", "003"):
            self.apply(database, to=version)
            self.assert_at(database, version, drift=[])


class MadeByHandOnAParent(Deployment):
    """It is passed on to new children, and stays with a partition that is detached."""
    INDEX, CHECK, FOREIGN_KEY = "CREATE INDEX by_hand ON ev (k)", "ALTER TABLE ev ADD CONSTRAINT by_hand CHECK (id > 0)", "ALTER TABLE ev ADD CONSTRAINT by_hand FOREIGN KEY (id) REFERENCES other"
    COLUMN = "ALTER TABLE {} ADD by_hand integer"
    CASES = [("ALTER TABLE ev DETACH PARTITION ev_2024;", [INDEX, CHECK, FOREIGN_KEY]),
             (NO_TRANSACTION + "ALTER TABLE ev DETACH PARTITION ev_2024 CONCURRENTLY;\n", [INDEX]),
             ("CREATE TABLE ev_2026 PARTITION OF ev FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');", [INDEX, CHECK, COLUMN.format("ev")]),
             ("ALTER TABLE ev_2023 DETACH PARTITION ev_2023_h1;", [INDEX, CHECK]),
             ("CREATE TABLE child () INHERITS (parent);", [COLUMN.format("parent")]),
             ('CREATE TABLE child () INHERITS (parent, "x,,y");', [COLUMN.format('"x,,y"')])]
    BEFORE = EVENTS + """CREATE TABLE ev_2023 PARTITION OF ev FOR VALUES FROM ('2023-01-01') TO ('2024-01-01') PARTITION BY RANGE (at);
CREATE TABLE ev_2023_h1 PARTITION OF ev_2023 FOR VALUES FROM ('2023-01-01') TO ('2023-07-01');
CREATE TABLE other (id bigint PRIMARY KEY); CREATE TABLE parent (id integer); CREATE TABLE "x,,y" (n integer);"""

    def test_it_is_not_in_the_way(self):
        for number, (work, all_by_hand) in enumerate(self.CASES):
            if self.cluster.major < 14 and "CONCURRENTLY" in work:
                continue
            self.migrations(_001_a=self.BEFORE, _002_b=work, _003_c="CREATE TABLE more ();")
            for place, by_hand in enumerate(all_by_hand):
                with self.subTest(work, by_hand=by_hand):
                    database = self.database(f"{number}_{place}")
                    self.apply(database, to="001")
                    self.psql(database, by_hand)
                    self.apply(database)
                    self.assert_at(database, "003", drift=[])

    def test_a_parent_whose_name_is_a_key_word(self):
        """Names of parents are read with quotes, identities are without them."""
        self.migrations(_001_a='CREATE TABLE "order" (id bigint, at date NOT NULL) PARTITION BY RANGE (at);\nCREATE TABLE "user" (id bigint);',
                        _002_b="CREATE TABLE order_2026 PARTITION OF \"order\" FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');\nCREATE TABLE child () INHERITS (\"user\");")
        database = self.database()
        self.apply(database, to="001")
        self.psql(database, """ALTER TABLE "order" ADD by_hand integer; ALTER TABLE "user" ADD by_hand integer""")
        self.apply(database)
        self.assert_at(database, "002", drift=[])

    def test_job_managed_partitions_of_a_key_word(self):
        self.write(_001_a='CREATE TABLE "order" (id bigint, at date NOT NULL) PARTITION BY RANGE (at);\n'
                          "CREATE TABLE order_2026 PARTITION OF \"order\" FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');")
        self.try_compile("--job-managed-partitions", "public.order").require()
        database = self.database()
        self.apply(database)
        self.psql(database, "DROP TABLE order_2026")
        self.assert_at(database, "001", drift=[])

    def test_what_the_migration_adds_itself_is_still_told(self):
        self.migrations(_001_a=self.BEFORE, _002_b="ALTER TABLE ev DETACH PARTITION ev_2024;\nDO $$ BEGIN IF EXISTS (SELECT FROM other) THEN\n"
                        "ALTER TABLE ev_2024 ADD CONSTRAINT extra CHECK (id > 1); CREATE INDEX extra ON ev_2024 (id); END IF; END $$;")
        database = self.database()
        self.apply(database, to="001")
        self.psql(database, f"{self.CHECK}; {self.INDEX}; INSERT INTO other VALUES (1)")
        said = self.apply(database, code=executor.SQL_FAILED).stderr
        for one in ("index public.extra", "table constraint extra on public.ev_2024"):
            self.assertIn(f"  {one}: appeared, and the migration does not make it\n", said)
        self.assertNotIn("by_hand", said)


if __name__ == "__main__":
    unittest.main()
