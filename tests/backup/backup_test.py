# SPDX-License-Identifier: Apache-2.0
"""Backups as an operator makes them: by their own command, and before a migration."""

import json
import os
import re
import unittest
from pathlib import Path

from backup_support import TWO, Backups, executor


class ByCommand(Backups):
    def test_what_is_made(self):
        self.migrations(**TWO)
        database = self.database()
        self.by_psql(database, "001_a")
        self.psql(database, "INSERT INTO a SELECT n, md5(n::text) FROM generate_series(1, 1000) n")
        done = self.backup(database)
        archive, about = self.the_archive()
        self.assertRegex(archive.name, r"\Apre-002-\d{8}T\d{6}Z\.dump\Z")
        self.assertEqual(done.stdout, f"{archive}\n")
        self.assertRegex(done.stderr, r"\Apgratchet: backup of test: .*/pre-002-\w+\.dump \(\d+\.\d kB in [\d.]+ m?s\)\n\Z")
        oid, version = self.psql(database, "SELECT oid FROM pg_database WHERE datname = current_database();"
                                           "SELECT current_setting('server_version_num')").split("\n")
        self.assertGreater(about["database_bytes"], 5_000_000)
        self.assertEqual({**about, "bytes": 0, "database_bytes": 0, "sha256": "", "seconds": 0, "started": "", "finished": "", "plan_sha256": "",
                          "compression": "", "pg_dump_version": "", "pg_dump_major": 0},
                         {"format": "pgratchet backup", "format_version": 2, "archive": archive.name, "archive_format": "custom",
                          "compression": "", "bytes": 0, "sha256": "", "project": "plan", "environment": "test", "database": database, "database_bytes": 0,
                          "database_oid": int(oid),
                          "system_identifier": self.psql(database, "SELECT system_identifier FROM pg_control_system()"),
                          "server_version": int(version), "condition": "applied", "version": "001", "accepted_drift": [],
                          "plan_sha256": "", "pg_dump_major": 0, "pg_dump_version": "", "seconds": 0, "started": "", "finished": ""})
        self.assertRegex(about["started"] + about["finished"], r"\A(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ){2}\Z")
        self.assertEqual(re.sub("[-:]", "", about["started"]), archive.name[8:-5])
        receipt, = self.receipts()
        self.assertEqual((receipt["did"], receipt["archive"], receipt["sha256"], receipt["state"], receipt["database"]),
                         ("backup", str(archive), about["sha256"], "001", database))

    def test_a_folder_whose_name_is_no_utf8(self):
        """What is done is told and noted, in letters that can be."""
        self.migrations(**TWO)
        database = self.database()
        self.by_psql(database, "001_a")
        self.backups = Path(os.fsdecode(os.fsencode(self.work) + b"/b\xe4ck"))
        done = self.backup(database)
        self.assertEqual(len(self.names()), 2, done)
        receipt, = self.receipts()
        self.assertIn("/b\N{REPLACEMENT CHARACTER}ck/pre-002-", receipt["archive"])

    def test_names(self):
        self.migrations(**TWO)
        database = self.database()
        self.backup(database)
        archive, about = self.the_archive()
        self.assertTrue(archive.name.startswith("pre-001-"))
        self.assertEqual((about["condition"], about["version"]), ("empty", None))
        self.apply(database)
        for state, change in (("at-002", "SELECT"), ("drift", "ALTER TABLE a DROP COLUMN t")):
            self.psql(database, change)
            done = self.backup(database)
            self.assertEqual([n for n in self.names() if n.startswith(f"{state}-") and n.endswith(".dump")], [done.stdout.strip().rsplit("/", 1)[1]])
        self.assertIn("test is at no version of the plan (drift); its backup says so", done.stderr)
        about = json.loads((self.backups / (done.stdout.strip() + ".json")).read_text())
        self.assertEqual((about["condition"], about["version"]), ("drift", None))

    def test_two_in_one_second(self):
        self.migrations(**TWO)
        database = self.database()
        running = [self.start("backup", database) for _ in range(3)]
        printed = set()
        for one in running:
            stdout, stderr = one.communicate(timeout=60)
            self.assertEqual(one.returncode, 0, stderr)
            printed.add(stdout)
        self.assertEqual(len(printed), 3)
        self.assertEqual(len(self.names()), 6)

    def test_directory_format_with_jobs(self):
        self.migrations(**TWO)
        database = self.database()
        self.apply(database)
        self.psql(database, "INSERT INTO a SELECT n, 'x' FROM generate_series(1, 10) n")
        self.backup(database, "--format", "directory", "--jobs", "2", "--compress", "none")
        archive, about = self.the_archive()
        self.assertTrue((archive / "toc.dat").is_file())
        self.assertEqual((about["archive_format"], about["compression"]), ("directory", "none"))

    def test_default_folder_is_beside_the_receipts(self):
        self.migrations(**TWO)
        database = self.database()
        done = self.executor.on("backup", self.plan, self.cluster.conninfo(database)).require()
        self.assertTrue(done.stdout.startswith(str(self.work / "state" / "pgratchet" / "test" / "backups" / "pre-001-")), done)

    def test_arguments(self):
        self.migrations(**TWO)
        for arguments, words in (
                (("--jobs", "2"), "--jobs goes with the directory format"),
                (("--jobs", "0"), "--jobs is 0"),
                (("--format", "tar"), "--format is 'tar'"),
                (("--compress", "zip"), "the compression 'zip' is not known"),
                (("--compress", "gzip:10"), "the compression 'gzip:10' is not known"),
                (("--compress", "gzip:"), "the compression 'gzip:' is not known")):
            self.assertIn(words, self.backup("postgres", *arguments, code=executor.USAGE).stderr)
        done = self.executor.apply(self.plan, "", extra=("--backup-dir", self.backups)).require(executor.USAGE)
        self.assertIn("hint: add --backup required", done.stderr)
        done = self.executor.apply(self.plan, "", extra=("--backup", "always")).require(executor.USAGE)
        self.assertIn("--backup is 'always'", done.stderr)


class BeforeAMigration(Backups):
    def test_holds_the_state_before(self):
        self.migrations(**TWO)
        database = self.database()
        done = self.apply_with_backup(database)
        archive, about = self.the_archive()
        self.assertEqual(about["condition"], "empty")
        self.assertTrue(archive.name.startswith("pre-001-"))
        self.assertLess(done.stderr.index("backup of test: "), done.stderr.index("applied 001_a.sql"))
        self.assertEqual([r["did"] for r in self.receipts()], ["backup", "apply", "apply"])
        self.assert_at(database, "002")

    def test_nothing_pending_no_backup(self):
        self.migrations(**TWO)
        database = self.database()
        self.apply(database)
        done = self.apply_with_backup(database)
        self.assertIn("nothing is pending", done.stderr)
        self.assert_nothing_left()
        self.apply_with_backup(database, "--to", "001")
        self.assert_nothing_left()

    def test_none_for_a_dry_run_or_where_it_is_never(self):
        self.migrations(**TWO)
        database = self.database()
        self.apply_with_backup(database, "--dry-run")
        self.assert_nothing_left()
        self.executor.run(*self.arguments("apply", "--backup", "never"), url=self.cluster.conninfo(database)).require()
        self.assert_nothing_left()

    def test_none_where_the_state_refuses(self):
        self.migrations(**TWO)
        database = self.database()
        self.by_psql(database, "001_a")
        self.psql(database, "ALTER TABLE a DROP COLUMN t")
        self.apply_with_backup(database, code=executor.STATE_REFUSES)
        self.assert_nothing_left()

    def test_accepted_drift_is_in_the_receipt(self):
        self.migrations(**TWO)
        database = self.database()
        self.by_psql(database, "001_a")
        self.psql(database, "ALTER TABLE a ALTER t SET DEFAULT 'x'")
        self.apply_with_backup(database, "--accept-drift", "public.a.t")
        _, about = self.the_archive()
        self.assertEqual((about["condition"], about["version"], about["accepted_drift"]), ("applied", "001", ["column public.a.t"]))


if __name__ == "__main__":
    unittest.main()
