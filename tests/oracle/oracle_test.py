# SPDX-License-Identifier: Apache-2.0
"""The oracle: for each prefix k of a history, the database that pgratchet built and the one that `psql -f` built are the same.

Carried along file by file: database A (`pgratchet apply --to k`) and database B (psql). At each k
  - schema and rows of both dumps are equal,
  - `pgratchet status` answers k on both,
  - a second apply does nothing;
and from a copy of B at k, for each k of a short history and a sample of a long one, apply to the end gives the last dump.

PGRATCHET_EXECUTOR            the program
PGRATCHET_TEST_MAJOR          the server's major version (15)
PGRATCHET_ORACLE_COUNT        files of a generated history (60)
PGRATCHET_ORACLE_SEEDS        how many seeds Generated.test_more tries on top of the three (0)
PGRATCHET_ORACLE_SAMPLE       from how many k apply goes to the end (8)
PGRATCHET_TEST_NO_SKIP=1      a real history that cannot be fetched is a failure
PGRATCHET_TEST_KEEP=FOLDER    keeps generated files and plans there
"""

import os
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "tests" / "support"))

import executor  # noqa: E402
import histories  # noqa: E402
import postgres  # noqa: E402
import real_histories  # noqa: E402

COUNT = int(os.environ.get("PGRATCHET_ORACLE_COUNT", "60"))
MORE_SEEDS = int(os.environ.get("PGRATCHET_ORACLE_SEEDS", "0"))
SAMPLE = int(os.environ.get("PGRATCHET_ORACLE_SAMPLE", "8"))


class FolderHistory:
    """A folder of hand-written migrations, all of which leave a trace of their own."""
    mask_moments, same_as = False, {}

    def __init__(self, directory, roles=()):
        self.directory, self.roles = Path(directory), list(roles)
        self.probes = self.directory / "probes"
        self.paths = sorted(self.directory.glob("*.sql"))

    def located_at(self, k):
        return k


class Oracle(unittest.TestCase):
    """What every history is put through."""
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.cluster = postgres.Cluster()
        cls.cluster.start()
        cls.addClassCleanup(cls.cluster.stop)
        cls.cluster.create_roles([histories.ROLE])

    def setUp(self):
        self.executor = executor.Executor()
        keep = os.environ.get("PGRATCHET_TEST_KEEP")
        if keep:
            self.work = Path(keep) / self.id().split(".", 1)[-1]
            shutil.rmtree(self.work, ignore_errors=True)
            self.work.mkdir(parents=True)
        else:
            self.work = Path(tempfile.mkdtemp(prefix="pgr-oracle-"))
            self.addCleanup(shutil.rmtree, self.work, ignore_errors=True)
        self.work.chmod(0o755)  # as root the shadow runs as another user
        self.plan = self.work / "plan.json"

    # ---- The pieces ----

    def compile(self, history):
        bindir = self.cluster.bindir
        self.executor.compile(history.directory, self.plan, data_dir=self.work / "shadow", probes=history.probes,
                              roles=history.roles, bindir=bindir).require()

    def database(self, name, template="template0"):
        self.cluster.create_database(name, template)
        self.addCleanup(self.cluster.drop_database, name)
        return name

    def dump(self, history, database):
        return self.cluster.dump(database, getattr(history, "mask_moments", False))

    def assert_same(self, mine, reference, what):
        if mine != reference:
            self.fail(f"{what}: pgratchet (-) and psql (+) differ\n{mine.differences(reference)}".replace("\x00", ""))

    def version(self, history, k):
        return history.paths[k - 1].name.split("_")[0] if k else None

    def assert_located(self, history, database, k):
        status = self.executor.status(self.plan, self.cluster.conninfo(database))
        at = history.located_at(k)
        self.assertEqual((status["version"], status["state"], status["drift"]),
                         (self.version(history, at), "applied" if at else "empty", []),
                         f"{database} with {k} files of {history.directory}: {status}")
        self.assertEqual(len(status["pending"]), len(history.paths) - at, f"pending of {database} at {k}: {status}")
        return at

    def assert_second_apply_does_nothing(self, history, database, k, before):
        self.executor.apply(self.plan, self.cluster.conninfo(database), to=self.version(history, k)).require()
        self.assert_same(self.dump(history, database), before, f"a second apply of {self.version(history, k)}")

    # ---- The whole ----

    def check(self, history):
        self.compile(history)
        a, b = self.database("oracle_a"), self.database("oracle_b")
        last = len(history.paths)
        short = last <= 2 * SAMPLE
        copies = {0, last} | {k for k in range(last) if short or k % max(1, last // SAMPLE) == 0}
        at = 0
        self.assert_located(history, a, 0)
        for k in range(last + 1):
            if k:
                self.cluster.psql_file(b, history.paths[k - 1])
            reference = self.dump(history, b)
            if k > at:  # a file that is undone by the next is passed over where only its absence is left
                self.executor.apply(self.plan, self.cluster.conninfo(a), to=self.version(history, k)).require()
                self.assert_same(self.dump(history, a), reference, f"after {history.paths[k - 1].name}")
                at = self.assert_located(history, a, k)
                if short or k % 7 == 0:
                    self.assert_second_apply_does_nothing(history, a, k, reference)
            self.assert_located(history, b, k)
            if k in copies and k < last:
                self.cluster.create_database(f"oracle_from_{k}", b)
        self.assert_all_from(history, sorted(copies - {last}), reference)

    def assert_all_from(self, history, starts, reference):
        for k in starts:
            name = f"oracle_from_{k}"
            self.addCleanup(self.cluster.drop_database, name)
            with self.subTest(start=k):
                self.executor.apply(self.plan, self.cluster.conninfo(name)).require()
                self.assert_same(self.dump(history, name), reference, f"from {k} files to the end")
                self.assert_located(history, name, len(history.paths))


class ReferenceSchema(Oracle):
    def test_every_prefix(self):
        self.check(FolderHistory(PROJECT / "migrations", [postgres.REFERENCE_ROLE]))


class Generated(Oracle):
    def check_seed(self, seed):
        self.check(histories.generate(self.work / "migrations", COUNT, seed, self.cluster.major))

    def test_seed_1(self):
        self.check_seed(1)

    def test_seed_2(self):
        self.check_seed(2)

    def test_seed_3(self):
        self.check_seed(3)

    @unittest.skipUnless(MORE_SEEDS, "PGRATCHET_ORACLE_SEEDS says how many")
    def test_more(self):
        for seed in range(4, 4 + MORE_SEEDS):
            with self.subTest(seed=seed):
                self.setUp()
                self.check_seed(seed)
                self.doCleanups()


class Real(Oracle):
    def check_named(self, name):
        try:
            history = real_histories.ALL[name](self.work / "migrations", self.cluster)
        except real_histories.Unavailable as error:
            if os.environ.get("PGRATCHET_TEST_NO_SKIP"):
                raise
            self.skipTest(str(error))
        self.check(history)

    def test_graphile_worker(self):
        self.check_named("graphile_worker")

    def test_icinga2_ido(self):
        self.check_named("icinga2_ido")

    def test_roundcube(self):
        self.check_named("roundcube")


if __name__ == "__main__":
    unittest.main()
