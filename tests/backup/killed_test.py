# SPDX-License-Identifier: Apache-2.0
"""Backups that are cut off, and what they keep out while they run: nothing that looks like a backup is left, and no migration
has started."""

import os
import signal
import time
import unittest

from backup_support import DEPLOYER_KEY, TWO, Backups, executor, is_running

WIDE = "INSERT INTO a SELECT n, (SELECT string_agg(md5((n * 100 + m)::text), '') FROM generate_series(1, 100) m) FROM generate_series(1, {}) n"


class Killed(Backups):
    def setUp(self):
        super().setUp()
        self.migrations(**TWO)
        self.name = self.database()
        self.by_psql(self.name, "001_a")

    def on_its_way(self, command="apply", *extra):
        """An executor whose pg_dump waits for a table, and pg_dump's process id."""
        holder = self.held_up(self.name)
        running = self.start(command, self.name, *(["--backup", "required"] if command == "apply" else []), *extra)
        pid = self.dump_pid(running)
        self.wait_for_dump(self.name)
        self.assertEqual([n for n in self.names() if not n.endswith(".partial")], [])
        return holder, running, pid

    def writing(self, *extra):
        """The same, with something written already."""
        self.psql(self.name, WIDE.format(40000))
        running = self.start("backup", self.name, "--compress", "gzip:9", *extra)
        pid = self.dump_pid(running)
        deadline = time.monotonic() + 60
        while not any(p.stat().st_size > 100_000 for p in self.backups.rglob("*") if p.is_file()):
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.02)
        return running, pid

    def wait_gone(self, pid):
        deadline = time.monotonic() + 20
        while is_running(pid):
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.05)

    def finished(self, process):
        stdout, stderr = process.communicate(timeout=60)
        return executor.Result(["..."], process.returncode, stdout, stderr)

    def test_pg_dump(self):
        _, running, pid = self.on_its_way()
        os.kill(pid, signal.SIGKILL)
        done = self.finished(running).require(executor.BACKUP_FAILED)
        self.assertIn("error: pg_dump was killed by signal 9", done.stderr)
        self.assert_no_backup_and_nothing_started(self.name, done, "001")
        self.assert_nothing_left()

    def test_pg_dump_while_it_writes(self):
        for how in ((), ("--format", "directory", "--jobs", "2")):
            running, pid = self.writing(*how)
            os.kill(pid, signal.SIGKILL)
            self.finished(running).require(executor.BACKUP_FAILED)
            self.assert_nothing_left()
            self.psql(self.name, "TRUNCATE a")

    def test_its_backend(self):
        _, running, _ = self.on_its_way()
        self.psql(self.name, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pgratchet backup'")
        done = self.finished(running).require(executor.BACKUP_FAILED)
        self.assertIn("terminating connection due to administrator command", done.stderr)
        self.assert_no_backup_and_nothing_started(self.name, done, "001")
        self.assert_nothing_left()

    def test_the_session_with_the_lock(self):
        _, running, pid = self.on_its_way()
        self.psql(self.name, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pgratchet apply'")
        done = self.finished(running).require(executor.BACKUP_FAILED)
        self.assertIn("error: the connection with the deployer lock was lost while pg_dump ran: ", done.stderr)
        self.assert_nothing_left()
        self.wait_gone(pid)
        self.assert_at(self.name, "001")

    def test_executor_asked_to_end(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            holder, running, pid = self.on_its_way()
            running.send_signal(number)
            done = self.finished(running).require(-number)
            self.assertIn("no backup, so no migration was started; test stays at 001\n", done.stderr)
            self.assertIn(f"error: interrupted by {number.name}", done.stderr)
            self.assert_nothing_left()
            self.wait_gone(pid)
            holder.close()
            self.assert_at(self.name, "001")

    def test_executor_killed(self):
        """pg_dump ends with it; the next run removes what is left, and goes on."""
        holder, running, pid = self.on_its_way()
        running.kill()
        running.wait(30)
        self.wait_gone(pid)
        left = self.names()
        self.assertEqual(len(left), 1)
        self.assertTrue(left[0].endswith(".dump.partial"), left)
        holder.close()
        self.apply_with_backup(self.name)
        self.the_archive()
        self.assert_at(self.name, "002")

    def test_executor_killed_while_it_writes(self):
        for how in ((), ("--format", "directory", "--jobs", "3")):
            running, pid = self.writing(*how)
            running.kill()
            running.wait(30)
            self.wait_gone(pid)
            self.assertTrue(all(n.endswith(".partial") for n in self.names()), self.names())
            self.psql(self.name, "TRUNCATE a")
            self.backup(self.name)
            archive, _ = self.the_archive()
            archive.unlink()
            (self.backups / f"{archive.name}.json").unlink()

    def test_what_another_writes_is_left_alone(self):
        holder, running, _ = self.on_its_way("backup")
        partial, = self.names()
        other = self.database("_2")
        self.backup(other)
        self.assertIn(partial, self.names())
        holder.close()
        self.finished(running).require()
        self.assertEqual(len([n for n in self.names() if n.endswith(".dump.json")]), 2)


class Lock(Backups):
    def setUp(self):
        super().setUp()
        self.migrations(**TWO)
        self.name = self.database()
        self.by_psql(self.name, "001_a")

    def test_a_migration_waits_for_a_backup(self):
        holder = self.held_up(self.name)
        running = self.start("backup", self.name)
        self.wait_for_dump(self.name)
        done = self.apply(self.name, "--patience", "300ms", code=executor.LOCKED)
        self.assertIn("another deployer works on this database: pgratchet backup, process ", done.stderr)
        holder.close()
        running.communicate(timeout=60)
        self.assertEqual(running.returncode, 0)
        self.apply(self.name)

    def test_a_backup_waits_for_a_migration(self):
        holder = self.session(self.name)
        holder.run(f"SELECT pg_advisory_lock({DEPLOYER_KEY});")
        done = self.backup(self.name, "--patience", "300ms", code=executor.LOCKED)
        self.assertIn("another deployer works on this database: psql, process ", done.stderr)
        self.assert_nothing_left()


if __name__ == "__main__":
    unittest.main()
