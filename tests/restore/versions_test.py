# SPDX-License-Identifier: Apache-2.0
"""Servers, and archives of pg_dumps that are newer than them."""

import unittest

from restore_support import TWO, Restores, executor, path_with, postgres

CONTENT = """
CREATE SCHEMA s;
CREATE TABLE s.t (n integer PRIMARY KEY, t text);
INSERT INTO s.t SELECT n, repeat('ü', n % 50) FROM generate_series(1, 3000) n;
CREATE INDEX ON s.t (t);
SELECT lo_from_bytea(0, 'large object');
"""
# Server, client to put first in PATH (None: the installed one), what the database is made with, how the restore runs.
CASES = {
    "server_13": (13, None, "", ()),
    "server_15_icu": (15, None, "LOCALE_PROVIDER icu ICU_LOCALE 'de'", ()),
    "server_15_archive_of_17": (15, 17, "", ()),
    "server_15_archive_of_18_with_jobs": (15, 18, "", ("--jobs", "3")),
    "server_17_builtin": (17, 17, "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'", ()),
    "server_18": (18, 18, "LOCALE 'C'", ("--jobs", "2")),
}


class Versions(Restores):
    @classmethod
    def setUpClass(cls):
        """No cluster of its own: each test takes the one it needs."""

    def drop_kept(self):
        """They go with the cluster."""

    def on(self, server, client, like=""):
        self.cluster = postgres.Cluster(server)
        self.cluster.start()
        self.addCleanup(self.cluster.stop)
        self.executor = executor.Executor(environment={"XDG_STATE_HOME": str(self.work / "state"), **(path_with(client) if client else {})})
        self.migrations(**TWO)
        self.name = "restored"
        self.psql("postgres", f"CREATE DATABASE {self.name} TEMPLATE template0 {like}")
        self.addCleanup(self.cluster.drop_database, self.name)
        self.by_psql(self.name, "001_a")
        self.psql(self.name, CONTENT)
        self.backup(self.name)
        if client:
            self.assertEqual(self.the_archive()[1]["pg_dump_major"], client)

    def comes_back(self, server, client, like, how):
        self.on(server, client, like)
        picture = self.picture(self.name)
        self.psql(self.name, "DROP SCHEMA s CASCADE; DELETE FROM a; CREATE TABLE b (n integer)")
        done = self.restore(self.name, *how)
        self.assert_picture(self.name, picture)
        self.assertNotIn("transaction_timeout", done.stderr)
        self.assert_restored(self.name, done)

    def test_a_real_error_beside_the_one_that_is_let_pass(self):
        """pg_restore goes on after a setting that the server does not know; what else it stumbles over counts."""
        self.on(15, 17)
        self.cluster.create_roles(["gone"])
        self.psql(self.name, "CREATE TABLE z (); ALTER TABLE z OWNER TO gone")
        for path in self.backups.iterdir():
            path.unlink()
        self.backup(self.name)
        self.psql(self.name, "DROP TABLE z; DROP ROLE gone")
        for how in ((), ("--jobs", "2")):
            self.assert_fails_without_a_trace(self.name, r'error: pg_restore failed (.*\n)*.*role "gone" does not exist', *how)

    def test_a_rehearsal_on_an_older_server(self):
        """Named NOT NULL constraints came with 18."""
        self.on(18, 18)
        self.psql(self.name, "CREATE TABLE z (n integer CONSTRAINT filled NOT NULL NO INHERIT)")
        for path in self.backups.iterdir():
            path.unlink()
        self.backup(self.name)
        done = self.executor.run("rehearse", "--plan", self.plan, "--environment", "test", "--backup-dir", self.backups, "--data-dir", self.work / "shadow",
                                 "--pg-bindir", postgres.server_bindir(15)).require(executor.BACKUP_FAILED)
        self.assertIn("hint: the backup is of PostgreSQL 18, and this server is of 15, which may not know what is in it: take a server that is not older\n",
                      done.stderr)

    def test_no_pg_restore_for_the_archive(self):
        """With the installed client alone, which is PostgreSQL 15's."""
        self.on(15, 17)
        self.executor = executor.Executor(environment={"XDG_STATE_HOME": str(self.work / "state")})
        self.assert_fails_without_a_trace(self.name, "error: the archive was made by pg_dump 17, and no pg_restore of that version or a newer one is here",
                                          code=executor.CONFIGURATION)


for _name, _case in CASES.items():
    setattr(Versions, f"test_{_name}", lambda self, case=_case: self.comes_back(*case))

if __name__ == "__main__":
    unittest.main()
