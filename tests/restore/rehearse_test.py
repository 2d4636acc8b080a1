# SPDX-License-Identifier: Apache-2.0
"""A rehearsal: what is pending, on the data of a backup, somewhere else."""

import re
import shutil
import signal
import time
import unittest
from pathlib import Path

from restore_support import Restores, executor, postgres

FILES = {"_001_a": "CREATE TABLE a (n integer PRIMARY KEY, t text);\nGRANT SELECT ON a TO app;",
         "_002_more": "ALTER TABLE a ADD COLUMN m integer NOT NULL DEFAULT 0;\nUPDATE a SET m = n;\nALTER TABLE a ALTER m TYPE bigint;\nGRANT INSERT ON a TO app;",
         "_003_index": "-- pgratchet: no-transaction\nCREATE INDEX CONCURRENTLY a_t ON a (t);\n"}
UNIQUE = "ALTER TABLE a ADD CONSTRAINT a_t_key UNIQUE (t);"


class Rehearse(Restores):
    def at_001(self, more=None, rows=100):
        self.write(**{**FILES, **(more or {})})
        self.probe("002_more", "SELECT NOT EXISTS (SELECT FROM a WHERE m <> n)")
        self.compile("--role", "app", "--role", "app_owner", quiet=False)
        database = self.database()
        self.by_psql(database, "001_a")
        self.psql(database, f"INSERT INTO a SELECT n, 'row ' || n FROM generate_series(1, {rows}) n")
        return database

    def rehearse(self, database=None, *extra, code=executor.DONE, on=None, environment=None, url=None):
        where = ["--url-variable", executor.URL_VARIABLE] if database else []
        return self.executor.run("rehearse", "--plan", self.plan, "--environment", "test", *where, "--backup-dir", self.backups,
                                 *(("--shadow-url-variable", "REHEARSE_ON") if on is None else on), *extra,
                                 url=self.cluster.conninfo(database) if database else None,
                                 environment={"REHEARSE_ON": url or self.cluster.conninfo("postgres"), **(environment or {})}).require(code)

    def picture_of_server(self):
        return self.server(), self.psql("postgres", "SELECT rolname FROM pg_roles ORDER BY 1")

    def test_says_what_it_would_be_like(self):
        """Each statement with its time and its locks, what is blocked for how long, and what is written anew."""
        database = self.at_001()
        self.backup(database)
        before, server = self.picture(database), self.picture_of_server()
        done = self.rehearse()
        times = re.compile(r"\d[\d.]* (ms|s|min)\b")
        self.assertEqual(re.sub(r" {2,}", "  ", re.sub(r"[\d.]+ kB", "SIZE", times.sub("TIME", done.stdout))).splitlines(), [
            "002_more.sql: in one transaction, TIME",
            "#  line  statement  relation  lock  rewrite  scan  blocks  until  time",
            "1  2  ALTER TABLE  public.a  ACCESS EXCLUSIVE  no  no  reads and writes  end of transaction  TIME",
            "2  3  UPDATE  public.a  ROW EXCLUSIVE  no  no  schema changes  end of transaction  TIME",
            "3  4  ALTER TABLE  public.a  ACCESS EXCLUSIVE  yes  no  reads and writes  end of transaction  TIME",
            "4  5  GRANT  TIME",
            "  public.a: reads and writes blocked for TIME",
            "  public.a was written anew (SIZE, now SIZE)",
            "003_index.sql: without a transaction, TIME",
            "#  line  statement  relation  lock  rewrite  scan  blocks  until  time",
            "1  2  CREATE INDEX  public.a  SHARE UPDATE EXCLUSIVE  no  yes  schema changes  end of statement  TIME"])
        self.assertRegex(done.stderr, r"pgratchet: pre-002-\w+\.dump of the database \w+, made at \S+, is restored for a rehearsal, in [\d.]+ m?s\n")
        self.assertIn("pgratchet: the rehearsal of test went through, from 001 to 003; test was not touched\n", done.stderr)
        self.assertEqual(self.picture_of_server(), server)
        self.assert_picture(database, before)

    def test_on_a_private_server(self):
        """With owners, policies and privileges of roles that this one does not have."""
        database = self.at_001()
        self.psql(database, """CREATE ROLE "of prod"; ALTER TABLE a OWNER TO "of prod"; CREATE POLICY p ON a TO "of prod" USING (true);
                               GRANT DELETE ON a TO app WITH GRANT OPTION; SET ROLE app; GRANT DELETE ON a TO app_owner""")
        self.addCleanup(self.psql, "postgres", 'DROP ROLE "of prod"')
        self.addCleanup(self.cluster.drop_database, database)
        self.backup(database)
        done = self.rehearse(None, on=("--data-dir", self.work / "shadow"))
        self.assertIn("went through, from 001 to 003", done.stderr)
        again = self.rehearse(None, on=("--data-dir", self.work / "shadow"))
        self.assertIn("went through, from 001 to 003", again.stderr)

    def test_a_setting_that_lets_nobody_in_here(self):
        """A library that the environment's server has."""
        database, library = self.at_001(), self.work / "only_there.so"
        shutil.copy(Path(self.cluster.bindir).parent / "lib" / "auto_explain.so", library)
        library.chmod(0o755)
        self.psql("postgres", f"ALTER DATABASE {database} SET session_preload_libraries = '{library}'; ALTER DATABASE {database} SET work_mem = '5MB'")
        self.backup(database)
        self.psql("postgres", f"ALTER DATABASE {database} RESET session_preload_libraries")
        library.unlink()
        done = self.rehearse()
        self.assertRegex(done.stderr, r"warning: the database of the rehearsal has not the setting SET session_preload_libraries TO .*only_there")
        self.assertNotIn("work_mem", done.stderr)
        self.assertIn("went through, from 001 to 003", done.stderr)

    def test_rows_of_another_server_are_let_be(self):
        far = self.database("_far")
        self.psql(far, "CREATE TABLE items (n integer); INSERT INTO items VALUES (1)")
        database = self.at_001({"_002_more": f"""
            CREATE EXTENSION postgres_fdw;
            CREATE SERVER elsewhere FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '{self.cluster.socket_dir}', dbname '{far}');
            CREATE USER MAPPING FOR CURRENT_USER SERVER elsewhere OPTIONS (user 'postgres');
            CREATE FOREIGN TABLE items (n integer) SERVER elsewhere;
            DELETE FROM items;
            ALTER TABLE a ADD COLUMN m integer;"""})
        self.backup(database)
        self.assertIn("  statement 5 was only planned: it changes rows of a foreign table\n", self.rehearse().stdout)
        self.assertEqual(self.psql(far, "SELECT * FROM items"), "1")

    def test_a_foreign_partition_that_only_the_environment_has(self):
        far = self.database("_far")
        self.psql(far, "CREATE TABLE items (n integer, m integer); INSERT INTO items VALUES (150, 1)")
        self.write(_001_a="CREATE TABLE a (n integer, m integer) PARTITION BY RANGE (n);\nCREATE EXTENSION postgres_fdw;",
                   _002_b="UPDATE a SET m = 2;\nALTER TABLE a ADD COLUMN t text;")
        self.compile("--job-managed-partitions", "public.a", quiet=False)
        database = self.database()
        self.by_psql(database, "001_a")
        self.psql(database, f"""
            CREATE SERVER elsewhere FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '{self.cluster.socket_dir}', dbname '{far}');
            CREATE USER MAPPING FOR CURRENT_USER SERVER elsewhere OPTIONS (user 'postgres');
            CREATE FOREIGN TABLE a_old PARTITION OF a FOR VALUES FROM (100) TO (200) SERVER elsewhere OPTIONS (table_name 'items')""")
        self.backup(database)
        self.assertIn("  statement 1 was only planned: it changes rows of a foreign table\n", self.rehearse().stdout)
        self.assertEqual(self.psql(far, "SELECT * FROM items"), "150|1")

    def test_the_database_is_like_the_one_that_was_dumped(self):
        """Encoding, locale and settings decide, too, what a migration does; tablespaces are for the other server's disk."""
        database = self.at_001({"_003_index": "ALTER TABLE a ADD COLUMN told text DEFAULT current_setting('server_encoding') || current_setting('app.tenant', true);\n"
                                              "ALTER TABLE a ADD CHECK (told = 'LATIN1acme');"})
        self.psql("postgres", f"CREATE DATABASE {database}_latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'; "
                              f"ALTER DATABASE {database}_latin SET app.tenant = 'acme'")
        self.addCleanup(self.cluster.drop_database, f"{database}_latin")
        self.by_psql(f"{database}_latin", "001_a")
        self.psql(f"{database}_latin", "INSERT INTO a VALUES (1, 'row'); COMMENT ON TABLE a IS 'Größe'")  # in LATIN1 the archive is no UTF-8
        self.backup(f"{database}_latin")
        self.assertIn("went through, from 001 to 003", self.rehearse().stderr)

    def test_of_another_project_is_not_taken(self):
        database = self.at_001()
        self.backup(database)
        theirs = self.work / "theirs.plan.json"
        theirs.write_bytes(self.plan.read_bytes())
        done = self.executor.run("rehearse", "--plan", theirs, "--environment", "test", "--backup-dir", self.backups, "--shadow-url-variable", "REHEARSE_ON",
                                 environment={"REHEARSE_ON": self.cluster.conninfo("postgres")}).require(executor.USAGE)
        self.assertIn("there is no backup of test in", done.stderr)

    def test_a_migration_that_fails_on_the_data(self):
        """It went through on the empty shadow, and would have failed on production: exit 4 and the place."""
        database = self.at_001({"_003_index": UNIQUE})
        self.psql(database, "UPDATE a SET t = 'same' WHERE n > 98")
        self.backup(database)
        before, server = self.picture(database), self.picture_of_server()
        done = self.rehearse(code=executor.SQL_FAILED)
        self.assertRegex(done.stderr, r"003_index\.sql:2:1: error: could not create unique index \"a_t_key\" \[23505\]")
        self.assertIn("003 was rolled back; the rehearsal of test stays at 002", done.stderr)
        self.assertTrue(done.stdout.startswith("002_more.sql: "))
        self.assertNotIn("003_index.sql", done.stdout)
        self.assert_picture(database, before)
        self.assertEqual(self.picture_of_server(), server)

    def test_the_migrations_name_the_role_that_deploys(self):
        """Backup and restore are the deployer's, for whom its name is its own; the rehearsal is another one's."""
        self.write(_001_a="CREATE TABLE a (n integer);\nCREATE POLICY p ON a TO app USING (true);",
                   _002_owner="ALTER TABLE a OWNER TO app;\nGRANT SELECT ON a TO app;\nALTER TABLE a ADD m integer;")
        self.compile("--role", "app", quiet=False)
        self.psql("postgres", "ALTER ROLE app LOGIN CREATEDB")
        self.addCleanup(self.psql, "postgres", "ALTER ROLE app NOLOGIN NOCREATEDB")
        database = self.closed_database(owner="app")
        url = self.cluster.conninfo(database, "app")
        self.executor.apply(self.plan, url, to="001").require()
        archive = self.backup(database, url=url).stdout.strip()
        self.assertIn("went through, from 001 to 002; test was not touched\n", self.rehearse().stderr)
        self.executor.apply(self.plan, url).require()
        self.restore(database, archive=archive, url=url)
        self.assertEqual(self.executor.on("status", self.plan, url).require().stdout, "test is at 001\n  pending: 002_owner.sql\n")

    def test_the_hint_of_a_migration_that_fails(self):
        database = self.at_001({"_003_index": "DO $$ BEGIN IF EXISTS (SELECT FROM a) THEN RAISE 'rows' USING HINT = 'move them'; END IF; END $$;\nCREATE TABLE c ();"})
        self.backup(database)
        done = self.rehearse(code=executor.SQL_FAILED)
        self.assertRegex(done.stderr, r"003_index\.sql:2:44: error: rows \[P0001\]")
        self.assertIn("  hint: move them\n", done.stderr)

    def test_the_newest_is_taken(self):
        database = self.at_001()
        self.backup(database)
        self.apply(database, to="002")
        self.backup(database)
        done = self.rehearse()
        self.assertIn("went through, from 002 to 003", done.stderr)
        oldest = min(n for n in self.names() if n.endswith(".dump"))
        done = self.rehearse(None, "--from", oldest)
        self.assertIn("went through, from 001 to 003", done.stderr)

    def test_makes_a_backup_if_there_is_none(self):
        database = self.at_001()
        done = self.rehearse(code=executor.USAGE)
        self.assertIn(f"rehearse: there is no backup of test in {self.backups}", done.stderr)
        done = self.rehearse(database)
        self.assertIn("pgratchet: backup of test: ", done.stderr)
        self.assertIn("went through, from 001 to 003", done.stderr)
        self.assertNotIn("backup of test: ", self.rehearse(database).stderr)
        self.assertIn("backup of test: ", self.rehearse(database, "--new-backup").stderr)
        self.assertEqual(len([n for n in self.names() if n.endswith(".dump")]), 2)

    def test_the_environment_has_gone_on_since(self):
        """The rehearsal begins where the backup is: that is said before and with the result."""
        database = self.at_001()
        self.backup(database)
        self.apply(database, to="002")
        before = self.picture(database)
        done = self.rehearse(database)
        self.assertIn("pgratchet: warning: the backup is of 001, and test is at 002: the rehearsal begins at 001, and what was written since is not in it\n"
                      "pgratchet: hint: to rehearse on what is there now, make a new one: build backup_test before, or --new-backup\n", done.stderr)
        self.assertIn("went through, from 001 to 003; test was not touched; test is at 002, with data that is not in this backup\n", done.stderr)
        self.assert_picture(database, before)
        fresh = self.rehearse(database, "--new-backup")
        self.assertIn("went through, from 002 to 003; test was not touched\n", fresh.stderr)
        self.assertNotIn("warning", fresh.stderr)
        self.assertNotIn("warning", self.rehearse(database).stderr)
        self.psql(database, "ALTER TABLE a ALTER n TYPE bigint")
        self.assertIn("the backup is of 002, and test fits no version: drift, nearest to 002", self.rehearse(database).stderr)

    def test_the_environment_cannot_be_asked(self):
        database = self.at_001()
        self.backup(database)
        done = self.rehearse(database, "--expect-database", "another")
        self.assertIn("pgratchet: warning: where test is now could not be asked, and the backup may be of an older version: ", done.stderr)
        self.assertIn("went through, from 001 to 003; test was not touched\n", done.stderr)

    def test_nothing_pending_is_a_drill(self):
        database = self.at_001()
        self.apply(database)
        self.backup(database)
        done = self.rehearse()
        self.assertEqual(done.stdout, "")
        self.assertRegex(done.stderr, r"is restored for a rehearsal, in .*\npgratchet: nothing is pending after 003\n\Z")

    def test_backups_that_cannot_be_rehearsed_with(self):
        database = self.at_001()
        archive = Path(self.backup(database).stdout.strip())
        content = archive.read_bytes()
        archive.write_bytes(b"X" + content[1:])
        self.assertIn("has not the SHA-256 that its receipt says", self.rehearse(code=executor.BACKUP_FAILED).stderr)
        archive.write_bytes(content)
        self.psql(database, "ALTER TABLE a ALTER n TYPE bigint")
        drifted = self.backup(database).stdout.strip()
        done = self.rehearse(None, "--from", drifted, code=executor.STATE_REFUSES)
        self.assertIn("the backup is at no version of the plan (drift), so nothing can be applied to it", done.stderr)
        self.assertEqual([n for n in self.server() if "shadow" in n], [])

    def test_asked_to_end(self):
        """Neither database nor role is left, and the environment is not mentioned for nothing."""
        database = self.at_001()
        self.backup(database)
        server = self.picture_of_server()
        flag = self.work / "running"
        hook = self.hooked(before=f'case "$*" in *--dbname=*) touch {flag}; exec sleep 30;; esac')
        running = self.executor.start("rehearse", "--plan", self.plan, "--environment", "test", "--backup-dir", self.backups, "--shadow-url-variable",
                                      "REHEARSE_ON", *hook, environment={"REHEARSE_ON": self.cluster.conninfo("postgres")})
        self.addCleanup(self.end, running)
        deadline = time.monotonic() + 20
        while not flag.exists():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.02)
        running.send_signal(signal.SIGTERM)
        _, stderr = running.communicate(timeout=30)
        self.assertEqual((running.returncode, stderr), (-signal.SIGTERM, "pgratchet: error: interrupted by SIGTERM; test was not touched\n"))
        self.assertEqual(self.picture_of_server(), server)

    def test_arguments(self):
        self.at_001()
        for arguments, words in (((), "rehearse: give one of --data-dir and --shadow-url-variable"), (("--data-dir", "x", "--shadow-url-variable", "Y"), "give one of"),
                                 (("--data-dir", "x", "--from", "y", "--new-backup"), "rehearse: give one of --from and --new-backup"),
                                 (("--data-dir", "x", "--from", "nothing.dump"), "there is no backup nothing.dump in "),
                                 (("--data-dir", "x", "--restore-jobs", "0"), "--restore-jobs is 0")):
            self.assertIn(words, self.rehearse(None, *arguments, on=(), code=executor.USAGE).stderr)


if __name__ == "__main__":
    unittest.main()
