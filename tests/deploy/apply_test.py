# SPDX-License-Identifier: Apache-2.0
"""Apply: proven before committed, each file in a clean session, and nothing is left of one that fails."""

import json
import unittest

from deploy_support import Deployment, executor


class Steps(Deployment):
    def setUp(self):
        super().setUp()
        self.migrations(_001_a="CREATE TABLE a (id integer);\nCREATE INDEX a_id ON a (id);", _002_b="CREATE TABLE b ();", _003_c="CREATE TABLE c ();")

    def test_to_and_beyond(self):
        database = self.database()
        done = self.apply(database, to="002")
        self.assertRegex(done.stderr, r"\Apgratchet: applied 001_a\.sql in [\d.]+ m?s\npgratchet: applied 002_b\.sql in [\d.]+ m?s\npgratchet: test is at 002\n\Z")
        self.assert_at(database, "002", pending=["003"])
        done = self.apply(database, to="002")
        self.assertEqual(done.stderr, "pgratchet: test is at 002, nothing is pending\n")
        self.apply(database)
        self.assert_at(database, "003", pending=[])
        before = self.schema(database)
        done = self.apply(database)
        self.assertEqual((done.stderr, self.schema(database)), ("pgratchet: test is at 003, nothing is pending\n", before))

    def test_never_backwards(self):
        database = self.database()
        self.apply(database)
        self.apply(database, to="001")
        self.assert_at(database, "003")

    def test_to_unknown(self):
        done = self.apply(self.database(), to="004", code=executor.USAGE)
        self.assertEqual(done.stderr, "pgratchet: error: the plan has no migration 004\n")

    def test_receipts(self):
        self.apply(self.database(), to="002")
        found = self.receipts()
        self.assertEqual([(r["did"], r["migration"], r["from"], r["to"], r["environment"]) for r in found],
                         [("apply", "001_a.sql", "empty", "001", "test"), ("apply", "002_b.sql", "001", "002", "test")])
        for one in found:
            self.assertRegex(one["at"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
            self.assertRegex(one["sha256"], r"^[0-9a-f]{64}$")
            self.assertIn("@", one["who"])
            self.assertEqual(one["database"], "test_receipts")

    def test_receipts_that_cannot_be_written(self):
        database = self.database()
        (self.work / "file").write_text("", encoding="utf-8")
        done = self.assert_refused(database, "receipts cannot be written in ", code=executor.CONFIGURATION, extra=("--receipts-dir", self.work / "file"))
        self.assertIn("pgratchet: hint: name a folder of your own: --receipts-dir DIR\n", done.stderr)

    def test_dry_run(self):
        database = self.database()
        before = self.schema(database)
        done = self.apply(database, "--dry-run")
        self.assertRegex(self.named(done.stdout), r"\ADIR/migrations/001_a\.sql:2: CREATE TABLE: [\d.]+ m?s\nDIR/migrations/001_a\.sql:3: CREATE INDEX: [\d.]+ m?s\n\Z")
        self.assertEqual(done.stderr, "pgratchet: dry run: 001 was played to its end, proven and rolled back; test stays empty\n")
        self.assertEqual(self.schema(database), before)
        self.assertEqual(self.receipts(), [])

    def test_adoption_from_each_version(self):
        names, last = ["001_a", "002_b", "003_c"], self.database("_all")
        self.apply(last)
        for k in range(4):
            with self.subTest(k):
                database = self.database(f"_{k}")
                self.by_psql(database, *names[:k])
                self.assert_at(database, names[k - 1][:3] if k else None, drift=[], unmanaged=[], anticipated=[])
                self.apply(database)
                self.assertEqual(self.schema(database), self.schema(last))


class Failures(Deployment):
    def test_fails_on_this_data_only(self):
        self.migrations(_001_a="CREATE TABLE a (n integer);", _002_b="CREATE TABLE before_it ();\nCREATE UNIQUE INDEX a_n ON a (n);", _003_c="CREATE TABLE c ();")
        database = self.database()
        self.by_psql(database, "001_a")
        self.psql(database, "INSERT INTO a VALUES (5), (5)")
        before = self.schema(database)
        done = self.apply(database, code=executor.SQL_FAILED)
        self.assertEqual(self.named(done.stderr),
                         'DIR/migrations/002_b.sql:3:1: error: could not create unique index "a_n" [23505]\n'
                         "  detail: Key (n)=(5) is duplicated.\n  002 was rolled back; test stays at 001\n")
        self.assertEqual(self.schema(database), before)
        self.assert_at(database, "001", pending=["002", "003"])
        self.assertEqual(self.receipts(), [])

    def test_what_came_before_stays(self):
        self.migrations(_001_a="CREATE TABLE a (n integer CHECK (n > 0));\nINSERT INTO a SELECT count(*) + 1 FROM pg_roles WHERE rolname = 'x';",
                        _002_b="DO $$ BEGIN IF current_database() NOT LIKE 'pgratchet%' THEN RAISE 'not here' USING HINT = 'elsewhere'; END IF; END $$;\nCREATE TABLE b ();")
        database = self.database()
        done = self.apply(database, code=executor.SQL_FAILED)
        self.assertIn("002_b.sql:2:62: error: not here [P0001]\n", done.stderr)
        self.assertIn("\n  002 was rolled back; test stays at 001\n  hint: elsewhere\n", done.stderr)
        self.assert_at(database, "001")
        self.assertEqual([r["to"] for r in self.receipts()], ["001"])

    def test_another_effect_than_compiled(self):
        self.migrations(_001_a="CREATE TABLE a (n integer);",
                        _002_b="DO $$ BEGIN EXECUTE format('ALTER TABLE a ADD extra %s', CASE WHEN EXISTS (SELECT FROM a) THEN 'text' ELSE 'integer' END); END $$;")
        database = self.database()
        self.by_psql(database, "001_a")
        self.psql(database, "INSERT INTO a VALUES (1)")
        done = self.assert_refused(database, "", code=executor.SQL_FAILED)
        self.assertRegex(done.stderr, r"002_b\.sql:3:1: error: the migration does not do here what it did when it was compiled \[effect-differs\]\n"
                         r"  column public\.a\.extra: type: expected integer, found text\n  002 was rolled back; test stays at 001\n  hint: ")
        self.assertNotIn("the server's version", done.stderr)
        # A plan that says it is of another major version.
        here = f'"server_version": {self.cluster.major}'
        text = self.plan.read_text(encoding="utf-8")
        self.assertEqual(text.count(here), 1)
        self.plan.write_text(text.replace(here, '"server_version": 12'), encoding="utf-8")
        done = self.assert_refused(database, "", code=executor.SQL_FAILED)
        self.assertIn(f" or on the server's version: it was compiled on PostgreSQL 12, and this is {self.cluster.major}? the differences", done.stderr)
        self.plan.write_text(text, encoding="utf-8")
        empty = self.database("_empty")
        self.apply(empty)

    def test_less_than_compiled(self):
        self.migrations(_001_a="CREATE TABLE a (n integer);",
                        _002_b="DO $$ BEGIN IF NOT EXISTS (SELECT FROM a) THEN CREATE INDEX a_n ON a (n); COMMENT ON TABLE a IS 'empty'; END IF; END $$;")
        database = self.database()
        self.by_psql(database, "001_a")
        self.psql(database, "INSERT INTO a VALUES (1)")
        done = self.assert_refused(database, "  index public.a_n: expected, and is not there\n", code=executor.SQL_FAILED)
        self.assertIn("  table public.a: comment: expected empty, found (none)\n", done.stderr)

    def test_more_than_compiled(self):
        self.migrations(_001_a="CREATE TABLE a (n integer);",
                        _002_b="ALTER TABLE a ADD m integer;\nDO $$ BEGIN IF EXISTS (SELECT FROM a) THEN ALTER TABLE a ADD surplus integer; END IF; END $$;")
        database = self.database()
        self.by_psql(database, "001_a")
        self.psql(database, "INSERT INTO a VALUES (1)")
        self.assert_refused(database, "  column public.a.surplus: appeared, and the migration does not make it\n", code=executor.SQL_FAILED)

    def test_an_event_trigger_of_the_environment_may_add(self):
        self.migrations(_001_a="CREATE TABLE a (n integer);", _002_b="ALTER TABLE a ADD m integer;")
        database = self.database()
        self.by_psql(database, "001_a")
        self.psql(database, """
            CREATE FUNCTION add_index() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
              CREATE INDEX IF NOT EXISTS a_by_trigger ON a (n); END $$;
            CREATE EVENT TRIGGER on_alter ON ddl_command_end WHEN TAG IN ('ALTER TABLE') EXECUTE FUNCTION add_index();""")
        self.apply(database)
        self.assertEqual(self.psql(database, "SELECT to_regclass('a_by_trigger') IS NOT NULL"), "t")
        self.assert_at(database, "002")

    def test_deferred_constraints_speak_before_commit(self):
        self.migrations(_001_a="CREATE TABLE a (id integer PRIMARY KEY);\nCREATE TABLE b (a integer REFERENCES a DEFERRABLE INITIALLY DEFERRED);",
                        _002_b="INSERT INTO b SELECT 1 WHERE EXISTS (SELECT FROM b);\nCREATE TABLE c ();")
        database = self.database()
        self.by_psql(database, "001_a")
        self.psql(database, "ALTER TABLE b DISABLE TRIGGER ALL; INSERT INTO b VALUES (9); ALTER TABLE b ENABLE TRIGGER ALL;")
        done = self.assert_refused(database, "[23503]", code=executor.SQL_FAILED)
        self.assertIn("002_b.sql:4:1: error: insert or update on table \"b\" violates foreign key constraint", done.stderr)
        self.assertIn("\n  002 was rolled back; test stays at 001\n", done.stderr)

    def test_read_only_environment(self):
        self.migrations(_001_a="CREATE TABLE a ();")
        database = self.database()
        self.psql("postgres", f'ALTER DATABASE "{database}" SET default_transaction_read_only = on')
        self.apply(database)
        self.assert_at(database, "001")


class LostConnections(Deployment):
    def test_in_the_middle_of_a_file(self):
        self.migrations(_001_a="CREATE TABLE a ();", _002_b="CREATE TABLE b ();\n"
                        "SELECT CASE WHEN current_database() NOT LIKE 'pgratchet%' THEN pg_terminate_backend(pg_backend_pid()) END;")
        database = self.database()
        done = self.apply(database, code=executor.CONFIGURATION)
        self.assertIn("DIR/migrations/002_b.sql:3:1: error: terminating connection due to administrator command [57P01]\n"
                      "  002 was rolled back; test stays at 001\n", self.named(done.stderr))
        self.assert_at(database, "001")


class LesserRoles(Deployment):
    """A deployer that owns the database and is no superuser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cluster.psql("postgres", "CREATE ROLE plain_deployer LOGIN")

    def test_from_the_first_file_to_the_last(self):
        self.migrations(_001_a="CREATE SCHEMA shop;\nCREATE TABLE shop.a (id integer GENERATED ALWAYS AS IDENTITY, n integer CHECK (n IN (1, 2)));\n"
                               "CREATE FUNCTION shop.f() RETURNS integer LANGUAGE sql AS 'SELECT 1';\nREVOKE ALL ON FUNCTION shop.f() FROM PUBLIC;",
                        _002_b="CREATE VIEW shop.v AS SELECT n FROM shop.a;\nGRANT SELECT ON shop.v TO app;\nCOMMENT ON VIEW shop.v IS 'x';",
                        _003_c="-- pgratchet: no-transaction\nCREATE INDEX CONCURRENTLY a_n ON shop.a (n);\n")
        database = self.database()
        self.psql("postgres", f'ALTER DATABASE "{database}" OWNER TO plain_deployer')
        url = self.cluster.conninfo(database, user="plain_deployer")
        self.executor.apply(self.plan, url).require()
        found = self.executor.status(self.plan, url)
        self.assertEqual((found["version"], found["drift"], found["unmanaged"]), ("003", [], []))
        self.executor.verify(self.plan, url).require()

    def test_the_words_of_sql_for_what_it_lacks(self):
        self.migrations(_001_w="CREATE FOREIGN DATA WRAPPER w;", _002_s="CREATE SERVER s FOREIGN DATA WRAPPER w;")
        database = self.database()
        self.by_psql(database, "001_w")
        self.psql("postgres", f'ALTER DATABASE "{database}" OWNER TO plain_deployer')
        done = self.executor.apply(self.plan, self.cluster.conninfo(database, user="plain_deployer"), extra=("--no-preflight",)).require(executor.SQL_FAILED)
        self.assertIn("can say: GRANT USAGE ON FOREIGN DATA WRAPPER w TO plain_deployer", done.stderr)

    def test_what_it_may_not_do(self):
        self.migrations(_001_a="CREATE TABLE a ();", _002_b="CREATE TABLE b ();\nCREATE FUNCTION f() RETURNS void LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';")
        database = self.database()
        self.psql("postgres", f'ALTER DATABASE "{database}" OWNER TO plain_deployer')
        self.psql(database, "GRANT CREATE ON SCHEMA public TO plain_deployer")
        done = self.executor.apply(self.plan, self.cluster.conninfo(database, user="plain_deployer")).require(executor.SQL_FAILED)
        self.assertIn("002_b.sql:3:1: error: permission denied for language c [42501]\n  002 was rolled back; test stays at 001\n", done.stderr)
        self.assert_at(database, "001")


class CleanSessions(Deployment):
    HOSTILE = """
CREATE TABLE first (id serial);
CREATE SCHEMA trap;
CREATE FUNCTION trap.current_database() RETURNS name LANGUAGE sql AS $$ SELECT 'elsewhere'::name $$;
CREATE TEMP TABLE scratch (n integer);
PREPARE answer AS SELECT 42;
SELECT nextval('first_id_seq');
LISTEN gossip;
DECLARE kept CURSOR WITH HOLD FOR SELECT 1;
SET search_path = trap, pg_catalog;
SET lock_timeout = 0;
SET statement_timeout = '1h';
SET default_transaction_read_only = on;
SELECT set_config('standard_conforming_strings', 'off', false);
SET quote_all_identifiers = on;
SET DateStyle = 'German';
SET SESSION AUTHORIZATION app;
"""
    CHECK = """
DO $$ BEGIN
  IF current_user = 'app' OR session_user = 'app' THEN RAISE 'role survived'; END IF;
  IF current_setting('search_path') <> 'public' THEN RAISE 'path survived: %', current_setting('search_path'); END IF;
  IF current_setting('statement_timeout') <> '0' THEN RAISE 'timeout survived'; END IF;
  IF current_setting('lock_timeout') = '0' AND current_database() NOT LIKE 'pgratchet%' THEN RAISE 'no lock timeout'; END IF;
  IF current_setting('standard_conforming_strings') <> 'on' THEN RAISE 'strings survived'; END IF;
  IF current_setting('DateStyle') LIKE 'German%' THEN RAISE 'dates survived'; END IF;
  IF EXISTS (SELECT FROM pg_prepared_statements WHERE name !~ '^pgratchet_') THEN RAISE 'prepared statement survived'; END IF;
  IF EXISTS (SELECT FROM pg_cursors WHERE is_holdable) THEN RAISE 'cursor survived'; END IF;
  IF EXISTS (SELECT FROM pg_listening_channels()) THEN RAISE 'listening survived'; END IF;
  IF to_regclass('pg_temp.scratch') IS NOT NULL THEN RAISE 'temporary table survived'; END IF;
END $$;
CREATE TABLE second ();
"""

    def test_nothing_survives_into_the_next_file(self):
        self.migrations(_001_hostile=self.HOSTILE, _002_check=self.CHECK)
        database = self.database()
        self.apply(database)
        self.assert_at(database, "002")
        self.assertEqual(self.psql(database, "SELECT nspname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE relname = 'second'"), "public")

    def test_what_only_makes_objects(self):
        """Such a file needs no cleaning after it, unless what it makes is the session's own, or an event trigger runs."""
        nosy = "CREATE FUNCTION nosy() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM set_config('search_path', 'trap', false); END $$;\n"
        self.migrations(_001_temporary="CREATE TABLE first ();\nCREATE TEMP TABLE scratch (n integer);", _002_check=self.CHECK,
                        _003_trigger=nosy + "CREATE SCHEMA trap;\nCREATE EVENT TRIGGER nosy ON ddl_command_end WHEN TAG IN ('CREATE SEQUENCE') EXECUTE FUNCTION nosy();",
                        _004_made="CREATE SEQUENCE numbers;", _005_last="CREATE TABLE third ();")
        database = self.database()
        self.apply(database)
        self.assert_at(database, "005")
        self.assertEqual(self.psql(database, "SELECT nspname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE relname = 'third'"), "public")

    def test_prepared_statements_dropped(self):
        """Ours among them."""
        behind = "\nALTER TABLE {0} ADD COLUMN n integer;\nALTER TABLE {0} ALTER COLUMN n SET NOT NULL;"
        self.migrations(_001_a="CREATE TABLE a ();\nCREATE TABLE b ();\nCREATE TABLE c ();",
                        _002_sql="DEALLOCATE ALL;" + behind.format("a"),
                        _003_do="DO $$ BEGIN EXECUTE 'DEALLOCATE ALL'; END $$;" + behind.format("b"),
                        _004_discard="DISCARD PLANS;\nDEALLOCATE PREPARE ALL;" + behind.format("c"), _005_e="CREATE TABLE e ();",
                        _006_collation="DEALLOCATE ALL;\nCREATE COLLATION s (locale = 'C');",
                        _007_drop="DEALLOCATE ALL;\nDROP TABLE e;",
                        _008_do="DO $$ BEGIN EXECUTE 'DEALLOCATE ALL'; END $$;\nCREATE COLLATION t (locale = 'C');")
        database = self.database()
        self.apply(database)
        self.assert_at(database, "008")
        compiled = json.loads(self.plan.read_text(encoding="utf-8"))
        locked = [each["relation"] for one in (1, 2, 3) for step in compiled["migrations"][one]["observed"] for each in step["relations"]]
        self.assertEqual(locked, ["public.a", "public.a", "public.b", "public.b", "public.c", "public.c"])

    def test_as_the_last_file(self):
        self.migrations(_001_hostile=self.HOSTILE)
        database = self.database()
        self.apply(database)
        self.assert_at(database, "001")

    def test_short_timeouts_are_the_files_own(self):
        """The proof of so many tables takes longer than they allow."""
        many = "".join(f"CREATE TABLE {{0}}{n} (a integer DEFAULT {n} CHECK (a > 0), b text UNIQUE);\n" for n in range(150)) + "SET statement_timeout = '15ms';"
        self.migrations(_001_a=many.format("a"), _002_b=many.format("b"))
        database = self.database()
        self.apply(database)
        self.assert_at(database, "002")

    def test_set_role(self):
        self.migrations(_001_a="GRANT CREATE ON SCHEMA public TO app;\nSET ROLE app;\nCREATE TABLE a ();", _002_b="CREATE TABLE b ();")
        database = self.database()
        self.apply(database)
        self.assertEqual(self.psql(database, "SELECT string_agg(tableowner, ',' ORDER BY tablename) FROM pg_tables WHERE schemaname = 'public'"), "app,postgres")

    def test_giving_the_deployer_lock_away(self):
        self.migrations(_001_a="CREATE TABLE a ();", _002_b="CREATE TABLE b ();\nSELECT pg_advisory_unlock_all();")
        database = self.database()
        self.by_psql(database, "001_a")
        done = self.assert_refused(database, "the deployer lock is gone [deployer-lock]", code=executor.SQL_FAILED)
        self.assertIn("\n  002 was rolled back; test stays at 001\n  hint: does the migration call pg_advisory_unlock_all()", done.stderr)


if __name__ == "__main__":
    unittest.main()
