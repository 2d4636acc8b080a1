# SPDX-License-Identifier: Apache-2.0
"""Disks and folders on which a backup fails: nothing that looks like one is left, and no migration has started."""

import os
import pwd
import resource
import subprocess
import unittest

from backup_support import TWO, Backups, executor

WIDE = "INSERT INTO a SELECT n, (SELECT string_agg(md5((n * 100 + m)::text), '') FROM generate_series(1, 100) m) FROM generate_series(1, {}) n"


class FullDisks(Backups):
    def setUp(self):
        super().setUp()
        self.migrations(**TWO)
        self.name = self.database()
        self.by_psql(self.name, "001_a")
        self.psql(self.name, WIDE.format(4000))  # 13 MB that do not shrink below 6

    def small_disk(self, size):
        self.backups.mkdir(mode=0o700)
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=0700", "tmpfs", self.backups], stderr=subprocess.PIPE, check=False)
        if done.returncode != 0:
            self.skipTest(f"a small disk needs the right to mount: {done.stderr.decode().strip()}")
        self.addCleanup(subprocess.run, ["umount", "-l", self.backups], check=True)

    def test_too_small_is_seen_before(self):
        self.small_disk("2m")
        done = self.apply_with_backup(self.name, code=executor.BACKUP_FAILED)
        self.assertRegex(done.stderr, r"error: \S+/backups has 2\.1 MB free, and the database \w+ has \d\d\.\d MB\n")
        self.assertIn("--no-space-check", done.stderr)
        self.assert_no_backup_and_nothing_started(self.name, done, "001")
        self.assert_nothing_left()

    def test_full_in_the_middle(self):
        self.small_disk("2m")
        for how in ((), ("--backup-format", "directory", "--backup-jobs", "2")):
            done = self.apply_with_backup(self.name, "--no-space-check", *how, code=executor.BACKUP_FAILED)
            self.assertIn("No space left on device", done.stderr)
            self.assert_no_backup_and_nothing_started(self.name, done, "001")
            self.assert_nothing_left()

    def test_no_room_for_the_receipt(self):
        """The archive fits, and not a byte more."""
        self.small_disk("64m")
        self.backup(self.name)
        archive, about = self.the_archive()
        for path in (archive, self.backups / f"{archive.name}.json"):
            path.unlink()
        page = os.sysconf("SC_PAGE_SIZE")
        blocks = (about["bytes"] + page - 1) // page
        subprocess.run(["mount", "-o", f"remount,size={blocks * page}", self.backups], check=True)
        done = self.backup(self.name, "--no-space-check", code=executor.BACKUP_FAILED)
        self.assertIn("No space left on device", done.stderr)
        self.assert_nothing_left()

    def test_limit_on_file_sizes(self):
        """Works without the right to mount."""
        def limited():
            resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
        arguments = [str(self.executor.program), *(str(a) for a in self.arguments("apply", "--backup", "required"))]
        done = subprocess.run(arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False,
                              env=self.executor.environment(self.cluster.conninfo(self.name)), preexec_fn=limited, timeout=120)
        self.assertEqual(done.returncode, executor.BACKUP_FAILED, done.stderr)
        self.assertIn("pg_dump ", done.stderr)
        self.assert_no_backup_and_nothing_started(self.name, done, "001")
        self.assert_nothing_left()


class Folders(Backups):
    def setUp(self):
        super().setUp()
        self.migrations(**TWO)
        self.name = self.database()

    def test_it_is_a_file(self):
        self.backups.write_text("x", encoding="utf-8")
        done = self.apply_with_backup(self.name, code=executor.BACKUP_FAILED)
        self.assertIn("cannot make the folder for backups", done.stderr)
        self.assert_no_backup_and_nothing_started(self.name, done)

    def test_nobody_may_write_there(self):
        """Root may write anywhere: then the executor runs as another user."""
        self.backups.mkdir(mode=0o555)
        arguments = [str(self.executor.program), *(str(a) for a in self.arguments("apply", "--backup", "required"))]
        options = {}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            options = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            state = self.work / "state"
            state.mkdir()
            os.chown(state, nobody.pw_uid, nobody.pw_gid)
        done = subprocess.run(arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False,
                              env=self.executor.environment(self.cluster.conninfo(self.name)), timeout=120, **options)
        self.assertEqual(done.returncode, executor.BACKUP_FAILED, done.stderr)
        self.assertRegex(done.stderr, r"error: backups cannot be written in \S+/backups: Permission denied\n.*hint: name another folder: --backup-dir DIR\n")
        self.assert_no_backup_and_nothing_started(self.name, done)
        self.assert_nothing_left()

    def test_no_right_to_read_a_table(self):
        self.by_psql(self.name, "001_a")
        self.psql(self.name, "DO $$BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'reader') THEN CREATE ROLE reader LOGIN; END IF; END$$")
        done = self.backup(self.name, url=self.cluster.conninfo(self.name, "reader"), code=executor.BACKUP_FAILED)
        self.assertRegex(done.stderr, r"error: pg_dump failed with exit status 1: .*permission denied for table a")
        self.assert_nothing_left()


if __name__ == "__main__":
    unittest.main()
