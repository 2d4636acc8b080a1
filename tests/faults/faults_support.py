# SPDX-License-Identifier: Apache-2.0
"""What the tests of faults share: a migration that can be made slow in its environment alone, ways to see when it is where
it is to be hit, and what must hold after each fault."""

import os
import signal
import sys
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "tests" / "deploy"))

from deploy_support import NO_TRANSACTION, Deployment, executor, postgres, wrapped  # noqa: E402

# Sleeps where the database says so (ALTER DATABASE ... SET faults.sleep), and so neither in the shadow nor in a rerun.
SLEEP = "SELECT pg_sleep(coalesce(current_setting('faults.sleep', true), '0')::float);"
FILES = {"_001_a": "CREATE TABLE a (n integer);",
         "_002_b": f"CREATE TABLE b (n integer);\n{SLEEP}\nCREATE TABLE c (n integer);",
         "_003_d": "CREATE TABLE d (n integer);"}
NEWEST = "003"
LONG, SHORT = 60, 1
OURS = "FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'pgratchet%'"


class Faults(Deployment):
    def slow(self, database, seconds=LONG):
        """A database at 001 on which 002 is slow."""
        self.by_psql(database, "001_a")
        self.set_sleep(database, seconds)
        return database

    def set_sleep(self, database, seconds):
        what = f"SET faults.sleep = '{seconds}'" if seconds else "RESET faults.sleep"
        self.psql("postgres", f'ALTER DATABASE "{database}" {what}')

    def start(self, command, database, *extra, url=None, **options):
        """A command on its way, which does not outlive the test."""
        process = self.executor.start(command, "--plan", self.plan, "--environment", "test", "--url-variable", executor.URL_VARIABLE,
                                      *extra, url=url or self.cluster.conninfo(database), **options)
        self.addCleanup(self.end, process)
        return process

    @staticmethod
    def end(process):
        if process.poll() is None:
            process.kill()
            process.wait(30)
        for stream in (process.stdout, process.stderr):
            if stream:
                stream.close()

    @staticmethod
    def finished(process, seconds=60):
        stdout, stderr = process.communicate(timeout=seconds)
        return executor.Result(["..."], process.returncode, stdout, stderr)

    def wait_for(self, database, condition):
        self.wait_until(database, f"SELECT EXISTS (SELECT {OURS} AND {condition})")

    def wait_for_sleep(self, database):
        self.wait_for(database, "state = 'active' AND wait_event = 'PgSleep'")

    def wait_gone(self, database, seconds=20):
        """No session of ours is left, and with none no lock."""
        self.wait_until(database, f"SELECT NOT EXISTS (SELECT {OURS})", seconds)
        self.assertEqual(self.psql(database, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"), "0")

    def assert_goes_on(self, database, version="001", newest=NEWEST, **fields):
        """Status can tell, nothing is left, and a plain rerun ends at the newest version."""
        self.assert_at(database, version, **fields)
        self.set_sleep(database, None)
        self.wait_gone(database)
        self.apply(database)
        self.assert_at(database, newest, pending=[])
        self.wait_gone(database)

    def assert_ended_by(self, done, number):
        """As a program that a signal has ended: a shell makes 128 + its number of that."""
        self.assertEqual(done.code, -number, done)


def children(pid):
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*"):
        try:
            found += [int(c) for c in (task / "children").read_text().split()]
        except OSError:
            pass
    return found


__all__ = ["FILES", "Faults", "LONG", "NEWEST", "NO_TRANSACTION", "OURS", "PROJECT", "SHORT", "SLEEP", "children", "executor", "os",
           "postgres", "signal", "time", "wrapped"]
