# SPDX-License-Identifier: Apache-2.0
"""What is restored is what was there: objects and rows, owners and privileges, and what belongs to the database itself."""

import json
import subprocess
import threading
import time
import unittest

from restore_support import TWO, Restores, executor, postgres

RICH = """
CREATE SCHEMA sales AUTHORIZATION seller;
CREATE SCHEMA "Weird ""schema" AUTHORIZATION app_owner;
DO $$ BEGIN
  FOR i IN 1..1000 LOOP
    EXECUTE format('CREATE TABLE %s.t%s (id integer PRIMARY KEY, note text)', (ARRAY['public', 'sales', '"Weird ""schema"'])[i % 3 + 1], i);
  END LOOP;
END $$;
INSERT INTO sales.t1 SELECT n, repeat('ü\\', n % 50) FROM generate_series(1, 2000) n;
DO $$ BEGIN FOR i IN 1..50 LOOP EXECUTE format('ALTER TABLE sales.t%s OWNER TO seller', 3 * i + 1); END LOOP; END $$;
GRANT SELECT ON sales.t1 TO app WITH GRANT OPTION;
ALTER DEFAULT PRIVILEGES FOR ROLE seller IN SCHEMA sales GRANT SELECT ON TABLES TO app;
CREATE EXTENSION hstore;
CREATE EXTENSION pg_trgm SCHEMA sales;
CREATE FUNCTION sales.twice(i integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 2 * i';
CREATE INDEX ON sales.t1 (sales.twice(id));
CREATE MATERIALIZED VIEW sales.notes AS SELECT count(*) FROM sales.t1;
SELECT lo_from_bytea(4711, 'large object');
GRANT SELECT ON LARGE OBJECT 4711 TO app;
COMMENT ON LARGE OBJECT 4711 IS 'a picture';
CREATE SEQUENCE sales.numbers; SELECT nextval('sales.numbers'), nextval('sales.numbers');
"""

# What belongs to the database, and is in no dump of its content.
OWN = """
ALTER DATABASE {0} OWNER TO app_owner;
REVOKE ALL ON DATABASE {0} FROM PUBLIC;
GRANT CONNECT ON DATABASE {0} TO app WITH GRANT OPTION;
GRANT CREATE, TEMPORARY ON DATABASE {0} TO seller;
SET ROLE app; GRANT CONNECT ON DATABASE {0} TO seller; RESET ROLE;
ALTER DATABASE {0} SET search_path TO "$user", "Weird ""schema", public;
ALTER DATABASE {0} SET default_transaction_read_only = on;
ALTER DATABASE {0} SET timezone = 'Asia/Tokyo';
ALTER DATABASE {0} SET datestyle = 'SQL, DMY';
ALTER DATABASE {0} SET work_mem = '65536kB';
ALTER DATABASE {0} SET app.motto = 'it''s, "here" \\';
ALTER ROLE app IN DATABASE {0} SET statement_timeout = '7s';
ALTER ROLE app IN DATABASE {0} SET search_path TO 'a, b', c;
COMMENT ON DATABASE {0} IS 'Kunden: it''s "ours"';
ALTER DATABASE {0} CONNECTION LIMIT 17;
"""
READ_WRITE = "SET default_transaction_read_only = off;"


class Everything(Restores):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cluster.create_roles(["seller"])

    def test_all_of_it_comes_back(self):
        self.migrations(**TWO)
        database = self.database()
        self.by_psql(database, "001_a")
        self.psql(database, RICH)
        self.psql("postgres", OWN.format(postgres.identifier(database)))
        self.backup(database, "--format", "directory", "--jobs", "2")
        picture = self.picture(database)
        self.psql(database, READ_WRITE + """
            DROP SCHEMA "Weird ""schema" CASCADE; DELETE FROM sales.t1; DROP EXTENSION hstore; CREATE EXTENSION citext;
            CREATE SCHEMA junk; CREATE TABLE junk.half_made (); ALTER TABLE sales.t4 OWNER TO app; SELECT lo_unlink(4711);
            INSERT INTO a VALUES (1); ALTER TABLE a ALTER t TYPE varchar(3); CREATE TABLE b (n integer); GRANT ALL ON b TO PUBLIC""")
        holder = self.session(database)
        holder.run(READ_WRITE + "BEGIN; LOCK TABLE a;")
        done = self.restore(database, "--jobs", "2")
        self.assert_picture(database, picture)
        self.assert_at(database, "001")
        kept = self.assert_restored(database, done)
        self.assertEqual(self.psql("postgres", f"SELECT count(*) FROM pg_stat_activity WHERE datname = '{kept}'"), "0")
        self.assertEqual(self.psql(database, "SELECT lo_get(4711)"), "\\x" + b"large object".hex())
        self.assertEqual(self.psql(database, "SELECT last_value FROM sales.numbers"), "2")
        self.assertNotEqual(self.psql(database, "SELECT reltuples FROM pg_class WHERE oid = 'sales.t1'::regclass"), "-1")  # analyzed
        self.assertIn("test is at 001 again, as in pre-002-", done.stderr)
        self.assert_old_one_can_be_looked_at(kept)

    def assert_old_one_can_be_looked_at(self, kept):
        self.psql("postgres", f'ALTER DATABASE "{kept}" ALLOW_CONNECTIONS true')
        self.assertEqual(self.psql(kept, "SELECT count(*) FROM junk.half_made"), "0")
        self.psql("postgres", f'DROP DATABASE "{kept}";')


class Ways(Restores):
    def setUp(self):
        super().setUp()
        self.migrations(**TWO)
        self.name = self.database()
        self.by_psql(self.name, "001_a")
        self.psql(self.name, "INSERT INTO a SELECT n, 'x' FROM generate_series(1, 10) n")

    def rows(self):
        return self.psql(self.name, "SELECT count(*) FROM a")

    def test_a_failed_migration_leaves_nothing(self):
        self.write(_002_b="-- pgratchet: no-transaction\nCREATE TABLE b (n integer);\nCREATE UNIQUE INDEX CONCURRENTLY a_once ON a (t);\n")
        self.compile()
        done = self.apply_with_backup(self.name, code=executor.SQL_FAILED)
        self.assertIn("could not create unique index", done.stderr)
        self.assertEqual(self.status(self.name)["state"], "partial")
        self.restore(self.name)
        found = self.assert_at(self.name, "001")
        self.assertEqual((found["unmanaged"], self.rows()), ([], "10"))

    def test_a_later_migration_and_then_again(self):
        """And an old backup, although the database is another one since the first restore."""
        self.apply_with_backup(self.name)
        self.assert_at(self.name, "002")
        archive = self.the_archive()[0]
        for _ in range(2):
            self.psql(self.name, "DELETE FROM a")
            done = self.restore(self.name, archive=archive)
            self.assert_at(self.name, "001")
            self.assertEqual(self.rows(), "10")
            self.cluster.drop_database(self.assert_restored(self.name, done))
        self.apply(self.name)
        self.assert_at(self.name, "002")

    def test_onto_another_server_when_the_first_is_lost(self):
        self.backup(self.name)
        elsewhere = postgres.Cluster()
        elsewhere.start()
        self.addCleanup(elsewhere.stop)
        elsewhere.create_roles(["app", "app_owner"])
        elsewhere.create_database(self.name)
        url = elsewhere.conninfo(self.name)
        self.assertIn("is a backup of another database", self.restore(self.name, url=url, code=executor.STATE_REFUSES).stderr)
        self.restore(self.name, "--from-another-database", url=url)
        self.assertEqual(elsewhere.psql(self.name, "SELECT count(*) FROM a"), "10")
        found = self.executor.status(self.plan, url)
        self.assertEqual((found["version"], found["drift"]), ("001", []))

    def test_and_back_to_what_was_kept(self):
        """With the words of the documentation."""
        self.backup(self.name)
        self.psql(self.name, "DELETE FROM a")
        kept = self.assert_restored(self.name, self.restore(self.name))
        self.assertEqual(self.rows(), "10")
        self.psql("postgres", f'ALTER DATABASE "{self.name}" RENAME TO "{self.name}_restored"; ALTER DATABASE "{kept}" RENAME TO "{self.name}";'
                              f'ALTER DATABASE "{self.name}" ALLOW_CONNECTIONS true')
        self.addCleanup(self.cluster.drop_database, f"{self.name}_restored")
        self.assertEqual(self.rows(), "0")
        self.assert_at(self.name, "001")

    def test_an_empty_database(self):
        empty = self.database("_empty")
        self.backup(empty)
        archive = self.the_archive()[0]
        self.by_psql(empty, "001_a", "002_b")
        self.restore(empty, archive=archive)
        self.assert_at(empty, None)

    def test_accepted_drift_comes_back_too(self):
        self.psql(self.name, "ALTER TABLE a ALTER t SET DEFAULT 'x'")
        self.apply_with_backup(self.name, "--accept-drift", "public.a.t")
        picture = self.picture(self.name)
        self.restore(self.name)
        self.psql(self.name, "CREATE TABLE b (n integer)")
        self.assert_picture(self.name, picture)

    def test_drift_comes_back_as_drift(self):
        self.psql(self.name, "ALTER TABLE a ALTER t TYPE varchar(9)")
        self.backup(self.name)
        picture = self.picture(self.name)
        self.psql(self.name, "DROP TABLE a")
        done = self.restore(self.name)
        self.assert_picture(self.name, picture)
        self.assertIn("test is at drift again", done.stderr)

    def test_the_receipt_in_place_of_the_archive_and_a_name_of_ones_own(self):
        self.backup(self.name)
        archive = self.the_archive()[0]
        done = self.restore(self.name, "--keep-as", 'Old "one"', archive=f"{archive}.json")
        self.addCleanup(self.cluster.drop_database, 'Old "one"')
        self.assertEqual(done.stdout, 'Old "one"\n')
        self.assertIn('DROP DATABASE "Old ""one""";', done.stderr)

    def test_a_database_with_any_name(self):
        """Of 63 bytes, with what SQL, connection strings and shells take for their own."""
        name = "it's \"Ä\" = 50%; $x\\ dbname=postgres " + "ü" * 12
        self.cluster.create_database(name)
        self.addCleanup(self.cluster.drop_database, name)
        self.by_psql(name, "001_a")
        self.backup(name)
        picture = self.picture(name)
        self.psql(name, "DROP TABLE a")
        done = self.restore(name)
        self.cluster.drop_database(done.stdout.rstrip("\n"))
        self.assert_picture(name, picture)

    def test_who_connects_again_and_again(self):
        self.backup(self.name)
        self.psql(self.name, "DELETE FROM a")
        stop, seen = threading.Event(), [[], [], []]
        arguments = [str(self.cluster.clients / "psql"), "-X", "-q", "-A", "-t", "-d", self.cluster.conninfo(self.name), "-c",
                     "SELECT count(*) FROM a"]

        def connect(answers):
            while not stop.is_set():
                answers.append(subprocess.run(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False).stdout.strip())
        threads = [threading.Thread(target=connect, args=(answers,)) for answers in seen]
        for thread in threads:
            thread.start()
        try:
            while not all("0" in answers for answers in seen):
                time.sleep(0.02)
            self.restore(self.name)
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        self.assertEqual(self.rows(), "10")
        for answers in seen:
            counts = [a for a in answers if a]  # who was cut off has none
            self.assertEqual(sorted(counts), counts, "the old database came back")

    def test_by_the_variables_that_a_target_uses(self):
        self.backup(self.name)
        archive = self.the_archive()[0]
        arguments = ["restore", "--plan", self.plan, "--environment", "test", "--url-variable", executor.URL_VARIABLE,
                     "--from-variable", "FROM_HERE", "--confirm-variable", "REALLY"]
        url = self.cluster.conninfo(self.name)
        for environment, words in (({"FROM_HERE": archive}, "the variable REALLY, which is to hold --confirm, is not set"),
                                   ({"FROM_HERE": archive, "REALLY": "yes"}, "'yes' is confirmed, and the environment is test; nothing was changed\npgratchet: hint: to restore it all the same: REALLY=test"),
                                   ({"REALLY": "test"}, "the variable FROM_HERE, which is to hold --from, is not set")):
            environment = {k: str(v) for k, v in environment.items()}
            done = self.executor.run(*arguments, url=url, environment=environment).require(executor.USAGE)
            self.assertIn(words, done.stderr)
        self.executor.run(*arguments, url=url, environment={"FROM_HERE": str(archive), "REALLY": "test"}).require()
        self.assertEqual(self.rows(), "10")

    def test_it_is_in_the_history(self):
        self.backup(self.name)
        self.restore(self.name)
        done = self.executor.run("status", "--history", "--plan", self.plan, "--environment", "test", "--format", "json").require()
        last = json.loads(done.stdout)["receipts"][-1]
        self.assertEqual((last["did"], last["state"], last["sha256"]), ("restore", "001", self.the_archive()[1]["sha256"]))

    def test_by_its_owner_who_is_no_superuser(self):
        self.psql("postgres", "DO $$BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'deployer') THEN "
                              "CREATE ROLE deployer LOGIN CREATEDB; END IF; END$$")
        mine = self.database("_mine")
        self.psql("postgres", f"ALTER DATABASE {mine} OWNER TO deployer; ALTER DATABASE {mine} SET work_mem = '5MB'")
        url = self.cluster.conninfo(mine, "deployer")
        self.executor.apply(self.plan, url).require()
        self.backup(mine, url=url)
        picture = self.picture(mine)
        self.psql(mine, "DROP TABLE a")
        self.restore(mine, url=url)
        self.assert_picture(mine, picture)


if __name__ == "__main__":
    unittest.main()
