# SPDX-License-Identifier: Apache-2.0
"""A real PgBouncer between executor and server: in transaction mode it is refused, in session mode it works."""

import os
import shutil
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from faults_support import FILES, Faults, executor

CONFIGURATION = """[databases]
* = host={server}
[pgbouncer]
listen_port = 6432
unix_socket_dir = {folder}
auth_type = trust
auth_file = {folder}/users
pool_mode = {mode}
ignore_startup_parameters = extra_float_digits
server_lifetime = 3600
logfile = {folder}/log
"""


class Pooler:
    def __init__(self, test, mode):
        program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
        if not program:
            raise AssertionError("PgBouncer is not installed\n  hint: ./bootstrap, or apt-get install pgbouncer")
        self.folder = Path(tempfile.mkdtemp(prefix="pgr-pb-", dir="/tmp"))
        test.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        (self.folder / "users").write_text('"postgres" ""\n', encoding="utf-8")
        (self.folder / "ini").write_text(CONFIGURATION.format(server=test.cluster.socket_dir, folder=self.folder, mode=mode), encoding="utf-8")
        prefix = ["setpriv", "--pdeathsig", "TERM"]
        if os.geteuid() == 0:  # which it refuses
            shutil.chown(self.folder, "postgres")
            prefix += ["--reuid=postgres", "--regid=postgres", "--clear-groups"]
        self.process = subprocess.Popen([*prefix, program, "-q", str(self.folder / "ini")], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        test.addCleanup(self.stop)
        deadline = time.monotonic() + 20
        while not (self.folder / ".s.PGSQL.6432").exists():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"PgBouncer did not start: {(self.folder / 'log').read_text(errors='replace')}")
            time.sleep(0.02)

    def conninfo(self, database):
        return f"host={self.folder} port=6432 dbname={database} user=postgres"

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(30)


class Poolers(Faults):
    def setUp(self):
        super().setUp()
        self.migrations(**FILES)
        self.name = self.database()

    def run_through(self, mode, command, *extra):
        self.pooler = Pooler(self, mode)
        return self.executor.on(command, self.plan, self.pooler.conninfo(self.name), *extra)

    def refused(self, command, *extra):
        done = self.run_through("transaction", command, *extra).require(executor.CONFIGURATION)
        self.assertEqual(done.stderr, "pgratchet: error: the connection goes through a pooler in transaction mode, where a lock does not belong to one client\n"
                                      "pgratchet: hint: give the address of the server itself, or of a pool in session mode\n")
        # The pool keeps its connections to the server, and nothing of ours on them.
        pooled = f"FROM pg_stat_activity WHERE datname = '{self.name}'"
        self.assertNotEqual(self.psql("postgres", f"SELECT count(*) {pooled}"), "0")
        self.assertEqual(self.psql("postgres", f"SELECT count(*) {pooled} AND state <> 'idle'"), "0")
        self.assertEqual(self.psql("postgres", "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"), "0")
        self.pooler.stop()
        self.assert_goes_on(self.name, None)

    def test_apply_in_transaction_mode(self):
        self.refused("apply")

    def test_apply_in_transaction_mode_beside_another_client(self):
        """With the second client the pool opens a second connection."""
        self.pooler = Pooler(self, "transaction")
        other = subprocess.Popen([str(self.cluster.clients / "psql"), "-X", "-q", "-d", self.pooler.conninfo(self.name), "-c", "BEGIN; SELECT pg_sleep(60);"],
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=self.cluster.environment())
        self.addCleanup(other.wait, 30)
        self.addCleanup(other.kill)
        self.wait_until(self.name, "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep')")
        done = self.executor.on("apply", self.plan, self.pooler.conninfo(self.name)).require(executor.CONFIGURATION)
        self.assertIn("a pooler in transaction mode", done.stderr)
        self.assertEqual(self.psql("postgres", "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"), "0")

    def test_backup_in_transaction_mode(self):
        self.refused("backup", "--backup-dir", str(self.work / "backups"))
        self.assertFalse((self.work / "backups").exists())

    def test_session_mode(self):
        done = self.run_through("session", "apply").require(executor.DONE)
        self.assertTrue(done.stderr.endswith("pgratchet: test is at 003\n"), done)
        self.assertEqual(self.psql("postgres", "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"), "0")
        self.pooler.stop()
        self.assert_goes_on(self.name, "003")


if __name__ == "__main__":
    unittest.main()
