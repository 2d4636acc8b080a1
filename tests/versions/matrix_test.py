# SPDX-License-Identifier: Apache-2.0
"""A plan that was compiled on one major version locates databases on every other, at each k of a history.

The history is compiled on servers of all majors. On each of them the files are run by psql; after every file `status`
is asked with each plan. At the end the newest file's database is verified, and at the middle apply goes to the end.

PGRATCHET_EXECUTOR       the program
PGRATCHET_TEST_SERVERS   where servers of other majors are, or are installed from npm
PGRATCHET_MATRIX_COUNT   files of the generated histories (30)
PGRATCHET_MATRIX_SEED    what they are generated from (31)
"""

import os
import shutil
import sys
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "tests" / "support"))

import executor  # noqa: E402
import histories  # noqa: E402
import postgres  # noqa: E402

MAJORS = [13, 14, 15, 16, 17, 18]
COUNT = int(os.environ.get("PGRATCHET_MATRIX_COUNT", "30"))
SEED = int(os.environ.get("PGRATCHET_MATRIX_SEED", "31"))


class FolderHistory:
    """A folder of hand-written migrations, all of which leave a trace of their own."""

    def __init__(self, directory):
        self.directory, self.probes = directory, directory / "probes"
        self.paths = sorted(directory.glob("*.sql"))
        self.roles = [postgres.REFERENCE_ROLE]

    def located_at(self, k):
        return k


class Matrix(unittest.TestCase):
    """What every history is put through."""
    maxDiff = None

    def setUp(self):
        self.work = Path(tempfile.mkdtemp(prefix="pgr-matrix-"))
        self.addCleanup(shutil.rmtree, self.work, ignore_errors=True)
        self.executor = executor.Executor(environment={"XDG_STATE_HOME": str(self.work / "state")})

    def start(self, majors):
        self.clusters = {major: postgres.Cluster(major) for major in majors}
        for cluster in self.clusters.values():
            cluster.start()
            self.addCleanup(cluster.stop)
            cluster.create_roles([histories.ROLE])

    def check(self, name, history):
        """On all clusters, each with the plans of all."""
        plans = {}
        for major, cluster in self.clusters.items():
            plans[major] = self.work / f"{name}_{major}.json"
            self.executor.compile(history.directory, plans[major], probes=history.probes, roles=history.roles,
                                  shadow_url=cluster.conninfo("postgres")).require()
        with ThreadPoolExecutor(2) as side_by_side:
            for wrong in side_by_side.map(lambda cluster: self.walk(cluster, name, history, plans), self.clusters.values()):
                self.assertEqual(wrong, [])

    def walk(self, cluster, name, history, plans):
        """One database from the first file to the last; what was located wrongly."""
        wrong, url = [], cluster.conninfo(cluster.create_database(name))
        for k in range(len(history.paths) + 1):
            if k:
                cluster.psql_file(name, history.paths[k - 1])
            at = history.located_at(k)
            version = history.paths[at - 1].name.split("_")[0] if at else None
            for major, plan in plans.items():
                found = self.executor.status(plan, url)
                if (found["version"], found["drift"], found["unmanaged"]) != (version, [], []):
                    wrong.append(f"plan of {major}, PostgreSQL {cluster.major}, {name} after {version}: {found}")
            if k == len(history.paths) // 2:
                wrong += self.apply_from(cluster, name, history, plans)
        return wrong

    def apply_from(self, cluster, name, history, plans):
        """From copies of the database to the end, with each plan."""
        wrong, last = [], history.paths[-1].name.split("_")[0]
        for major, plan in plans.items():
            copy = cluster.create_database(f"{name}_{major}", template=name)
            url = cluster.conninfo(copy)
            for done in (self.executor.apply(plan, url), self.executor.verify(plan, url)):
                if done.code != executor.DONE:
                    wrong.append(f"plan of {major}, PostgreSQL {cluster.major}, {copy} to {last}: {done}")
            cluster.drop_database(copy)
        return wrong


class Reference(Matrix):
    def test_reference_schema(self):
        self.start(MAJORS)
        self.check("reference", FolderHistory(PROJECT / "migrations"))


class Generated(Matrix):
    def test_syntax_of_all(self):
        self.start(MAJORS)
        self.check("all", histories.generate(self.work / "all", COUNT, SEED, MAJORS[0]))


class Newer(Matrix):
    def test_syntax_of_the_newer(self):
        """Moves of the generator that only servers from some major on know."""
        for oldest in (14, 15):
            with self.subTest(oldest):
                self.start([major for major in MAJORS if major >= oldest])
                name = f"from_{oldest}"
                self.check(name, histories.generate(self.work / name, COUNT // 2, SEED, oldest))


if __name__ == "__main__":
    unittest.main()
