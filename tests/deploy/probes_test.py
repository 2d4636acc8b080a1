# SPDX-License-Identifier: Apache-2.0
"""What hand-written probes say against the schema, and against each other."""

import json
import unittest

from deploy_support import Deployment, executor


class Denied(Deployment):
    def lost(self):
        """A database at 003 that has lost the index of 002, and so looks like one at 001."""
        self.probe("003_house", "SELECT EXISTS (SELECT FROM accounts WHERE name = 'house')")
        self.migrations(_001_accounts="CREATE TABLE accounts (name text, balance integer);", _002_index="CREATE INDEX by_name ON accounts (name);",
                        _003_house="INSERT INTO accounts VALUES ('house', 10);\nUPDATE accounts SET balance = balance + 5;", _004_more="CREATE TABLE more ();")
        database = self.database()
        self.apply(database, to="003")
        self.psql(database, "DROP INDEX by_name")
        return database

    def test_what_its_probe_says_is_done_is_not_done_again(self):
        database = self.lost()
        found = self.status(database)
        self.assertEqual((found["state"], found["version"], found["denied_by"], found["pending"]), ("drift", "003", "003", ["004"]))
        done = self.executor.on("status", self.plan, self.cluster.conninfo(database)).require()
        self.assertEqual(done.stdout, "test has the schema of 001, but a probe says that 003 has run: drift, nearest to 003\n"
                         "  pending: 004_more.sql\n  drift: index public.by_name: expected, and is missing\n"
                         "  all of it is about what 002_index.sql does: either test got another 002 than this plan has, or what it made was"
                         " changed since\n"
                         "  hint: bring the listed objects back, or name those that do not matter and the version that it is at: --accept-drift "
                         "'KIND IDENTITY' --assume NNN; if 003 has not run, whatever its probe says, that version alone: --assume NNN\n")
        self.assertIn("--assume NNN\n", self.assert_refused(database, "test has lost something since; nothing was changed").stderr)
        self.apply(database, "--accept-drift", "public.by_name", "--assume", "003")
        self.assertEqual(self.psql(database, "SELECT balance FROM accounts"), "15")
        self.psql(database, "CREATE INDEX by_name ON accounts (name)")
        self.assert_at(database, "004")

    def test_somebody_may_know_better_than_the_probe(self):
        database = self.lost()
        self.apply(database, "--assume", "001")
        self.assertEqual(self.psql(database, "SELECT sum(balance) FROM accounts"), "35")
        self.assert_at(database, "004")
        self.assertEqual([r["state"] for r in self.receipts() if r["did"] == "assume"], ["001"])

    def test_a_probe_that_is_true_from_the_start_denies_nothing(self):
        self.probe("003_filled", "SELECT NOT EXISTS (SELECT FROM items WHERE n IS NULL)")
        self.write(_001_items="CREATE TABLE items (n integer);", _002_index="CREATE INDEX by_n ON items (n);", _003_fill="UPDATE items SET n = 0 WHERE n IS NULL;")
        self.compile()
        database = self.database()
        self.by_psql(database, "001_items")
        self.assert_at(database, "001", pending=["002", "003"])

    def test_a_probe_that_is_true_of_empty_tables_denies_nothing(self):
        """False on the throwaway server, where the first file has put in what the third takes out."""
        self.probe("003_cleaned", "SELECT NOT EXISTS (SELECT FROM items WHERE n < 0)")
        self.migrations(_001_items="CREATE TABLE items (n integer PRIMARY KEY);\nCREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS"
                        " 'BEGIN RAISE EXCEPTION ''append only''; END';\nCREATE TRIGGER keep BEFORE TRUNCATE ON items EXECUTE FUNCTION stop();\n"
                        "INSERT INTO items VALUES (-1);",
                        _002_index="CREATE INDEX by_n ON items (n);", _003_clean="DELETE FROM items WHERE n < 0;")
        database = self.database()
        self.by_psql(database, "001_items")
        self.psql(database, "DELETE FROM items")
        self.assert_at(database, "001", pending=["002", "003"])
        self.assertNotIn("denies", json.loads(self.plan.read_text(encoding="utf-8"))["probes"][0])

    def test_a_probe_that_was_true_at_an_earlier_version_denies_nothing(self):
        """Two files that touch the same row, and one whose probe is true of an empty database."""
        self.probe("002_sixty", "SELECT EXISTS (SELECT FROM settings WHERE value = '60')")
        self.probe("004_thirty", "SELECT EXISTS (SELECT FROM settings WHERE value = '30')")
        self.probe("005_gone", "SELECT to_regclass('settings') IS NULL")
        self.migrations(_001_settings="CREATE TABLE settings (name text PRIMARY KEY, value text);\nINSERT INTO settings VALUES ('days', '30');",
                        _002_sixty="UPDATE settings SET value = '60';", _003_note="ALTER TABLE settings ADD note text;",
                        _004_thirty="UPDATE settings SET value = '30';\nALTER TABLE settings ADD more text;",
                        _005_drop="INSERT INTO settings VALUES ('x');\nDROP TABLE settings;\nCREATE TABLE options (id integer PRIMARY KEY);")
        database = self.database()
        self.apply(database, to="001")
        self.assert_at(database, "001", pending=["002", "003", "004", "005"])
        self.apply(database)
        self.assert_at(database, "005")

    def test_a_probe_that_cannot_tell_a_version_from_one_that_looks_like_it(self):
        """The column is gone at 001 as well, where 002 has not changed the amounts."""
        self.write(_001_orders="CREATE TABLE orders (id integer PRIMARY KEY, amount integer);", _002_cents="ALTER TABLE orders ADD unit text;\nUPDATE orders SET amount = amount * 100 WHERE id > 0;",
                   _003_no_unit="ALTER TABLE orders DROP unit;")
        gone = "SELECT NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'orders'::regclass AND attname = 'unit')"
        self.probe("003_no_unit", gone)
        done = self.compile(quiet=False)
        self.assertIn("003_no_unit.sql:1:1: warning: the probe is true already at 001, which looks as 003 does [-Wearly-probe]\n"
                      "  a database at 001 counts as 003: what the files between do to data is not done there\n", done.stderr)
        self.try_compile("--werror=early-probe").require(executor.SQL_FAILED)
        self.probe("003_no_unit", "-- pgratchet: allow early-probe: the amounts are right everywhere\n" + gone)
        self.assertNotIn("early-probe", self.compile(quiet=False).stderr)
        self.write(_002_cents="ALTER TABLE orders ADD unit text;\nCREATE TABLE told (n integer PRIMARY KEY);\nUPDATE orders SET amount = amount * 100 WHERE id > 0;",
                   _003_no_unit="ALTER TABLE orders DROP unit;\nINSERT INTO told VALUES (1);")
        self.probe("003_no_unit", "SELECT EXISTS (SELECT FROM told)")
        self.assertNotIn("early-probe", self.compile(quiet=False).stderr)

    def test_where_the_throwaway_server_may_not_empty_tables(self):
        """A probe that could be true without rows denies nothing, then."""
        self.psql("postgres", "ALTER ROLE app LOGIN CREATEDB")
        self.addCleanup(self.psql, "postgres", "ALTER ROLE app NOLOGIN NOCREATEDB")
        self.probe("002_filled", "SELECT EXISTS (SELECT FROM filled WHERE n = 2)")
        self.probe("003_empty", "SELECT EXISTS (SELECT FROM empty WHERE n = 3)")
        self.write(_001_tables="CREATE TABLE filled (n integer);\nCREATE TABLE empty (n integer);\nINSERT INTO filled VALUES (1);",
                   _002_filled="INSERT INTO filled VALUES (2);\nCREATE TABLE b ();", _003_empty="INSERT INTO empty VALUES (3);\nCREATE TABLE c ();")
        for user, denying in (("app", ["003_empty"]), ("postgres", ["002_filled", "003_empty"])):
            with self.subTest(user):
                self.compile(quiet=False, shadow_url=self.cluster.conninfo("postgres", user))
                self.assertEqual([one["name"] for one in json.loads(self.plan.read_text(encoding="utf-8"))["probes"] if one.get("denies")], denying)

    def test_work_on_the_server_denies_nothing(self):
        """The database beside has done it."""
        self.addCleanup(self.psql, "postgres", "REVOKE app_owner FROM app; ALTER ROLE app RESET application_name")
        self.probe("002_member", "SELECT pg_has_role('app', 'app_owner', 'MEMBER')")
        self.migrations(_001_t="CREATE TABLE t (id integer PRIMARY KEY);",
                        _002_member="GRANT app_owner TO app;\nALTER ROLE app SET application_name = 'x';\nCREATE TABLE u (id integer PRIMARY KEY);")
        for suffix in ("_first", "_second"):
            database = self.database(suffix)
            self.apply(database, to="001")
            self.apply(database)
            self.assert_at(database, "002")


class TrueEarlier(Deployment):
    """A probe that was true for a while, long before its own file, says nothing against the schema. It is asked again only when its
    answer may be another one."""
    SEEN = "SELECT EXISTS (SELECT FROM t WHERE n = 1)"
    TABLE = "CREATE TABLE t (n integer);"
    NEVER = {"_001_a": TABLE, "_002_b": "CREATE TABLE b (m integer);\nINSERT INTO b VALUES (1);", "_003_c": "INSERT INTO t VALUES (2);\nCREATE TABLE c ();",
             "_004_d": "CREATE VIEW v AS SELECT m FROM b;"}
    GONE = "DELETE FROM t WHERE n = 1;\nCREATE TABLE d ();"
    FOR_A_WHILE = {
        "by rows": (SEEN, TABLE, "CREATE TABLE b ();", "INSERT INTO t VALUES (1);\nCREATE TABLE c ();", GONE),
        "by a trigger of another table":
            (SEEN, TABLE + "\nCREATE TABLE b (m integer);\nCREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO t VALUES (NEW.m); RETURN NULL; END';\n"
             "CREATE TRIGGER g AFTER INSERT ON b FOR EACH ROW EXECUTE FUNCTION f();", "CREATE TABLE c ();", "INSERT INTO b VALUES (1);\nCREATE TABLE e ();", GONE),
        "by a foreign key that cascades":
            ("SELECT count(*) = 1 FROM t", "CREATE TABLE p (n integer PRIMARY KEY);\nCREATE TABLE t (n integer REFERENCES p ON DELETE CASCADE);\n"
             "INSERT INTO p VALUES (1), (2);\nINSERT INTO t VALUES (1), (2);", "CREATE TABLE b ();", "DELETE FROM p WHERE n = 2;\nCREATE TABLE c ();",
             "INSERT INTO t VALUES (1);\nCREATE TABLE d ();"),
        "by a table that was not there": ('SELECT EXISTS (SELECT FROM "S"."T" WHERE n = 1)', "CREATE TABLE t ();", 'CREATE SCHEMA "S";',
                                          'CREATE TABLE "S"."T" AS SELECT 1 AS n;', 'DELETE FROM "S"."T";\nCREATE TABLE d ();'),
        "by a column that was not there": ("SELECT EXISTS (SELECT FROM t WHERE t.n = 1)", "CREATE TABLE t (m integer);\nINSERT INTO t VALUES (1);", "CREATE TABLE n ();",
                                           "ALTER TABLE t RENAME m TO n;", GONE),
        "by a new partition": (SEEN, "CREATE TABLE t (n integer) PARTITION BY LIST (n);\nCREATE TABLE t2 PARTITION OF t FOR VALUES IN (2);",
                               "CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);", "INSERT INTO t1 VALUES (1);\nCREATE TABLE c ();", GONE),
        "by another view": ("SELECT EXISTS (SELECT FROM v WHERE n = 1)", TABLE + "\nCREATE TABLE b (n integer);\nCREATE VIEW v AS SELECT n FROM b;",
                            "CREATE OR REPLACE VIEW v AS SELECT n FROM t;", "INSERT INTO t VALUES (1);\nCREATE TABLE c ();", GONE),
        "by a function": ("SELECT EXISTS (SELECT FROM v)", TABLE + "\nCREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 2';\nCREATE VIEW v AS SELECT FROM t WHERE f() = 1;\n"
                          "INSERT INTO t VALUES (3);", "CREATE TABLE b ();", "CREATE OR REPLACE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1';",
                          "CREATE OR REPLACE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 2';"),
        "by the catalog": ("SELECT EXISTS (SELECT FROM pg_class WHERE relname = 'b')", TABLE, "CREATE TABLE b ();", "CREATE TABLE c ();", "DROP TABLE b;"),
        "by what a function looks up": ("SELECT to_regclass('b') IS NOT NULL AND EXISTS (SELECT FROM t)", TABLE + "\nINSERT INTO t VALUES (2);", "CREATE TABLE b ();",
                                        "CREATE TABLE c ();", "DROP TABLE b;"),
    }

    def denies(self, probe, last, **files):
        self.probe("005_last", probe)
        self.write(**files, _005_last=f"{last}\nCREATE TABLE last (id integer PRIMARY KEY);")
        self.compile(quiet=False)
        return json.loads(self.plan.read_text(encoding="utf-8"))["probes"][0].get("denies", False)

    def test_never(self):
        self.assertTrue(self.denies(self.SEEN, "INSERT INTO t VALUES (1);", **self.NEVER))

    def test_for_a_while(self):
        lasts = {"by a foreign key that cascades": "DELETE FROM t;\nINSERT INTO t VALUES (1);", "by a table that was not there": 'INSERT INTO "S"."T" VALUES (1);',
                 "by a function": "INSERT INTO t VALUES (1);\nCREATE OR REPLACE VIEW v AS SELECT FROM t;"}
        for name, (probe, *bodies) in self.FOR_A_WHILE.items():
            with self.subTest(name):
                for path in self.folder.glob("*.sql"):
                    path.unlink()
                files = dict(zip(("_001_a", "_002_b", "_003_c", "_004_d"), bodies))
                last = lasts.get(name, "INSERT INTO t VALUES (1);" + ("\nCREATE TABLE b ();" if "relname" in probe or "'b'" in probe else ""))
                self.assertFalse(self.denies(probe, last, **files))

    def test_one_that_says_nothing_yet_is_not_true(self):
        """NULL, and no row at all, are no answer that would be listened to: the file counts as pending, as for compile and verify."""
        for number, probe in enumerate(("SELECT (SELECT v = 'cents' FROM settings)", "SELECT v = 'cents' FROM settings")):
            with self.subTest(probe):
                self.probe("002_cents", probe)
                self.migrations(_001_settings="CREATE TABLE settings (v text);", _002_cents="INSERT INTO settings VALUES ('cents');")
                database = self.database(f"_{number}")
                self.by_psql(database, "001_settings")
                self.assert_at(database, "001", pending=["002"])
                self.apply(database)
                self.assert_at(database, "002", pending=[])


class NotRun(Deployment):
    """What a later file makes was made by hand: the schema is that of a version that the database never was at."""
    SAYS = "counts as applied, but a probe says that it has not run: 002_fill.sql\n"

    def setUp(self):
        super().setUp()
        self.probe("002_fill", "SELECT NOT EXISTS (SELECT FROM t WHERE n IS NULL)")
        self.files = {"_001_t": "CREATE TABLE t (id integer PRIMARY KEY, n integer);\nINSERT INTO t VALUES (1, NULL);",
                      "_002_fill": "UPDATE t SET n = 0 WHERE n IS NULL;", "_003_index": "CREATE INDEX by_n ON t (n);"}
        self.migrations(**self.files)

    def made_by_hand(self):
        database = self.database()
        self.apply(database, to="001")
        self.psql(database, "CREATE INDEX by_n ON t (n)")
        return database

    def test_the_probe_is_heard(self):
        database = self.made_by_hand()
        self.assertEqual(self.assert_at(database, "003", pending=[])["not_run_by_probe"], ["002"])
        self.assertEqual(self.executor.on("status", self.plan, self.cluster.conninfo(database)).require().stdout, f"test is at 003\n  {self.SAYS}")
        self.assertIn(f"pgratchet: warning: {self.SAYS}pgratchet: hint: has it come in when later ones had run here? give it a number above 003, and it runs\n",
                      self.apply(database).stderr)
        self.migrations(**self.files, _004_more="CREATE TABLE more ();")
        self.assertIn(f"pgratchet: warning: {self.SAYS}", self.apply(database).stderr)
        self.assertEqual(self.assert_at(database, "004")["not_run_by_probe"], ["002"])

    def test_what_is_written_down_with_if_not_exists_hides_nothing(self):
        self.migrations(**self.files | {"_003_index": "CREATE INDEX IF NOT EXISTS by_n ON t (n);"})
        database = self.made_by_hand()
        self.assertNotIn("not_run_by_probe", self.assert_at(database, "001", pending=["002", "003"]))
        self.apply(database)
        self.assertEqual(self.psql(database, "SELECT n FROM t"), "0")
        self.assertNotIn("not_run_by_probe", self.assert_at(database, "003"))

    def test_not_where_what_it_speaks_of_is_gone(self):
        self.migrations(**self.files, _004_rename="ALTER TABLE t RENAME TO items;")
        database = self.database()
        self.apply(database)
        self.assertNotIn("not_run_by_probe", self.assert_at(database, "004"))

    def test_not_where_it_is_taken_as_given(self):
        self.migrations("--baseline", "002", **self.files)
        database = self.database()
        self.apply(database)
        self.psql(database, "UPDATE t SET n = NULL")
        self.assertNotIn("not_run_by_probe", self.assert_at(database, "003"))

    def test_one_that_takes_long_is_not_waited_for(self):
        for version, seconds in (("004", 90), ("005", 0)):
            self.probe(f"{version}_work", f"SELECT CASE WHEN current_setting('application_name') = 'pgratchet status' THEN pg_sleep({seconds}) IS NULL ELSE true END")
        self.migrations(**self.files, _004_work="UPDATE t SET n = n;", _005_work="UPDATE t SET n = n;\nCREATE TABLE u ();")
        database = self.database()
        self.apply(database)
        self.assertEqual(self.assert_at(database, "005")["not_run_by_probe"], ["005"])

    def test_not_where_it_is_taken_back(self):
        self.probe("004_back", "SELECT EXISTS (SELECT FROM t WHERE n IS NULL)")
        self.migrations(**self.files, _004_revert_002="UPDATE t SET n = NULL WHERE n = 0;")
        database = self.database()
        self.apply(database)
        self.assertNotIn("not_run_by_probe", self.assert_at(database, "004"))


class InTheProof(Deployment):
    """The probes of a migration are asked when it has run, before it counts."""
    TABLE = "CREATE TABLE t (a integer, tenant text, state text);"

    def owned(self):
        """A database whose owner, who is no superuser, deploys."""
        self.psql("postgres", "CREATE ROLE tenants_owner LOGIN")
        self.addCleanup(self.psql, "postgres", "DROP ROLE tenants_owner")
        database = self.closed_database(owner="tenants_owner")
        self.addCleanup(self.psql, "postgres", f"DROP DATABASE {database}")
        return database, self.cluster.conninfo(database, "tenants_owner")

    def test_row_security_does_not_make_it_false(self):
        """A role that sees no row of its own making would be given the file again, at each run."""
        self.probe("002_seed", "SELECT EXISTS (SELECT FROM t WHERE a = 1)")
        self.migrations(_001_t=self.TABLE + "\nALTER TABLE t ENABLE ROW LEVEL SECURITY;\nALTER TABLE t FORCE ROW LEVEL SECURITY;\n"
                        "CREATE POLICY r ON t FOR SELECT USING (tenant = current_setting('app.tenant', true));\nCREATE POLICY w ON t FOR INSERT WITH CHECK (true);",
                        _002_seed="INSERT INTO t VALUES (1, 'acme');")
        database, conninfo = self.owned()
        done = self.executor.apply(self.plan, conninfo).require(executor.SQL_FAILED)
        self.assertRegex(done.stderr, r"002_seed\.sql:3:1: error: the migration has run, and its probe does not say so \[probe-fails\]\n"
                         r'  probe 002_seed\.sql: an error: query would be affected by row-level security policy for table "t"\n'
                         r"  002 was rolled back; test stays at 001\n")
        self.executor.apply(self.plan, conninfo).require(executor.STATE_REFUSES)  # which it is, that role cannot tell
        self.assertEqual(self.psql(database, "SELECT count(*) FROM t"), "0")
        self.apply(database)  # as superuser
        self.assertEqual(self.executor.status(self.plan, conninfo)["state"], "ambiguous")

    def test_a_file_whose_probe_is_false_here_is_rolled_back(self):
        self.probe("002_open", "SELECT NOT EXISTS (SELECT FROM t WHERE state = 'old')")
        self.probe("002_some", "SELECT count(*) > 0 FROM t")
        self.write(_001_t=self.TABLE + "\nINSERT INTO t VALUES (1, 'a', 'new');", _002_open="UPDATE t SET state = 'open' WHERE tenant = 'a';\nALTER TABLE t ADD b integer;")
        self.compile(quiet=False)
        database = self.database()
        self.apply(database, to="001")
        self.psql(database, "INSERT INTO t VALUES (2, 'b', 'old')")
        for extra in ((), ("--dry-run",)):
            done = self.apply(database, *extra, code=executor.SQL_FAILED)
            self.assertIn("  probe 002_open.sql: false\n  002 was rolled back; test stays at 001\n", done.stderr)
            self.assertNotIn("002_some", done.stderr)
        self.assertEqual(self.psql(database, "SELECT string_agg(state, ',' ORDER BY a) FROM t"), "new,old")
        self.psql(database, "DELETE FROM t WHERE a = 2")
        self.apply(database)
        self.assert_at(database, "002")

    def test_the_settings_of_the_file_do_not_reach_it(self):
        """Nor may it write, and of 001 and 0001 one is as good as the other."""
        self.probe("0001_all", "SELECT pg_sleep(0.3) IS NOT NULL AND current_setting('transaction_read_only') = 'on' AND to_regclass('t') IS NOT NULL AND current_user = session_user")
        self.probe("002_index", "SELECT to_regclass('public.ti') IS NOT NULL AND current_user = session_user")
        settings = "SET {}statement_timeout = '200ms';\nSET {}search_path = pg_catalog;\nSET {}ROLE app_owner;\n"
        self.write(_001_t=self.TABLE + "\nGRANT ALL ON SCHEMA public TO app_owner;\nALTER TABLE t OWNER TO app_owner;\n" + settings.format(*["LOCAL "] * 3),
                   _002_index="-- pgratchet: no-transaction\n" + settings.format("", "", "") + "CREATE INDEX CONCURRENTLY ti ON public.t (a);\n")
        self.compile(quiet=False)
        database = self.database()
        self.apply(database)
        self.assert_at(database, "002")
        self.assertEqual([r["did"] for r in self.receipts()], ["apply", "apply"])

    def test_without_a_transaction_it_is_said_afterwards(self):
        self.probe("002_all", "SELECT NOT EXISTS (SELECT FROM t WHERE state IS NULL)")
        self.write(_001_t=self.TABLE, _002_all="-- pgratchet: no-transaction\nUPDATE t SET state = 'open' WHERE tenant = 'a';\n")
        self.compile(quiet=False)
        database = self.database()
        self.apply(database, to="001")
        self.psql(database, "INSERT INTO t VALUES (1, 'a'), (2, 'b')")
        done = self.apply(database, code=executor.SQL_FAILED)
        self.assertIn("002_all.sql:2:1: error: the migration has run, and its probe does not say so [probe-fails]\n  probe 002_all.sql: false\n"
                      "  002 has no transaction: statement 1 of 1 was done and stays; test is past 001\n", done.stderr)
        self.assertEqual(self.receipts()[-1]["migration"], "001_t.sql")

    def test_it_waits_for_locks_as_the_file_does(self):
        waits = "error: probe 002_index.sql waited for a lock: canceling statement due to lock timeout [55P03]\n"
        self.probe("002_index", "SELECT NOT EXISTS (SELECT FROM other)")
        for name, text, left in (
                ("in a transaction", "CREATE INDEX ti ON t (a);", "  002 was rolled back; test stays at 001\n  hint: after 2 tries; "),
                ("without one", "-- pgratchet: no-transaction\nCREATE INDEX CONCURRENTLY ti ON t (a);\n",
                 "  002 has no transaction: statement 1 of 1 was done and stays; test is past 001\n")):
            with self.subTest(name):
                self.write(_001_t=self.TABLE + "\nCREATE TABLE other ();", _002_index=text)
                self.compile(quiet=False)
                database = self.database(name)
                self.apply(database, to="001")
                holder = self.session(database)
                holder.run("BEGIN; LOCK TABLE other IN ACCESS EXCLUSIVE MODE;")
                done = self.apply(database, "--lock-timeout", "200ms", "--lock-retries", "1", code=executor.LOCKED)
                holder.close()
                self.assertIn(waits + left, done.stderr)
                self.apply(database)
                self.assert_at(database, "002")

    def test_after_it_waited_in_vain_all_is_judged_anew(self):
        """The try that was rolled back counts for nothing: what an administrator made is still left out, what is dropped still looked for."""
        self.probe("002_more", "SELECT to_regclass('b') IS NOT NULL AND NOT EXISTS (SELECT FROM other)")
        self.write(_001_t=self.TABLE + "\nCREATE TABLE other ();", _002_more="CREATE EXTENSION pgcrypto;\nCREATE TABLE b ();\nDROP TABLE t;")
        self.compile(quiet=False)
        database = self.database()
        self.apply(database, to="001")
        self.psql(database, "CREATE EXTENSION pgcrypto")
        holder = self.session(database)
        holder.run("BEGIN; LOCK TABLE other IN ACCESS EXCLUSIVE MODE;")
        running = self.start_apply(database, "--lock-timeout", "200ms")
        said = ""
        while "is tried again" not in said:
            line = running.stderr.readline()
            self.assertTrue(line, said)
            said += line
        holder.run("COMMIT;")
        _, rest = running.communicate(timeout=60)
        self.assertEqual(running.returncode, executor.DONE, said + rest)
        self.assertEqual((said + rest).count("extension pgcrypto is there already; the statement is left out"), (said + rest).count("is tried again") + 1, said + rest)
        self.assert_at(database, "002", drift=[])


class TakenBack(Deployment):
    """The probe of a file that a later one takes back is not asked where the later one has run; the others are."""

    def setUp(self):
        super().setUp()
        for name, sql in (("001_one", "SELECT EXISTS (SELECT FROM t WHERE n = 1)"), ("002_two", "SELECT EXISTS (SELECT FROM t WHERE n = 2)"),
                          ("003_no_two", "SELECT NOT EXISTS (SELECT FROM t WHERE n = 2)"), ("005_two", "SELECT count(*) > 1 FROM t")):
            self.probe(name, sql)
        self.migrations(_001_t="CREATE TABLE t (n integer PRIMARY KEY);\nINSERT INTO t VALUES (1);", _002_two="INSERT INTO t VALUES (2);",
                        _003_revert_002_two="DELETE FROM t WHERE n = 2;", _004_more="CREATE TABLE more (n integer PRIMARY KEY);",
                        _005_revert_003="INSERT INTO t VALUES (2);", _006_last="CREATE TABLE last (n integer PRIMARY KEY);")

    def verified(self, database, code=executor.DONE):
        said = self.executor.on("verify", self.plan, self.cluster.conninfo(database)).require(code).stdout
        return said[said.index("probe.001") - len("passed "):]

    def test_it_is_not_asked(self):
        database = self.database()
        self.apply(database, to="002")
        self.assertTrue(self.verified(database, executor.STATE_REFUSES).startswith("passed probe.001_one\npassed probe.002_two\nFAILED probe.003_no_two\n"))
        self.apply(database, to="004")
        self.assertTrue(self.verified(database, executor.STATE_REFUSES).startswith(
            "passed probe.001_one\npassed probe.002_two\n  002_two.sql is not asked: taken back by 003_revert_002_two.sql\n"
            "passed probe.003_no_two\nFAILED probe.005_two\n"))
        self.apply(database)
        self.assertEqual(self.verified(database), "passed probe.001_one\npassed probe.002_two\npassed probe.003_no_two\n"
                         "  003_no_two.sql is not asked: taken back by 005_revert_003.sql\npassed probe.005_two\n")

    def test_its_test_passes_and_says_so(self):
        for path in (self.path("005_revert_003"), self.path("006_last"), self.probes / "005_two.sql"):
            path.unlink()
        self.compile()
        database, report = self.database(), self.work / "report.json"
        self.apply(database)
        self.verified(database)
        self.executor.on("verify", self.plan, self.cluster.conninfo(database), "--save", report).require()
        done = self.executor.run("verify", "--plan", self.plan, "--report", report, "--only", "probe.002_two").require()
        self.assertEqual(done.stdout, "passed probe.002_two\n  002_two.sql is not asked: taken back by 003_revert_002_two.sql\n")

    def test_the_others_are(self):
        database = self.database()
        self.apply(database)
        self.psql(database, "DELETE FROM t")
        said = self.verified(database, executor.STATE_REFUSES)
        for name in ("001_one", "002_two", "005_two"):
            self.assertIn(f"FAILED probe.{name}\n", said)
        self.assertIn("passed probe.003_no_two\n", said)


class Ambiguous(Deployment):
    """Probes that contradict each other: 002 says no, 003 says yes. Nobody can tell which data work is done."""

    def setUp(self):
        super().setUp()
        self.write(_001_items="CREATE TABLE items (n integer);", _002_fill="INSERT INTO items VALUES (2);", _003_fill="INSERT INTO items VALUES (3);",
                   _004_more="CREATE TABLE more ();")
        self.probe("002_filled", "SELECT EXISTS (SELECT FROM items WHERE n = 2)")
        self.probe("003_filled", "SELECT EXISTS (SELECT FROM items WHERE n = 3)")
        self.compile()

    def contradictory(self):
        database = self.database()
        self.by_psql(database, "001_items")
        self.psql(database, "INSERT INTO items VALUES (3)")
        return database

    def test_status_says_so_and_apply_refuses(self):
        database = self.contradictory()
        found = self.status(database)
        self.assertEqual((found["state"], found["candidates"]), ("ambiguous", ["001", "002", "003"]))
        done = self.assert_refused(database, "which version test is at cannot be told from its schema; nothing was changed")
        self.assertIn("pgratchet: hint: find it out, and say it: --assume NNN\n", done.stderr)

    def test_assume(self):
        for assumed, total in (("001", "8"), ("002", "6"), ("003", "3")):
            with self.subTest(assumed):
                database = self.database(f"_{assumed}", template=self.contradictory_template())
                self.apply(database, "--assume", assumed)
                self.assertEqual(self.psql(database, "SELECT sum(n) FROM items"), total)
                self.assert_at(database, "004")
                found = [r for r in self.receipts() if r["database"] == database]
                self.assertEqual([r["did"] for r in found], ["assume"] + ["apply"] * (4 - int(assumed)))
                self.assertEqual(found[0]["state"], assumed)

    def contradictory_template(self):
        if not hasattr(self, "template"):
            self.template = self.contradictory()
        return self.template

    def test_assume_what_does_not_fit(self):
        database = self.contradictory()
        self.assert_refused(database, "nothing was changed", extra=("--assume", "004"))

    def test_assume_contradicting_the_catalog_is_refused(self):
        database = self.database()
        self.apply(database)
        self.assert_refused(database, "which --assume contradicts", extra=("--assume", "001"))
        self.apply(database, "--assume", "004")

    def test_assume_unknown(self):
        done = self.apply(self.database(), "--assume", "009", code=1)
        self.assertEqual(done.stderr, "pgratchet: error: the plan has no migration 009 to assume\n")


if __name__ == "__main__":
    unittest.main()
