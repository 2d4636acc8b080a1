# SPDX-License-Identifier: Apache-2.0
"""A restore that fails, at whatever step, has changed nothing: no database more or less, and the old one open and as it was."""

import os
import shlex
import signal
import subprocess
import time
import unittest

from restore_support import TWO, Restores, executor

BUSY = "SELECT count(*) > 0 FROM pg_stat_activity WHERE datname = '{}' AND query ~ 'pg_sleep' AND pid <> pg_backend_pid()"


class Failures(Restores):
    def setUp(self):
        super().setUp()
        self.migrations(**TWO)
        self.name = self.database()
        self.by_psql(self.name, "001_a")
        self.psql(self.name, "INSERT INTO a SELECT n, 'x' FROM generate_series(1, 10) n")
        self.backup(self.name)
        self.psql(self.name, "DELETE FROM a")

    def test_an_archive_that_was_cut_off(self):
        archive, about = self.the_archive()
        os.truncate(archive, about["bytes"] - 1)
        self.assert_fails_without_a_trace(self.name, r"error: \S+\.dump has \d+ bytes, and its receipt says \d+; nothing was changed\n",
                                          archive=archive)

    def test_an_archive_that_was_changed(self):
        archive, about = self.the_archive()
        with open(archive, "r+b") as file:
            file.seek(about["bytes"] // 2)
            byte = file.read(1)
            file.seek(-1, os.SEEK_CUR)
            file.write(bytes([byte[0] ^ 1]))
        self.assert_fails_without_a_trace(self.name, "has not the SHA-256 that its receipt says; nothing was changed", archive=archive)

    def test_pg_restore_fails_in_the_middle(self):
        """An owner who is gone."""
        self.cluster.create_roles(["gone"])
        self.psql(self.name, "CREATE TABLE z (); ALTER TABLE z OWNER TO gone")
        for path in self.backups.iterdir():
            path.unlink()
        self.backup(self.name)
        self.psql(self.name, "DROP TABLE z; DROP ROLE gone")
        self.assert_fails_without_a_trace(self.name, r'error: pg_restore failed with exit status 1: (.*\n)*.*role "gone" does not exist'
                                                     r"(.*\n)*.*; nothing was changed\n")

    def test_pg_restore_is_killed(self):
        self.assert_fails_without_a_trace(self.name, r"error: pg_restore was killed by signal 9.*; nothing was changed\n",
                                          *self.hooked(after="kill -9 $$"))

    def test_it_is_not_what_the_receipt_says(self):
        done = self.assert_fails_without_a_trace(
            self.name, "error: what was restored is not at 001, as the receipt of pre-002-.* says; nothing was changed",
            *self.hooked(after='psql -d "$db" -c "ALTER TABLE a DROP COLUMN t"'))
        self.assertIn("missing: column public.a.t\n", done.stderr)

    def test_a_setting_cannot_be_copied(self):
        """The role owns the database and may not set what an administrator did. It learns that before the archive is restored."""
        self.owned_by_deployer()
        for path in self.backups.iterdir():
            path.unlink()
        self.backup(self.name)
        self.psql("postgres", f"ALTER DATABASE {self.name} SET log_statement = 'none'")
        self.assert_fails_without_a_trace(self.name, r"""has a property that cannot be given to a new one: permission denied to set parameter "log_statement" \[42501\]; nothing was changed
pgratchet: hint: the new one needs it: ALTER DATABASE "\w+" SET "log_statement" TO 'none'; give""",
                                          *self.hooked(before=f"touch {self.work}/restored"), code=executor.STATE_REFUSES, url=self.cluster.conninfo(self.name, "deployer"))
        self.assertFalse((self.work / "restored").exists())

    def test_the_connection_is_lost(self):
        """That from which the new database was made."""
        end = ("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pgratchet restore' AND datname = 'postgres' "
               "AND pid <> pg_backend_pid()")
        self.assert_fails_without_a_trace(self.name, r"error: .*; nothing was changed\n",
                                          *self.hooked(instead=self.as_admin(end) + "\nexec sleep 30"))

    def test_the_name_is_taken_meanwhile(self):
        """The last step: the swap itself."""
        self.addCleanup(self.cluster.drop_database, "taken")
        server, picture = self.server(), self.picture(self.name)
        done = self.restore(self.name, "--keep-as", "taken", *self.hooked(after=self.as_admin("CREATE DATABASE taken")),
                            code=executor.BACKUP_FAILED)
        self.assertRegex(done.stderr, f'could not take the place of {self.name}: database "taken" already exists; nothing was changed')
        self.assertEqual([d for d in self.server() if not d.startswith("taken|")], server)
        self.assert_picture(self.name, picture)

    def test_a_session_does_not_end(self):
        """A superuser's, who came after it was looked who is there; the role that restores may not end it."""
        self.owned_by_deployer()
        for path in self.backups.iterdir():
            path.unlink()
        self.backup(self.name)
        stay = (f"psql -d {shlex.quote(self.cluster.conninfo(self.name))} -c 'SELECT pg_sleep(100)' > /dev/null 2>&1 &\n"
                f"until psql -d {shlex.quote(self.cluster.conninfo('postgres'))} -c {shlex.quote(BUSY.format(self.name))} | grep -q t; do sleep 0.05; done")
        self.addCleanup(lambda: self.psql("postgres", f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{self.name}'"))
        done = self.assert_fails_without_a_trace(self.name, f"error: the restored database could not take the place of {self.name}: ",
                                                 *self.hooked(after=stay), url=self.cluster.conninfo(self.name, "deployer"))
        self.assertIn("is being accessed by other users", done.stderr)
        self.assertIn("hint: a session did not end in five seconds: end it and restore again", done.stderr)

    def owned_by_deployer(self):
        self.psql("postgres", "DO $$BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'deployer') THEN "
                              "CREATE ROLE deployer LOGIN CREATEDB; END IF; END$$")
        self.psql("postgres", f"ALTER DATABASE {self.name} OWNER TO deployer")
        self.psql(self.name, "ALTER TABLE a OWNER TO deployer")


class Ended(Restores):
    """The executor is ended while pg_restore runs."""

    def setUp(self):
        super().setUp()
        self.migrations(**TWO)
        self.name = self.database()
        self.by_psql(self.name, "001_a")
        self.backup(self.name)
        self.before = self.server(), self.picture(self.name)
        marker = self.work / "started"
        arguments = self.restore_arguments(self.the_archive()[0], *self.hooked(after=f"echo $$ > {marker}.new; mv {marker}.new {marker}; exec sleep 100"))
        self.process = self.executor.start(*arguments, url=self.cluster.conninfo(self.name))
        self.addCleanup(self.end, self.process)
        deadline = time.monotonic() + 30
        while not marker.exists():
            self.assertLess(time.monotonic(), deadline)
            self.assertIsNone(self.process.poll())
            time.sleep(0.02)
        self.sleeper = int(marker.read_text())

    def assert_gone(self, pid):
        deadline = time.monotonic() + 20
        while subprocess.run(["kill", "-0", str(pid)], stderr=subprocess.DEVNULL, check=False).returncode == 0:
            self.assertLess(time.monotonic(), deadline, "pg_restore lives on")
            time.sleep(0.02)

    def test_both_databases_are_locked_meanwhile(self):
        """No deployer works on either of them."""
        held = self.psql("postgres", "SELECT count(DISTINCT database) FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = 1885827681")
        self.assertEqual(held, "2")
        done = self.executor.apply(self.plan, self.cluster.conninfo(self.name), extra=("--patience", "10ms")).require(executor.LOCKED)
        self.assertIn("another deployer works on this database: pgratchet restore", done.stderr)

    def test_asked_to(self):
        self.process.send_signal(signal.SIGTERM)
        _, said = self.process.communicate(timeout=30)
        self.assertEqual(self.process.returncode, -signal.SIGTERM)
        self.assertIn("error: interrupted by SIGTERM; nothing was changed\n", said)
        self.assert_gone(self.sleeper)
        self.assertEqual(self.server(), self.before[0])
        self.assert_picture(self.name, self.before[1])

    def test_killed(self):
        """It cannot drop what it made: the next one says so, and works."""
        self.process.kill()
        self.process.wait(30)
        self.assert_gone(self.sleeper)
        left = [d.split("|")[0] for d in self.server() if d not in self.before[0]]
        self.assertEqual(left, self.kept(self.name))
        self.assertEqual(len(left), 1)
        self.assert_picture(self.name, self.before[1])
        self.wait_until("postgres", "SELECT count(*) = 0 FROM pg_stat_activity WHERE application_name = 'pgratchet restore'")
        done = self.restore(self.name)
        self.assertIn(f'warning: a restore that was killed left the database {left[0]}\npgratchet: hint: DROP DATABASE "{left[0]}";\n', done.stderr)
        self.assert_picture(self.name, self.before[1])


if __name__ == "__main__":
    unittest.main()
