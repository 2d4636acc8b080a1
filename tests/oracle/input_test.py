# SPDX-License-Identifier: Apache-2.0
"""The oracle's input under plain psql: histories run file by file, their probes answer as they should, the reference schema does
what its comments say. No executor takes part.

PGRATCHET_TEST_MAJOR, PGRATCHET_TEST_SERVERS as for the oracle; PGRATCHET_ORACLE_COUNT files of a generated history (120).
"""

import os
import sys
import tempfile
import unittest
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "tests" / "support"))

import histories  # noqa: E402
import postgres  # noqa: E402

COUNT = int(os.environ.get("PGRATCHET_ORACLE_COUNT", "120"))
MIGRATIONS = PROJECT / "migrations"
SAMPLE = """
INSERT INTO analysis_jobs (analysis_id, sample_name, sample_size, sample_md5, sample_sha1, sample_sha256)
VALUES ('00000000-0000-0000-0000-000000000001', 'evil invoice.exe', 3, repeat('a', 32), repeat('b', 40), repeat('c', 64));
UPDATE analysis_jobs SET status = 'running', started_at = now();
"""


class WithCluster(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = postgres.Cluster()
        cls.cluster.start()
        cls.addClassCleanup(cls.cluster.stop)
        cls.cluster.create_roles([histories.ROLE])

    def database(self, name="input"):
        self.cluster.create_database(name)
        self.addCleanup(self.cluster.drop_database, name)
        return name


class Generated(WithCluster):
    def generate(self, seed):
        folder = tempfile.TemporaryDirectory(prefix="pgr-input-")
        self.addCleanup(folder.cleanup)
        return histories.generate(Path(folder.name) / "migrations", COUNT, seed, self.cluster.major)

    def test_same_seed_gives_the_same_bytes(self):
        one, two, other = self.generate(1), self.generate(1), self.generate(2)
        self.assertEqual([p.name for p in one.paths], [p.name for p in two.paths])
        self.assertEqual([p.read_bytes() for p in one.paths], [p.read_bytes() for p in two.paths])
        self.assertNotEqual([p.read_bytes() for p in one.paths], [p.read_bytes() for p in other.paths])

    def test_all_kinds_of_files_occur(self):
        self.assertEqual({f.kind for f in self.generate(1).files}, {"schema", "data", "no-transaction", "trial", "revert"})

    def test_runs_under_psql_and_probes_answer(self):
        for seed in (1, 2, 3):
            with self.subTest(seed=seed):
                history, database = self.generate(seed), self.database(f"input_{seed}")
                for file, path in zip(history.files, history.paths):
                    probe = history.probes / f"{file.version}_rows_arrived.sql"
                    if file.probe:  # of a trial's work the probe of its revert holds already
                        self.assertEqual(self.cluster.probe(database, probe), file.kind == "revert", f"{probe.name} before")
                    self.cluster.psql_file(database, path)
                    if file.probe:
                        self.assertTrue(self.cluster.probe(database, probe), f"{probe.name} after")
                for probe in sorted(history.probes.glob("*.sql")):
                    self.assertTrue(self.cluster.probe(database, probe), f"{probe.name} at the end")

    def test_a_revert_leaves_what_was_before_the_trial(self):
        history, database, dumps = self.generate(4), self.database(), {}
        for k, path in enumerate(history.paths, 1):
            self.cluster.psql_file(database, path)
            if k in history.same_as or k in history.same_as.values():
                dumps[k] = self.cluster.dump(database)
        self.assertTrue(history.same_as)
        for later, earlier in history.same_as.items():
            self.assertEqual(dumps[later].differences(dumps[earlier]), "", f"{earlier} and {later}")


class ReferenceSchema(WithCluster):
    def apply(self, database):
        for path in sorted(MIGRATIONS.glob("*.sql")):
            self.cluster.psql_file(database, path)

    def test_each_probe_holds_from_its_version_on(self):
        database, files = self.database(), sorted(MIGRATIONS.glob("*.sql"))
        for k in range(len(files) + 1):
            if k:
                self.cluster.psql_file(database, files[k - 1])
            for probe in sorted((MIGRATIONS / "probes").glob("*.sql")):
                answer = self.cluster.psql(database, probe.read_text(encoding="utf-8"))
                self.assertEqual(answer, "t" if int(probe.name.split("_")[0]) <= k else "f", f"{probe.name} at {k}")

    def test_audit_log_takes_no_change(self):
        database = self.database()
        self.apply(database)
        self.cluster.psql(database, SAMPLE)
        self.assertEqual(self.cluster.psql(database, "SELECT details ->> 'to' FROM analysis_audit_log"), "running")
        for change in ("UPDATE analysis_audit_log SET action = 'x'", "DELETE FROM analysis_audit_log", "TRUNCATE analysis_audit_log",
                       "SET session_replication_role = replica; DELETE FROM analysis_audit_log"):
            with self.subTest(change=change), self.assertRaisesRegex(postgres.PostgresError, "append-only"):
                self.cluster.psql(database, change)

    def test_search_follows_jobs(self):
        database = self.database()
        self.apply(database)
        self.cluster.psql(database, SAMPLE + "UPDATE analysis_jobs SET sample_name = 'harmless.txt';")
        found = "SELECT count(*) FROM analysis_search WHERE document @@ plainto_tsquery('simple', '{}')"
        self.assertEqual(self.cluster.psql(database, found.format("invoice.exe")), "0")
        self.assertEqual(self.cluster.psql(database, found.format("harmless.txt")), "1")

    def test_a_machine_has_one_holder(self):
        database = self.database()
        self.apply(database)
        lease = ("INSERT INTO vm_pool_leases (vmid, node, guest_platform, analysis_id, worker) "
                 "SELECT 7, 'pve1', 'windows', analysis_id, 'w' FROM analysis_jobs;")
        self.cluster.psql(database, SAMPLE + lease)
        with self.assertRaisesRegex(postgres.PostgresError, "vm_pool_leases_one_holder"):
            self.cluster.psql(database, lease)
        self.cluster.psql(database, "UPDATE vm_pool_leases SET released_at = now(), release_reason = 'done';" + lease)


if __name__ == "__main__":
    unittest.main()
