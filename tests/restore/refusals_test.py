# SPDX-License-Identifier: Apache-2.0
"""What is refused before anything is done, with what can be done about it."""

import json
import pwd
import subprocess
import time
import unittest

from restore_support import TWO, Restores, executor, postgres


class Refusals(Restores):
    @classmethod
    def setUpClass(cls):
        cls.cluster = postgres.Cluster(settings={"wal_level": "logical", "max_prepared_transactions": 5})
        cls.cluster.start()
        cls.addClassCleanup(cls.cluster.stop)
        for role in ("maker CREATEDB", "owner", "stranger"):
            cls.cluster.psql("postgres", f"CREATE ROLE {role} LOGIN")

    def setUp(self):
        super().setUp()
        self.migrations(**TWO)
        self.name = self.database()
        self.by_psql(self.name, "001_a")
        self.backup(self.name)

    def assert_refused(self, words, *extra, database=None, code=executor.STATE_REFUSES, **options):
        return self.assert_fails_without_a_trace(database or self.name, words, *extra, code=code, **options)

    def change_receipt(self, **fields):
        archive, about = self.the_archive()
        (self.backups / f"{archive.name}.json").write_text(json.dumps({**about, **fields}), encoding="utf-8")

    # ---- What was said ----

    def test_without_the_right_confirmation(self):
        for confirm, words in ((None, "restore: --confirm is missing"), ("prod", "'prod' is confirmed, and the environment is test; nothing was changed"),
                               ("", "restore: --confirm is missing"), ("Test", "'Test' is confirmed")):
            arguments = [a for a in self.restore_arguments(self.the_archive()[0], confirm=None)]
            done = self.executor.run(*arguments, *(["--confirm", confirm] if confirm is not None else []),
                                     url=self.cluster.conninfo(self.name)).require(executor.USAGE)
            self.assertRegex(done.stderr, words)

    def test_bad_arguments(self):
        for extra, words in ((["--jobs", "0"], "--jobs is 0"), (["--keep-as", ""], "--keep-as is ''"), (["--keep-as", "x" * 64], "1 to 63 bytes"),
                             (["--confirm-variable", "X"], "give one of --confirm and --confirm-variable")):
            self.assert_refused(words, *extra, code=executor.USAGE)

    # ---- The backup ----

    def test_a_backup_of_another_database(self):
        other = self.database("_other")
        done = self.assert_refused(f"pre-002-.* is a backup of another database: database {self.name} in place of {other}; nothing was changed",
                                   database=other)
        self.assertIn("--from-another-database", done.stderr)
        self.restore(other, "--from-another-database")
        self.assert_at(other, "001")

    def test_a_backup_of_another_environment_or_server(self):
        about = self.the_archive()[1]
        self.change_receipt(environment="prod")
        self.assert_refused("environment prod in place of test; nothing")
        self.change_receipt(system_identifier="42", environment=about["environment"])
        self.assert_refused(r"server 42 in place of \d+; nothing")
        self.change_receipt(system_identifier="")
        self.restore(self.name)

    def test_no_receipt(self):
        archive = self.the_archive()[0]
        (self.backups / f"{archive.name}.json").unlink()
        self.assert_refused("has no receipt, so it does not count as a backup", archive=archive, code=executor.BACKUP_FAILED)
        self.assert_refused("there is no backup /nonexistent", archive="/nonexistent", code=executor.BACKUP_FAILED)

    def test_a_version_that_the_plan_has_not(self):
        self.change_receipt(version="007")
        self.assert_refused("is of version 007, which the plan does not have; nothing was changed")

    # ---- What hangs on the database ----

    def test_logical_slots(self):
        self.psql(self.name, "SELECT pg_create_logical_replication_slot('feed', 'pgoutput')")
        try:
            self.assert_refused(f"the database {self.name} has logical replication slots, which would not be the new one's: feed; nothing")
        finally:
            self.psql(self.name, "SELECT pg_drop_replication_slot('feed')")
        self.restore(self.name)

    def test_subscriptions(self):
        self.psql(self.name, "CREATE SUBSCRIPTION news CONNECTION 'host=/nonexistent' PUBLICATION p WITH (connect = false)")
        self.assert_refused("has subscriptions, which would not be the new one's: news; nothing")
        self.psql(self.name, "ALTER SUBSCRIPTION news DISABLE; ALTER SUBSCRIPTION news SET (slot_name = NONE); DROP SUBSCRIPTION news")

    def test_prepared_transactions(self):
        self.psql(self.name, "BEGIN; INSERT INTO a VALUES (1); PREPARE TRANSACTION 'half'")
        try:
            self.assert_refused("has prepared transactions, which hold it: half; nothing")
        finally:
            self.psql(self.name, "ROLLBACK PREPARED 'half'")

    def test_a_name_that_is_taken(self):
        self.assert_refused("there is a database postgres already; nothing was changed", "--keep-as", "postgres")

    # ---- Rights ----

    def test_without_createdb(self):
        self.psql("postgres", f"ALTER DATABASE {self.name} OWNER TO owner")
        done = self.assert_refused("role owner may not make a database .CREATEDB., so nothing can be restored beside .*; nothing was changed",
                                   url=self.cluster.conninfo(self.name, "owner"))
        self.assertIn('hint: an administrator can say: ALTER ROLE "owner" CREATEDB; or an administrator makes an empty database beside', done.stderr)

    def test_not_the_owner(self):
        self.psql("postgres", f"ALTER DATABASE {self.name} OWNER TO owner")
        done = self.assert_refused(f"role maker does not own the database {self.name}, and may not rename it; nothing",
                                   url=self.cluster.conninfo(self.name, "maker"))
        self.assertIn('GRANT "owner" TO "maker"', done.stderr)

    def test_sessions_that_it_may_not_end(self):
        self.psql("postgres", f"ALTER DATABASE {self.name} OWNER TO maker")
        holder = subprocess.Popen([str(self.cluster.clients / "psql"), "-X", "-d", self.cluster.conninfo(self.name, "stranger")],
                                  stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        self.addCleanup(holder.wait, 20)
        self.addCleanup(holder.stdin.close)
        self.wait_until("postgres", f"SELECT count(*) > 0 FROM pg_stat_activity WHERE datname = '{self.name}' AND usename = 'stranger'")
        done = self.assert_refused(f"role maker may not end the sessions in {self.name} of: stranger; nothing", url=self.cluster.conninfo(self.name, "maker"))
        self.assertIn('GRANT pg_signal_backend TO "maker"', done.stderr)

    def test_no_other_database_to_work_from(self):
        self.psql("postgres", f"ALTER DATABASE {self.name} OWNER TO maker")
        hba = self.cluster.data_dir / "pg_hba.conf"
        before = hba.read_text(encoding="utf-8")
        hba.write_text(f"local {self.name} maker trust\nlocal all maker reject\n" + before, encoding="utf-8")
        self.psql("postgres", "SELECT pg_reload_conf()")
        try:
            self.wait_for_rejection("maker")
            self.assert_refused("none lets maker in: .*pg_hba.conf rejects connection.*; nothing was changed", url=self.cluster.conninfo(self.name, "maker"))
        finally:
            hba.write_text(before, encoding="utf-8")
            self.psql("postgres", "SELECT pg_reload_conf()")

    def wait_for_rejection(self, role):
        """Until the server has read its rules again."""
        arguments = [str(self.cluster.clients / "psql"), "-X", "-d", self.cluster.conninfo("postgres", role), "-c", ""]
        deadline = time.monotonic() + 20
        while subprocess.run(arguments, stderr=subprocess.DEVNULL, check=False).returncode == 0:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.02)

    # ---- The server ----

    def test_a_standby(self):
        standby = self.cluster.start_standby()
        self.addCleanup(standby.stop)
        self.assert_refused("test is a standby, which takes no changes", url=standby.conninfo(self.name), code=executor.CONFIGURATION)

    def test_a_full_disk(self):
        place = self.work / "disk"
        place.mkdir()
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size=40m,mode=0700,uid={pwd.getpwnam('postgres').pw_uid}", "tmpfs", place], stderr=subprocess.PIPE, check=False)
        if done.returncode != 0:
            self.skipTest(f"a small disk needs the right to mount: {done.stderr.decode().strip()}")
        self.addCleanup(subprocess.run, ["umount", "-l", place], check=True)
        self.psql("postgres", f"CREATE TABLESPACE small LOCATION '{place}'")
        self.addCleanup(self.psql, "postgres", "DROP TABLESPACE small")
        self.psql("postgres", "CREATE DATABASE crowded TEMPLATE template0 TABLESPACE small")
        self.addCleanup(self.cluster.drop_database, "crowded")
        self.psql("crowded", "CREATE TABLE z AS SELECT repeat(md5(n::text), 40) FROM generate_series(1, 16000) n")
        done = self.assert_refused(r"the server's disk has [\d.]+ MB free, and the restored database takes about [\d.]+ MB beside the old one; nothing",
                                   "--from-another-database", database="crowded")
        self.assertIn(f"make room in {place}, ", done.stderr)
        done = self.restore("crowded", "--from-another-database", "--no-space-check")
        self.assertEqual(self.psql("crowded", "SELECT spcname FROM pg_tablespace t JOIN pg_database d ON dattablespace = t.oid "
                                              "WHERE datname = current_database()"), "small")
        self.cluster.drop_database(done.stdout.rstrip("\n"))


if __name__ == "__main__":
    unittest.main()
