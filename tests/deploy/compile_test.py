# SPDX-License-Identifier: Apache-2.0
"""Compile: errors as compiler diagnostics, nothing written when it fails, the same bytes for the same files."""

import glob
import json
import time
import unittest
from pathlib import Path

from deploy_support import Deployment, executor

SIXTEEN = "".join(f"CREATE TABLE t{i} (id integer);\n" for i in range(1, 17))


class Errors(Deployment):
    def expect(self, stderr, **bodies):
        """Compiling fails with just this, and an old plan stays as it was."""
        self.write(**bodies)
        self.plan.write_text("old plan", encoding="utf-8")
        done = self.try_compile().require(4)
        self.assertEqual((self.named(done.stderr), done.stdout), (stderr, ""))
        self.assertEqual(self.plan.read_text(encoding="utf-8"), "old plan")
        self.assertEqual(self.psql("postgres", "SELECT count(*) FROM pg_database WHERE datname LIKE 'pgratchet_shadow%'"), "0")

    def test_syntax_error_in_statement_17(self):
        self.expect('DIR/migrations/002_sixteen.sql:18:18: error: syntax error at or near "integr" [42601]\n', **{
            "_001_first": "CREATE TABLE first ();", "_002_sixteen": SIXTEEN + "CREATE TABLE t17 integr);\n"})

    def test_undefined_column(self):
        self.expect('DIR/migrations/001_a.sql:3:26: error: column "idd" does not exist [42703]\n  hint: Perhaps you meant to reference the column "a.id".\n',
                    _001_a="CREATE TABLE a (id integer);\nCREATE VIEW v AS SELECT  idd FROM a;")

    def test_columns_count_characters(self):
        self.expect('DIR/migrations/001_a.sql:2:44: error: type "nosuch" does not exist [42704]\n',
                    _001_a='CREATE TABLE "größe_日本" (x text, y text, z nosuch);')

    def test_inside_a_function_call(self):
        self.expect('DIR/migrations/001_a.sql:2:66: error: out of cheese [P0001]\n  context: PL/pgSQL function fail() line 1 at RAISE\n  called at: DIR/migrations/001_a.sql:3:1\n',
                    _001_a="CREATE FUNCTION fail() RETURNS void LANGUAGE plpgsql AS $$ BEGIN RAISE 'out of cheese'; END $$;\nSELECT fail();")

    def test_unknown_role(self):
        self.write(_001_a="CREATE TABLE a ();\nGRANT SELECT ON a TO nobody_of_that_name;")
        done = self.try_compile().require(4)
        self.assertIn('001_a.sql:3:1: error: role "nobody_of_that_name" does not exist [42704]\n  hint: ', done.stderr)
        self.compile(roles=["nobody_of_that_name"])
        self.assertEqual(self.psql("postgres", "SELECT count(*) FROM pg_roles WHERE rolname = 'nobody_of_that_name'"), "0")

    def test_unknown_extension(self):
        self.write(_001_a="CREATE EXTENSION surely_not_there;")
        done = self.try_compile().require(4)
        self.assertRegex(done.stderr, r'001_a\.sql:2:1: error: (extension "surely_not_there" is not available \[0A000\]'
                                      r'|could not open extension control file .* \[58P01\])\n')  # the latter before 15
        self.assertIn("\n  hint: install the extension on the shadow's server ", done.stderr)

    def test_statement_that_cannot_run_in_a_transaction(self):
        self.write(_001_a="CREATE TABLE a (n integer);\nCREATE INDEX CONCURRENTLY a_n ON a (n);")
        done = self.try_compile().require(4)
        self.assertIn("001_a.sql:3:1: error: ", done.stderr)
        self.assertIn("-- pgratchet: no-transaction", done.stderr)

    def test_refused_before_a_server_is_asked(self):
        self.write(_001_a="BEGIN;\nCREATE TABLE a ();\n")
        done = self.try_compile(shadow_url="host=/nowhere").require(4)
        self.assertRegex(self.named(done.stderr), r"\ADIR/migrations/001_a\.sql:\d+:\d+: error: ")

    def test_probe_that_is_false(self):
        self.probe("001_a", "SELECT to_regclass('b') IS NOT NULL")
        self.expect("DIR/probes/001_a.sql:1:1: error: the probe is false right after 001 was applied [probe-fails]\n"
                    "  hint: a probe is to be true once its migration is applied\n", _001_a="CREATE TABLE a ();")

    def test_probe_with_an_error(self):
        self.probe("001_a", "SELECT nosuch FROM a")
        self.expect('DIR/probes/001_a.sql:1:8: error: column "nosuch" does not exist [42703]\n', _001_a="CREATE TABLE a ();")

    def test_probe_for_no_migration(self):
        self.probe("002_a", "SELECT true")
        self.expect("DIR/probes/002_a.sql:1:1: error: there is no migration 002 for this probe [probe-version]\n"
                    "  hint: a probe's name starts with the version of the migration that it speaks for\n", _001_a="CREATE TABLE a ();")

    def test_no_migrations(self):
        done = self.try_compile().require(2)
        self.assertIn("there is no migration in", done.stderr)

    def test_a_plan_that_cannot_be_written(self):
        self.write(_001_a="CREATE TABLE a ();")
        (self.work / "file").write_text("", encoding="utf-8")
        self.plan = self.work / "file" / "plan.json"
        done = self.try_compile().require(2)
        self.assertIn("cannot make the folder DIR/file", self.named(done.stderr))

    def test_a_notice_with_the_sqlstate_of_our_own(self):
        for message in ("look", "{", "17"):
            with self.subTest(message):
                self.write(_001_a=f"CREATE TABLE a ();\nDO $$ BEGIN RAISE NOTICE '{message}' USING ERRCODE = 'PGR01'; END $$;")
                self.assertIn(f"001_a.sql:3:13: note: {message}", self.try_compile().require().stderr)

    def test_notices_have_their_place(self):
        self.write(_001_a="CREATE TABLE a ();\nDO $$ BEGIN RAISE NOTICE 'look'; END $$;")
        done = self.compile(quiet=False)
        self.assertIn("DIR/migrations/001_a.sql:3:13: note: look\n", self.named(done.stderr))


class Plans(Deployment):
    def test_deterministic(self):
        self.write(_001_a="CREATE TABLE a (id serial PRIMARY KEY, n integer);\nCREATE VIEW v AS SELECT * FROM a;\nGRANT SELECT ON a TO app, app_owner;",
                   _002_b="CREATE TABLE b (a integer REFERENCES a);\nCREATE INDEX ON b (a);")
        self.compile()
        first = self.plan.read_bytes()
        self.psql("postgres", "CREATE TABLE shifts_oids (); DROP TABLE shifts_oids; SELECT txid_current()")
        self.compile()
        self.assertEqual(first, self.plan.read_bytes())

    def test_whatever_the_time_zone_of_the_machine(self):
        self.write(_001_ev="CREATE TABLE ev (id integer, at timestamptz NOT NULL DEFAULT '2024-01-01 00:00', PRIMARY KEY (id, at)) PARTITION BY RANGE (at);\n"
                           "CREATE TABLE ev_2024 PARTITION OF ev FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');")
        plans = []
        for zone in ("UTC", "America/New_York"):
            self.executor.run("compile", "--migrations", str(self.folder), "--plan", str(self.plan), "--shadow-url-variable", executor.URL_VARIABLE,
                              url=self.cluster.conninfo("postgres"), environment={"PGTZ": zone, "TZ": zone}).require()
            plans.append(self.plan.read_text(encoding="utf-8"))
        self.assertEqual(*plans)
        self.assertIn("'2024-01-01 00:00:00+00'::timestamp with time zone", plans[0])
        database = self.database()
        self.psql("postgres", f'ALTER DATABASE "{database}" SET timezone = \'Europe/Berlin\'')
        self.assertIn("it was compiled with TimeZone = UTC", self.apply(database, code=executor.SQL_FAILED).stderr)

    def test_a_private_server_gives_the_same_plan(self):
        self.write(_001_a="CREATE TABLE a (id integer, t text COLLATE \"C\");\nGRANT SELECT ON a TO app;")
        self.compile(roles=["app"])
        first = self.plan.read_bytes()
        self.compile(roles=["app"], shadow_url=None, data_dir=self.work / "shadow", bindir=self.cluster.bindir)
        self.assertEqual(first, self.plan.read_bytes())

    def test_frozen_moment(self):
        self.write(_001_a="CREATE TABLE a (id integer,\n  made timestamptz DEFAULT 'now');\n", _002_b="CREATE TABLE b ();")
        done = self.compile(quiet=False)
        self.assertIn("DIR/migrations/001_a.sql:3:28: warning: the default of column public.a.made freezes the moment when the file is run"
                      " [-Wfrozen-moment]\n", self.named(done.stderr))
        database = self.database()
        time.sleep(1.1)
        self.by_psql(database, "001_a")
        self.assert_at(database, "001", drift=[])
        self.psql(database, "ALTER TABLE a ALTER made SET DEFAULT '2001-02-03 04:05:06+00'")  # built long ago
        self.assert_at(database, "001", drift=[])
        self.apply(database)
        self.assert_at(database, "002", drift=[])

    def test_a_frozen_moment_that_is_gone_is_drift(self):
        self.write(_001_a="CREATE TABLE a (id integer, made timestamptz DEFAULT 'now');", _002_b="CREATE TABLE b ();")
        self.compile(quiet=False)
        database = self.database()
        self.by_psql(database, "001_a", "002_b")
        self.psql(database, "ALTER TABLE a ALTER made DROP DEFAULT")
        self.assertEqual([(d["identity"], d["attribute"]) for d in self.status(database)["drift"]], [("public.a.made", "default")])

    def test_search_path(self):
        self.write(_001_a="CREATE SCHEMA app;\nCREATE TABLE app.one (id integer);", _002_b="CREATE TABLE two (id integer REFERENCES one);")
        self.psql("postgres", "SELECT 1")
        self.try_compile().require(4)
        self.write(_001_a="CREATE SCHEMA app;\nCREATE TABLE app.one (id integer PRIMARY KEY);")
        self.compile("--search-path", "app, public")
        database = self.database()
        self.apply(database)
        self.assertEqual(self.psql(database, "SELECT to_regclass('app.two') IS NOT NULL"), "t")
        self.assert_at(database, "002")

    def test_event_triggers_and_catalog_updates_are_followed(self):
        """What happens behind the event triggers' back is found by the slow and exact way."""
        self.write(_001_a="CREATE TABLE a (n integer NOT NULL);",
                   _002_b="UPDATE pg_attribute SET attnotnull = false WHERE attrelid = 'a'::regclass AND attname = 'n';")
        self.try_compile()
        database = self.database()
        self.by_psql(database, "001_a")
        self.assert_at(database, "001", pending=["002"])
        self.by_psql(database, "002_b")
        self.assert_at(database, "002")

    def test_without_the_language_of_the_event_triggers(self):
        self.migrations(_001_a="DROP EXTENSION PLpgSQL;\nCREATE TABLE a (id integer PRIMARY KEY);", _002_b="CREATE EXTENSION plpgsql;\nCREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN END $$;")
        database = self.database()
        self.apply(database, to="001")
        self.assert_at(database, "001", pending=["002"])
        self.apply(database)
        self.assert_at(database, "002")

    def test_another_compile_beside_it(self):
        self.write(_001_a=SIXTEEN)
        url = self.cluster.conninfo("postgres")
        arguments = ["compile", "--migrations", self.folder, "--shadow-url-variable", executor.URL_VARIABLE]
        both = [self.executor.start(*arguments, "--plan", self.work / f"plan{i}.json", url=url) for i in range(2)]
        for one in both:
            _, stderr = one.communicate(timeout=60)
            self.assertEqual(one.returncode, 0, stderr)

    def test_after_a_killed_compile(self):
        """Its statement is at work still, in a database in which a declared role owns something."""
        self.write(_001_a="CREATE TABLE a ();\nALTER TABLE a OWNER TO app;\nSELECT pg_sleep(5);")
        shadow = self.work / "shadow"
        arguments = ["compile", "--migrations", self.folder, "--plan", self.plan, "--role", "app", "--data-dir", shadow]
        killed = self.executor.start(*arguments)
        deadline = time.monotonic() + 60
        while not any(map(self.is_at_work, glob.glob("/proc/[0-9]*/cmdline"))):
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.05)
        killed.kill()
        killed.communicate(timeout=60)
        self.write(_001_a="CREATE TABLE a ();\nALTER TABLE a OWNER TO app;")
        self.executor.run(*arguments).require()

    @staticmethod
    def is_at_work(cmdline):
        try:
            title = Path(cmdline).read_text(errors="replace")
        except OSError:
            return False
        return "pgratchet_shadow_" in title and "SELECT" in title

    def test_a_server_on_which_nothing_may_be_made(self):
        """Nothing is left of what could be made, either."""
        self.psql("postgres", "CREATE ROLE modest LOGIN CREATEROLE")
        self.addCleanup(self.psql, "postgres", "DROP ROLE modest")
        self.write(_001_a="CREATE TABLE a ();")
        done = self.try_compile("--role", "another", shadow_url=self.cluster.conninfo("postgres", "modest")).require(executor.CONFIGURATION)
        self.assertIn("a throwaway database cannot be made on the server for it: permission denied to create database", done.stderr)
        self.assertEqual(self.psql("postgres", "SELECT rolname FROM pg_roles WHERE rolname = 'another'"), "")

    def test_what_may_destroy_data(self):
        """Labels, attributes and names that are added or changed take nothing away."""
        files = {
            "001": ("CREATE TYPE mood AS ENUM ('good');\nCREATE TYPE pair AS (a integer, b integer);\nCREATE SCHEMA other;\nCREATE TABLE t (n integer);", False),
            "002": ("-- pgratchet: no-transaction\nALTER TYPE mood ADD VALUE 'drop type';\n", False),
            "003": ("ALTER TYPE mood RENAME VALUE 'good' TO 'type';", False),
            "004": ("ALTER TYPE pair ADD ATTRIBUTE c text;", False),
            "005": ("ALTER TYPE pair OWNER TO CURRENT_USER;\nALTER TYPE pair RENAME TO three;\nALTER /* a */ TYPE three SET SCHEMA other;", False),
            "006": ("ALTER TYPE other.three ALTER ATTRIBUTE c TYPE varchar(2);", True),
            "007": ("ALTER TYPE other.three DROP ATTRIBUTE c;", True),
            "008": ("ALTER TABLE t ALTER n TYPE bigint;", True),
            "009": ("ALTER TABLE t RENAME n TO type;", False),
            "010": ("DROP TYPE mood;", True)}
        self.write(**{f"_{version}_a": body for version, (body, _) in files.items()})
        self.compile(quiet=False)
        plan = json.loads(self.plan.read_text(encoding="utf-8"))
        self.assertEqual({one["version"]: one.get("may_destroy", False) for one in plan["migrations"]},
                         {version: destroys for version, (_, destroys) in files.items()})

    def test_says_what_a_killed_one_has_left(self):
        self.psql("postgres", "CREATE DATABASE pgratchet_shadow_1_2")
        self.addCleanup(self.cluster.drop_database, "pgratchet_shadow_1_2")
        self.write(_001_a="CREATE TABLE a (id integer PRIMARY KEY);")
        self.assertIn('a rehearsal that was killed left the database pgratchet_shadow_1_2\npgratchet: hint: DROP DATABASE "pgratchet_shadow_1_2";',
                      self.try_compile().require().stderr)


if __name__ == "__main__":
    unittest.main()
