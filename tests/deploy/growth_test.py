# SPDX-License-Identifier: Apache-2.0
"""The cost of a migration goes with what it changes, and not with what is there: counted in what the server read for it."""

import shutil
import sys
import unittest

from deploy_support import PROJECT, Deployment, postgres

sys.path.insert(0, str(PROJECT / "tests" / "bench"))

import migrations  # noqa: E402

ROWS_READ = """
SELECT relname, seq_tup_read FROM pg_stat_sys_tables WHERE schemaname = 'pg_catalog'
UNION ALL
SELECT indexrelname, idx_tup_read FROM pg_stat_sys_indexes WHERE schemaname = 'pg_catalog' AND indexrelname NOT LIKE 'pg_statistic%'
"""
TOO_FEW_TO_TELL = 2000
BLOCKS_READ = "SELECT sum(shared_blks_hit + shared_blks_read) FROM pg_stat_statements WHERE query LIKE '%pgratchet_shadow.step%'"


class Growth(Deployment):
    @classmethod
    def setUpClass(cls):
        cls.cluster = postgres.Cluster(settings={"shared_preload_libraries": "pg_stat_statements"})
        cls.cluster.start()
        cls.addClassCleanup(cls.cluster.stop)
        cls.cluster.psql("postgres", "CREATE EXTENSION pg_stat_statements")

    def generate(self, count):
        self.folder = migrations.generate(self.work / f"migrations-{count}", count)

    def rows_read(self, count):
        """By the catalog, or its index, that they were read from."""
        self.generate(count)
        self.compile(quiet=False)
        database = self.database(f"growth_{count}")
        self.apply(database)
        found = dict(line.split("|") for line in self.psql(database, ROWS_READ).splitlines())
        return {name: int(rows) for name, rows in found.items()}

    def blocks_read(self, count):
        """By the looks at what the statements of a compile did."""
        self.generate(count)
        self.psql("postgres", "SELECT pg_stat_statements_reset()")
        self.compile(quiet=False)
        return int(self.psql("postgres", BLOCKS_READ))

    def questions_asked(self, count):
        """Of probes: each in a transaction that is rolled back. Half of their tables are there from the start."""
        self.folder = self.work / f"migrations-{count}"
        self.folder.mkdir()
        table = "CREATE TABLE t{} (n integer PRIMARY KEY);"
        self.write(_001_all="\n".join(table.format(k) for k in range(1, count + 1, 2)))
        for k in range(2, count + 1):
            self.write(**{f"{k:03d}_t": f"{'' if k % 2 else table.format(k)}\nINSERT INTO t{k} VALUES ({k});\nCREATE TABLE more{k} (n integer PRIMARY KEY);"})
            self.probe(f"{k:03d}_t", f"SELECT EXISTS (SELECT FROM t{k} WHERE n = {k})")
        self.psql("postgres", "SELECT pg_stat_statements_reset()")
        self.compile(quiet=False)
        shutil.rmtree(self.probes)
        return int(self.psql("postgres", "SELECT sum(calls) FROM pg_stat_statements WHERE query = 'ROLLBACK'"))

    def test_twice_the_probes_are_asked_twice_as_often(self):
        few, many = self.questions_asked(20), self.questions_asked(40)
        self.assertGreater(few, 20)
        self.assertLess(many, 2.4 * few)

    def test_compile_of_twice_the_files_reads_twice_the_blocks(self):
        few, many = self.blocks_read(100), self.blocks_read(200)
        self.assertGreater(few, TOO_FEW_TO_TELL)
        self.assertLess(many, 2.4 * few)

    def test_apply_of_twice_the_files_reads_twice_the_rows(self):
        few, many = self.rows_read(100), self.rows_read(200)
        told = [name for name, rows in many.items() if rows > TOO_FEW_TO_TELL]
        self.assertIn("pg_attribute_relid_attnum_index", told)
        self.assertEqual({name: (few[name], many[name]) for name in told if many[name] > 3 * max(few[name], TOO_FEW_TO_TELL / 4)}, {})


if __name__ == "__main__":
    unittest.main(verbosity=2)
