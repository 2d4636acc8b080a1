# SPDX-License-Identifier: Apache-2.0
"""Every server with a pg_dump that fits: what is restored by pg_restore is what was there, and an older pg_dump is refused."""

import subprocess
import unittest

from backup_support import TWO, Backups, executor, install_clients, path_with, postgres

# Server, the client to put first in PATH (None: the installed one), and the compression that it takes by itself.
PAIRS = ((13, None, "gzip:1"), (15, None, "gzip:1"), (15, 17, "zstd:1"), (17, 17, "zstd:1"), (18, 18, "zstd:1"))
CONTENT = """
CREATE SCHEMA "Weird ""schema";
CREATE TABLE "Weird ""schema"."T ä" (n integer PRIMARY KEY, b bytea, t text);
INSERT INTO "Weird ""schema"."T ä" SELECT n, decode(md5(n::text), 'hex'), repeat('ü\\', n % 50) FROM generate_series(1, 3000) n;
SELECT lo_from_bytea(0, 'large object');
"""


class Versions(Backups):
    @classmethod
    def setUpClass(cls):
        """No cluster of its own: each test takes the one it needs."""

    def on(self, major):
        self.cluster = postgres.Cluster(major)
        self.cluster.start()
        self.addCleanup(self.cluster.stop)
        self.migrations(**TWO)
        return self.database()

    def round_trip(self, server, client, compression, *how):
        database = self.on(server)
        self.executor = executor.Executor(environment={"XDG_STATE_HOME": str(self.work / "state"), **(path_with(client) if client else {})})
        self.by_psql(database, "001_a")
        self.psql(database, CONTENT)
        self.backup(database, *how)
        archive, about = self.the_archive()
        if not how:
            self.assertEqual(about["compression"], compression)
        self.assertGreaterEqual(about["pg_dump_major"], server)
        self.assertTrue(about["pg_dump_version"].startswith(f"{about['pg_dump_major']}."))
        self.assertEqual(about["server_version"] // 10000, server)
        self.assert_comes_back(archive, about, database)

    def assert_comes_back(self, archive, about, database):
        clients = install_clients.client_bindir(about["pg_dump_major"])
        self.cluster.create_database("restored")
        url = self.cluster.conninfo("restored")
        done = subprocess.run([clients / "pg_restore", "-d", url, archive], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              check=False, env=self.cluster.environment())
        # pg_restore 17 and later sets a parameter that older servers do not know, and goes on.
        if "transaction_timeout" not in done.stdout:
            self.assertEqual((done.returncode, done.stdout), (0, ""))
        dumps = [subprocess.run([clients / "pg_dump", "-d", self.cluster.conninfo(name)], stdout=subprocess.PIPE, check=True,
                                env=self.cluster.environment()).stdout.decode() for name in (database, "restored")]
        self.assertEqual(*(postgres.Dump(text).schema for text in dumps))
        self.assertEqual(*(postgres.Dump(text).contents for text in dumps))

    def test_directory_with_jobs(self):
        self.round_trip(17, 17, None, "--format", "directory", "--jobs", "3", "--compress", "lz4:3")

    def test_newest_wins_wherever_it_stands(self):
        database = self.on(15)
        client = install_clients.client_bindir(17)
        self.backup(database, "--pg-bindir", client)
        self.assertEqual(self.the_archive()[1]["pg_dump_major"], 17)

    def test_compression_that_it_has_not(self):
        database = self.on(15)
        done = self.backup(database, "--compress", "zstd:3", code=executor.CONFIGURATION)
        self.assertRegex(done.stderr, r"error: pg_dump 15\.\S+ .*cannot compress with zstd\n.*hint: .*take gzip:1\n")
        self.assert_nothing_left()

    def test_older_than_the_server(self):
        """With the installed client alone, which is PostgreSQL 15's."""
        database = self.on(17)
        for command in ("backup", "apply"):
            done = self.executor.run(*self.arguments(command, *(["--backup", "required"] if command == "apply" else [])),
                                     url=self.cluster.conninfo(database)).require(executor.CONFIGURATION)
            self.assertRegex(done.stderr, r"error: the server is PostgreSQL 17, and no pg_dump \(with its pg_restore\) of that version or "
                                          r"a newer one is here: there is 15\.\S+ .* in /usr/lib/postgresql/15/bin")
            self.assertIn("hint: install the package postgresql-client-17 ", done.stderr)
            self.assert_nothing_left()
        self.assert_no_backup_and_nothing_started(database, done)

    def test_an_environment_without_any_version(self):
        """A pg_dump that is none is passed over."""
        database = self.on(15)
        fake = self.work / "fake"
        fake.mkdir()
        for name in ("pg_dump", "pg_restore"):
            (fake / name).write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) nonsense'\n", encoding="utf-8")
            (fake / name).chmod(0o755)
        self.backup(database, environment={"PATH": f"{fake}:relative:/nonexistent:"})
        self.assertEqual(self.the_archive()[1]["pg_dump_major"], 15)


def _pair(server, client, compression):
    return lambda self: self.round_trip(server, client, compression)


for _server, _client, _compression in PAIRS:
    setattr(Versions, f"test_server_{_server}_client_{_client or 'installed'}", _pair(_server, _client, _compression))

if __name__ == "__main__":
    unittest.main()
