# SPDX-License-Identifier: Apache-2.0
"""A plan locates databases that are not like the shadow: on another major version, and after pg_dump and a restore.

The plan is compiled on the installed server. At each k of a history the files are run by psql on servers of other
majors, and at a sample of k the database is dumped and restored into a new one, twice in a row: `status` answers k on all.

PGRATCHET_EXECUTOR       the program
PGRATCHET_TEST_SERVERS   where servers of other majors are, or are installed from npm
PGRATCHET_TEST_MAJORS    which (13,18)
PGRATCHET_ORACLE_COUNT   files of the generated history (60)
"""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "tests" / "support"))

import executor  # noqa: E402
import histories  # noqa: E402
import postgres  # noqa: E402

COUNT = int(os.environ.get("PGRATCHET_ORACLE_COUNT", "60"))
MAJORS = [int(m) for m in os.environ.get("PGRATCHET_TEST_MAJORS", "13,18").split(",")]
OLDEST_WITH_ALL_SYNTAX = 13


class Elsewhere(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.work = Path(tempfile.mkdtemp(prefix="pgr-elsewhere-"))
        cls.work.chmod(0o755)  # as root the shadow runs as another user
        cls.addClassCleanup(shutil.rmtree, cls.work, ignore_errors=True)
        cls.executor = executor.Executor()
        cls.history = histories.generate(cls.work / "migrations", COUNT, 21, OLDEST_WITH_ALL_SYNTAX)
        cls.plan = cls.work / "plan.json"
        cls.executor.compile(cls.history.directory, cls.plan, data_dir=cls.work / "shadow", probes=cls.history.probes,
                             roles=cls.history.roles).require()

    def assert_located(self, cluster, database, k, what):
        status = self.executor.status(self.plan, cluster.conninfo(database))
        at = self.history.located_at(k)
        version = self.history.paths[at - 1].name.split("_")[0] if at else None
        self.assertEqual((status["version"], status["drift"]), (version, []), f"{what}: {status}")

    def start(self, major=None):
        cluster = postgres.Cluster(major)
        cluster.start()
        self.addCleanup(cluster.stop)
        cluster.create_roles([histories.ROLE])
        cluster.create_database("by_hand")
        return cluster

    def test_other_majors(self):
        for major in MAJORS:
            with self.subTest(major=major):
                cluster = self.start(major)
                for k, path in enumerate(self.history.paths, start=1):
                    cluster.psql_file("by_hand", path)
                    self.assert_located(cluster, "by_hand", k, f"PostgreSQL {major} after {path.name}")

    def test_after_a_restore(self):
        cluster = self.start()
        for k, path in enumerate(self.history.paths, start=1):
            cluster.psql_file("by_hand", path)
            if k % 6 == 0 or k == len(self.history.paths):
                source = "by_hand"
                for turn in ("restored", "restored twice"):
                    copy = turn.replace(" ", "_")
                    cluster.create_database(copy)
                    self.copy(cluster, source, copy)
                    self.assert_located(cluster, copy, k, f"{turn} after {path.name}")
                    source = copy
                for copy in ("restored", "restored_twice"):
                    cluster.drop_database(copy)

    def copy(self, cluster, source, target):
        archive = self.work / "copy.dump"
        subprocess.run([str(cluster.pg_dump()), "--format=custom", f"--file={archive}", f"--dbname={cluster.conninfo(source)}"], check=True)
        subprocess.run([str(cluster.pg_dump().parent / "pg_restore"), "--exit-on-error", f"--dbname={cluster.conninfo(target)}", str(archive)],
                       check=True)


if __name__ == "__main__":
    unittest.main()
