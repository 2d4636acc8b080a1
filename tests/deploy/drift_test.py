# SPDX-License-Identifier: Apache-2.0
"""Drift: named object by object, apply refuses and changes nothing; --accept-drift; what is not drift."""

import unittest

from deploy_support import Deployment, executor

FIRST = """
CREATE TABLE jobs (id integer PRIMARY KEY, state text NOT NULL DEFAULT 'new', note text, n integer CONSTRAINT jobs_n CHECK (n > 0));
CREATE INDEX jobs_state ON jobs (state);
CREATE VIEW open_jobs AS SELECT id, state FROM jobs WHERE state = 'new';
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$;
CREATE TRIGGER jobs_touch BEFORE UPDATE ON jobs FOR EACH ROW EXECUTE FUNCTION touch();
ALTER TABLE jobs ENABLE ROW LEVEL SECURITY;
CREATE POLICY jobs_all ON jobs USING (n > 1);
CREATE TYPE mood AS ENUM ('good', 'bad');
CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
CREATE SEQUENCE numbers INCREMENT 2;
"""
SECOND = "ALTER TABLE jobs ADD priority integer;\nCREATE TABLE results (job integer REFERENCES jobs, CONSTRAINT results_once UNIQUE (job));"
THIRD = "CREATE TABLE notes (id integer);"

# What was done by hand, and what status says of it: kind, identity, attribute, expected, actual.
DRIFT = {
    "dropped column": ("ALTER TABLE jobs DROP note;", ("column", "public.jobs.note", None, "present", None)),
    "changed default": ("ALTER TABLE jobs ALTER state SET DEFAULT 'old';",
                        ("column", "public.jobs.state", "default", "'new'::text", "'old'::text")),
    "dropped default": ("ALTER TABLE jobs ALTER state DROP DEFAULT;", ("column", "public.jobs.state", "default", "'new'::text", None)),
    "changed type": ("ALTER TABLE jobs ALTER note TYPE varchar(20);", ("column", "public.jobs.note", "type", "text", "character varying(20)")),
    "nullable": ("ALTER TABLE jobs ALTER state DROP NOT NULL;", ("column", "public.jobs.state", "not null", "yes", None)),
    "dropped index": ("DROP INDEX jobs_state;", ("index", "public.jobs_state", None, "present", None)),
    "disabled trigger": ("ALTER TABLE jobs DISABLE TRIGGER jobs_touch;",
                         ("trigger", "jobs_touch on public.jobs", "enabled", None, "no")),
    "changed policy": ("ALTER POLICY jobs_all ON jobs USING (n > 2);", ("policy", "jobs_all on public.jobs", "using", "(n > 1)", "(n > 2)")),
    "row security off": ("ALTER TABLE jobs DISABLE ROW LEVEL SECURITY;", ("table", "public.jobs", "row security", "enabled", None)),
    "dropped constraint": ("ALTER TABLE jobs DROP CONSTRAINT jobs_n;", ("table constraint", "jobs_n on public.jobs", None, "present", None)),
    "enum value": ("ALTER TYPE mood ADD VALUE 'mixed' BEFORE 'bad';", ("type", "public.mood", "labels", None, None)),
    "dropped domain check": ("ALTER DOMAIN positive DROP CONSTRAINT positive_check;",
                             ("domain constraint", "positive_check on public.positive", None, "present", None)),
    "sequence": ("ALTER SEQUENCE numbers INCREMENT 3;", ("sequence", "public.numbers", "increment", "2", "3")),
    "changed view": ("CREATE OR REPLACE VIEW open_jobs AS SELECT id, state FROM jobs WHERE state = 'open';",
                     ("view", "public.open_jobs", "definition", None, None)),
    "changed function": ("CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN old; END $$;",
                         ("function", "public.touch()", "body", None, None)),
}


class Drift(Deployment):
    def setUp(self):
        super().setUp()
        self.migrations(_001_jobs=FIRST, _002_priority=SECOND, _003_notes=THIRD)

    def at_two(self, hand_made=""):
        database = self.database()
        self.by_psql(database, "001_jobs", "002_priority")
        self.psql(database, hand_made)
        return database

    def test_each_object_is_named(self):
        database = self.database()
        self.by_psql(database, "001_jobs", "002_priority")
        for number, (name, (sql, expected)) in enumerate(DRIFT.items()):
            with self.subTest(name):
                drifted = self.database(f"_{number}", template=database)
                self.psql(drifted, sql)
                found = self.status(drifted)
                self.assertEqual((found["state"], found["version"], found["pending"], len(found["drift"])), ("drift", "002", ["003"], 1), found)
                one = found["drift"][0]
                for key, value in zip(("kind", "identity", "attribute", "expected", "actual"), expected):
                    if value is not None or key == "actual" and expected[3] == "present":
                        self.assertEqual(one.get(key), value, one)

    def test_apply_refuses_and_says_what(self):
        database = self.at_two("ALTER TABLE jobs DROP note; ALTER TABLE jobs ALTER state SET DEFAULT 'old';")
        done = self.assert_refused(database, "")
        self.assertEqual(done.stderr, """\
test fits no version: drift, nearest to 002
  pending: 003_notes.sql
  drift: column public.jobs.note: expected, and is missing
  drift: column public.jobs.state: default: expected 'new'::text, found 'old'::text
  all of it is about what 001_jobs.sql does: either test got another 001 than this plan has, or what it made was changed since
pgratchet: error: test has drifted from the plan; nothing was changed
pgratchet: hint: was an applied file edited? undo that, and write the next one; is it a hotfix that all are to have? write it down as the next migration, with the same words; else bring the listed objects back, or name those that do not matter: --accept-drift 'KIND IDENTITY'; what only has the same name can be renamed
""")
        self.assertEqual(self.receipts(), [])

    HINT = ("  hint: was an applied file edited? undo that, and write the next one; is it a hotfix that all are to have? write it down "
            "as the next migration, with the same words; else bring the listed objects back, or name those that do not matter: "
            "--accept-drift 'KIND IDENTITY'; what only has the same name can be renamed\n")

    def test_status_in_words(self):
        database = self.at_two("DROP INDEX jobs_state")
        done = self.executor.on("status", self.plan, self.cluster.conninfo(database)).require()
        self.assertEqual((done.stdout, done.stderr), ("test fits no version: drift, nearest to 002\n  pending: 003_notes.sql\n"
                                                      "  drift: index public.jobs_state: expected, and is missing\n"
                                                      "  all of it is about what 001_jobs.sql does: either test got another 001 than this plan "
                                                      "has, or what it made was changed since\n" + self.HINT, ""))
        verified = self.executor.verify(self.plan, self.cluster.conninfo(database)).require(executor.STATE_REFUSES)
        self.assertEqual(verified.stdout.count(self.HINT), 2, verified)  # of schema.version, and of schema.drift

    def test_verify_prints_what_was_expected(self):
        database = self.at_two("DROP INDEX jobs_state")
        done = self.executor.verify(self.plan, self.cluster.conninfo(database)).require(executor.STATE_REFUSES)
        self.assertEqual(done.stderr, "")
        self.assertEqual([line for line in done.stdout.splitlines() if not line.startswith(" ")],
                         ["FAILED schema.version", "FAILED schema.drift", "FAILED migration.001", "passed migration.002", "FAILED migration.003"])
        self.assertIn("  index public.jobs_state: expected, and is missing\n", done.stdout)
        self.assertIn("  expected: table public.notes\n", done.stdout)

    def test_accepted_drift_passes_what_leaves_it_alone(self):
        database = self.at_two("ALTER TABLE jobs ALTER state SET DEFAULT 'old'")
        self.apply(database, "--accept-drift", "public.jobs.state")
        self.assertEqual(self.psql(database, "SELECT to_regclass('notes') IS NOT NULL"), "t")
        self.assertEqual([r["did"] for r in self.receipts()], ["accept drift", "apply"])
        self.assertEqual(self.receipts()[0]["object"], "column public.jobs.state")
        self.assertEqual(self.status(database)["state"], "drift")

    def test_accepted_drift_of_one_kind(self):
        """A policy and a trigger of one name: with its kind, one of them is accepted, without it both."""
        twins = ("CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';\n"
                 "CREATE POLICY same ON notes USING (true);\nCREATE TRIGGER same BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION nothing();")
        self.migrations(_001_jobs="CREATE TABLE notes (n integer);\n" + twins, _002_priority="CREATE TABLE more ();", _003_notes="CREATE TABLE again ();")
        database = self.database()
        self.by_psql(database, "001_jobs", "002_priority")
        self.psql(database, "DROP POLICY same ON notes; DROP TRIGGER same ON notes")
        done = self.assert_refused(database, "drift: policy same on public.notes", extra=("--accept-drift", "trigger same on public.notes"))
        self.assertNotIn("drift: trigger", done.stderr)
        self.apply(database, "--accept-drift", "same on public.notes")
        self.assertEqual([r["object"] for r in self.receipts() if r["did"] == "accept drift"], ["policy same on public.notes", "trigger same on public.notes"])

    def test_accepting_one_of_two_is_not_enough(self):
        database = self.at_two("ALTER TABLE jobs ALTER state SET DEFAULT 'old'; DROP INDEX jobs_state;")
        done = self.assert_refused(database, "public.jobs_state", extra=("--accept-drift", "public.jobs.state"))
        self.assertNotIn("  drift: column public.jobs.state", done.stderr)

    def test_accepted_drift_stops_what_touches_it(self):
        database = self.database()
        self.by_psql(database, "001_jobs")
        self.psql(database, "ALTER TABLE jobs DISABLE ROW LEVEL SECURITY")
        self.assert_refused(database, "works on column public.jobs.priority, which belongs to public.jobs, whose drift cannot be accepted then", extra=("--accept-drift", "public.jobs"))

    def test_accepted_drift_of_what_a_file_drops_anyway(self):
        """Dropped by hand ahead of the file that says DROP ... IF EXISTS, with another file before that."""
        self.migrations(_001_jobs="CREATE TABLE a (t text);\nCREATE INDEX i ON a (t);\nCREATE TABLE legacy (n integer);", _002_priority="CREATE TABLE b ();",
                        _003_notes="DROP INDEX IF EXISTS i;\nDROP TABLE IF EXISTS legacy;")
        database = self.database()
        self.by_psql(database, "001_jobs")
        self.psql(database, "DROP INDEX i; DROP TABLE legacy")
        accept = [word for name in ("public.i", "public.legacy", "public.legacy.n") for word in ("--accept-drift", name)]
        self.apply(database, *accept)
        self.assert_at(database, "003", drift=[])
        strict = self.database("_strict")
        self.migrations(_001_jobs="CREATE TABLE a (t text);\nCREATE INDEX i ON a (t);\nCREATE TABLE legacy (n integer);", _002_priority="CREATE TABLE b ();",
                        _003_notes="DROP INDEX i;")
        self.by_psql(strict, "001_jobs")
        self.psql(strict, "DROP INDEX i")
        done = self.apply(strict, *accept[:2], code=executor.SQL_FAILED)
        self.assertIn('003_notes.sql:2:1: error: index "i" does not exist [42704]\n', done.stderr)
        self.assert_at(strict, "003", drift=[])  # what it was to drop is gone

    def test_accepted_drift_of_what_a_file_changes(self):
        """Where the changed attribute itself is neither as before nor as after the file, nobody but its users can tell."""
        self.migrations(_001_jobs="CREATE TABLE a (t text);", _002_priority="ALTER TABLE a ALTER t SET DEFAULT 'x';", _003_notes="CREATE TABLE c ();")
        accept = ("--accept-drift", "public.a.t")
        pending = self.database("_pending")
        self.by_psql(pending, "001_jobs")
        self.psql(pending, "ALTER TABLE a ALTER t TYPE varchar(100)")
        self.assertEqual(self.status(pending)["pending"], ["002", "003"])
        self.assert_refused(pending, "works on column public.a.t, whose drift cannot be accepted then", extra=accept)
        self.psql(pending, "ALTER TABLE a ALTER t SET DEFAULT 'other'")
        done = self.assert_refused(pending, "which version test is at cannot be told from its schema", extra=accept)
        self.assertIn("the schema is that of 001, 002", done.stderr)
        self.assert_refused(pending, "works on column public.a.t, whose drift cannot be accepted then", extra=(*accept, "--assume", "001"))
        self.apply(pending, *accept, "--assume", "002")
        self.assertEqual(self.psql(pending, "SELECT to_regclass('c') IS NOT NULL"), "t")

    def test_accepted_drift_and_what_a_probe_says(self):
        self.probe("002_filled", "SELECT EXISTS (SELECT FROM a)")
        self.migrations(_001_jobs="CREATE TABLE a (t text);", _002_priority="ALTER TABLE a ALTER t SET DEFAULT 'x';\nINSERT INTO a DEFAULT VALUES;",
                        _003_notes="CREATE TABLE c ();")
        accept = ("--accept-drift", "public.a.t")
        for files, version in ((("001_jobs",), "001"), (("001_jobs", "002_priority"), "002")):
            with self.subTest(version):
                database = self.database("_" + version)
                self.by_psql(database, *files)
                self.psql(database, "ALTER TABLE a ALTER t TYPE varchar(100), ALTER t SET DEFAULT 'other'")
                if version == "001":
                    self.assert_refused(database, "works on column public.a.t, whose drift cannot be accepted then", extra=accept)
                else:
                    self.apply(database, *accept)
                self.assertEqual(self.psql(database, "SELECT to_regclass('c') IS NOT NULL"), "f" if version == "001" else "t")

    def test_acceptance_does_not_say_that_work_on_data_is_done(self):
        """A hotfix made a part of 002 beforehand: what is accepted is as it was before 002, which has not run."""
        self.migrations(_001_jobs="CREATE TABLE a (id bigint, t text);",
                        _002_priority="ALTER TABLE a ADD n integer;\nUPDATE a SET t = 'filled' WHERE t IS NULL;\nALTER TABLE a ALTER t SET DEFAULT 'filled';",
                        _003_notes="CREATE TABLE c ();")
        database = self.database()
        self.by_psql(database, "001_jobs")
        self.psql(database, "INSERT INTO a VALUES (1); ALTER TABLE a ADD n integer")
        self.assert_refused(database, "a part of 002 is there already; nothing was changed")
        accept = ("--accept-drift", "column public.a.t")
        done = self.assert_refused(database, "which version test is at cannot be told from its schema; nothing was changed", extra=accept)
        self.assertIn("test is ambiguous: the schema is that of 001, 002\n  accepted: column public.a.t: default: expected 'filled'::text, found (none)\n", done.stderr)
        self.apply(database, *accept, "--assume", "002")
        self.assertEqual([r["did"] for r in self.receipts()], ["assume", "accept drift", "apply"])

    def test_a_probe_says_that_work_on_data_is_done(self):
        self.probe("002_filled", "SELECT NOT EXISTS (SELECT FROM a WHERE t IS NULL)")
        self.migrations(_001_jobs="CREATE TABLE a (id bigint, t text);",
                        _002_priority="ALTER TABLE a ADD n integer;\nUPDATE a SET t = 'filled' WHERE t IS NULL;\nALTER TABLE a ALTER t SET DEFAULT 'filled';",
                        _003_notes="CREATE TABLE c ();")
        for name, text, refused in (("_not", "NULL", True), ("_done", "'x'", False)):
            with self.subTest(name):
                database = self.database(name)
                self.by_psql(database, "001_jobs")
                self.psql(database, f"INSERT INTO a VALUES (1, {text}); ALTER TABLE a ADD n integer")
                if refused:
                    self.assert_refused(database, "cannot be told from its schema", extra=("--accept-drift", "public.a.t"))
                else:
                    self.apply(database, "--accept-drift", "public.a.t")

    def test_acceptance_is_kept_where_nothing_is_pending(self):
        self.migrations(_001_jobs="CREATE TABLE a (t text);", _002_priority="CREATE TABLE b ();", _003_notes="CREATE TABLE c ();")
        database = self.database()
        self.by_psql(database, "001_jobs", "002_priority", "003_notes")
        self.psql(database, "ALTER TABLE a ALTER t SET DEFAULT 'x'")
        done = self.apply(database, "--accept-drift", "public.a.t")
        self.assertIn("accepted drift: column public.a.t: default: expected (none), found 'x'::text\n", done.stderr)
        self.assertIn("test is at 003, nothing is pending\n", done.stderr)
        self.assertEqual([r["did"] for r in self.receipts()], ["accept drift"])

    def test_partial_says_what_is_missing_of_what_is_there(self):
        self.migrations(_001_jobs="CREATE TABLE a (t text);\nCREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1';\nCREATE TABLE gone ();",
                        _002_priority="ALTER TABLE a ADD n integer;\nALTER TABLE a ALTER t SET NOT NULL;\nCREATE INDEX a_t ON a (t);\nDROP TABLE gone;",
                        _003_notes="CREATE TABLE later ();")
        database = self.database()
        self.by_psql(database, "001_jobs")
        self.psql(database, "ALTER TABLE a ADD n integer")
        expected = ["  partial: column public.a.n: is there, and is not expected", "  missing: column public.a.t: not null: expected yes, found no",
                    "  missing: index public.a_t", "  missing: table public.gone is to be dropped"]
        done = self.executor.on("status", self.plan, self.cluster.conninfo(database)).require()
        self.assertEqual(done.stdout.splitlines(), ["test is between 001 and 002: partial", "  pending: 002_priority.sql", "  pending: 003_notes.sql", *expected,
                                                    "  hint: was the file edited since it was run? undo that, and write the next one; if 002 has run, bring back what "
                                                    "is missing, or let it pass: --accept-drift 'KIND IDENTITY'; if it has not, take back what is there, or let the file "
                                                    "make that IF NOT EXISTS; what only has the same name can be renamed"])
        verified = self.executor.verify(self.plan, self.cluster.conninfo(database)).require(executor.STATE_REFUSES)
        self.assertIn("FAILED migration.002\n  002_priority.sql is pending: test is between 001 and 002: partial\n" + "\n".join(expected[1:]) + "\n",
                      verified.stdout)
        self.assertEqual([m["identity"] for m in self.status(database)["missing"]], ["public.a.t", "public.a_t", "public.gone"])

    def test_a_hotfix_written_down_as_the_next_migration(self):
        database = self.at_two("CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN old; END $$;")
        self.assertIn("write it down as the next migration", self.assert_refused(database, "").stderr)
        self.migrations(_003_notes="CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN old; END $$;")
        self.assert_at(database, "003", drift=[])

    def test_partial(self):
        database = self.database()
        self.by_psql(database, "001_jobs")
        self.psql(database, "ALTER TABLE jobs ADD priority integer")
        found = self.status(database)
        self.assertEqual((found["state"], found["version"], found["pending"]), ("partial", "001", ["002", "003"]))
        self.assertEqual([(d["kind"], d["identity"], d["expected"], d["actual"]) for d in found["drift"]],
                         [("column", "public.jobs.priority", None, "present")])
        done = self.assert_refused(database, "a part of 002 is there already; nothing was changed")
        self.assertIn("  partial: column public.jobs.priority: is there, and is not expected\n", done.stderr)

    def test_unmanaged_is_not_in_the_way(self):
        database = self.at_two("CREATE INDEX hand_made ON jobs (note); CREATE TABLE scratch (id integer PRIMARY KEY, t text);"
                               "ALTER TABLE jobs ADD extra integer; CREATE VIEW mine AS SELECT 1 AS one;")
        found = self.assert_at(database, "002", drift=[])
        self.assertEqual({(u["kind"], u["identity"]) for u in found["unmanaged"]},
                         {("index", "public.hand_made"), ("table", "public.scratch"), ("column", "public.jobs.extra"), ("view", "public.mine")})
        self.apply(database)
        self.assert_at(database, "003")

    def test_tuning_is_no_drift(self):
        database = self.at_two("ALTER TABLE jobs SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01);"
                               "ALTER INDEX jobs_state SET (fillfactor = 60); ALTER TABLE jobs ALTER state SET STATISTICS 1000;"
                               "ALTER TABLE jobs ALTER note SET STORAGE EXTERNAL; ALTER TABLE jobs REPLICA IDENTITY FULL;"
                               "CLUSTER jobs USING jobs_pkey; CREATE PUBLICATION everything FOR ALL TABLES;"
                               "GRANT SELECT ON jobs TO app; ALTER TABLE jobs OWNER TO app_owner; COMMENT ON TABLE jobs IS 'x';"
                               "SELECT setval('numbers', 100); ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO app;")
        self.assert_at(database, "002", drift=[])
        self.apply(database)
        self.assert_at(database, "003", drift=[])

    def test_made_before_its_time(self):
        """By hand and exactly as a pending file makes it, but without IF NOT EXISTS: not anticipated."""
        database = self.at_two(THIRD)
        self.assert_at(database, "003")


class NoEncoding(Deployment):
    def test_a_text_that_is_no_utf8(self):
        """SQL_ASCII takes any bytes: what cannot be read is an error of its own, and no file failed."""
        self.migrations(_001_a="CREATE TABLE a (n integer);")
        database = self.id().rsplit(".", 1)[-1]
        self.psql("postgres", f"CREATE DATABASE {database} TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'")
        self.addCleanup(self.cluster.drop_database, database)
        self.apply(database)
        self.assert_at(database, "001", drift=[])
        self.psql(database, "DO $$ BEGIN EXECUTE 'COMMENT ON TABLE a IS ' || quote_literal(chr(246)); END $$")
        for command in ("status", "apply", "verify"):
            done = self.executor.on(command, self.plan, self.cluster.conninfo(database)).require(executor.CONFIGURATION)
            self.assertIn("has a text that is no UTF-8 in it: invalid byte sequence for encoding \"UTF8\": 0xf6", done.stderr)


class CameInLate(Deployment):
    def test_a_lower_number_than_those_that_have_run(self):
        """A branch that is merged late: it is told from a file that was applied and changed since, and runs under a new number."""
        rest = {"_20260101_a": "CREATE TABLE a (n integer);\nINSERT INTO a VALUES (1);", "_20260110_c": "CREATE TABLE c ();"}
        late = "ALTER TABLE a ADD m integer;\nUPDATE a SET m = n * 2;\nCREATE INDEX a_m ON a (m);"
        self.migrations(**rest)
        database = self.database()
        self.apply(database)
        self.migrations(**rest, _20260105_late=late)
        self.assertEqual(self.status(database)["left_out"], "20260105")
        done = self.assert_refused(database, "test has drifted from the plan; nothing was changed")
        self.assertIn("  all of that is so if 20260105_late.sql has not run in test, although what is there goes up to 20260110\n", done.stderr)
        self.assertIn("hint: has 20260105_late.sql come in when later ones had run here? give it a number above 20260110, and it runs; ", done.stderr)
        self.psql(database, "ALTER TABLE a ADD m integer")
        self.assertNotIn("has not run in test", self.assert_refused(database, "nothing was changed").stderr)
        self.psql(database, "ALTER TABLE a DROP m")
        self.path("20260105_late").unlink()
        self.migrations(**rest, _20260112_late=late)
        self.apply(database)
        self.assert_at(database, "20260112", drift=[])
        self.assertEqual(self.psql(database, "SELECT m FROM a"), "2")


class Tolerance(Deployment):
    def test_ignore(self):
        self.write(_001_jobs=FIRST, _002_notes=THIRD)
        self.compile("--ignore", "index|public.jobs_*|*|the nightly job rebuilds it", "--ignore", "column|public.jobs.state|default|set by hand")
        database = self.database()
        self.by_psql(database, "001_jobs")
        self.psql(database, "DROP INDEX jobs_state; ALTER TABLE jobs ALTER state SET DEFAULT 'old'")
        self.assert_at(database, "001", drift=[])
        self.psql(database, "ALTER TABLE jobs ALTER state DROP NOT NULL")
        self.assertEqual([d["attribute"] for d in self.status(database)["drift"]], ["not null"])

    def test_a_file_that_changes_only_what_is_ignored(self):
        """It is never passed over unseen where the environment has a value of its own."""
        self.write(_001_jobs="CREATE TABLE jobs (state text);", _002_default="ALTER TABLE jobs ALTER state SET DEFAULT 'new';", _003_more="CREATE TABLE more ();")
        self.compile("--ignore", "column|public.jobs.state|default|set by hand")
        database = self.database()
        self.by_psql(database, "001_jobs")
        self.assert_at(database, "001", pending=["002", "003"])
        self.psql(database, "ALTER TABLE jobs ALTER state SET DEFAULT 'own'")
        self.assertEqual(self.status(database)["state"], "ambiguous")
        self.assert_refused(database, "which version test is at cannot be told from its schema")
        self.apply(database, "--assume", "002")
        self.assert_at(database, "003", drift=[])
        self.assertIn("'own'", self.psql(database, "SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef"))

    def test_job_managed_partitions(self):
        self.write(_001_log="CREATE TABLE log (at date NOT NULL) PARTITION BY RANGE (at);"
                            "CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM ('2020-01-01') TO ('2021-01-01'); CREATE INDEX ON log (at);",
                   _002_more="CREATE TABLE more ();")
        partition = "CREATE TABLE log_2 PARTITION OF log FOR VALUES FROM ('2021-01-01') TO ('2022-01-01')"
        self.compile()
        database = self.database()
        self.by_psql(database, "001_log")
        self.psql(database, partition)  # one more is unmanaged in any case
        found = self.assert_at(database, "001", drift=[])
        self.assertIn({"kind": "table", "identity": "public.log_2"}, found["unmanaged"])
        self.psql(database, "DROP TABLE log_1")
        self.assertNotEqual(self.status(database)["state"], "applied")
        self.compile("--job-managed-partitions", "public.log")
        self.assert_at(database, "001", drift=[])
        self.apply(database)
        self.assert_at(database, "002")
        self.apply(self.database("_new"))

    def test_anticipated_hotfix(self):
        self.migrations(_001_jobs="CREATE TABLE jobs (id integer, note text);", _002_more="CREATE TABLE more ();",
                        _003_hotfix="CREATE INDEX IF NOT EXISTS jobs_note ON jobs (note);\nCREATE TABLE IF NOT EXISTS notes (id integer);")
        database = self.database()
        self.by_psql(database, "001_jobs")
        self.psql(database, "CREATE INDEX jobs_note ON jobs (note)")
        self.assert_at(database, "001", drift=[], anticipated=[{"kind": "index", "identity": "public.jobs_note"}], pending=["002", "003"])
        self.apply(database)
        self.assert_at(database, "003", anticipated=[])

    def test_a_different_object_is_not_anticipated(self):
        self.migrations(_001_jobs="CREATE TABLE jobs (id integer, note text);", _002_hotfix="CREATE INDEX IF NOT EXISTS jobs_note ON jobs (note);")
        database = self.database()
        self.by_psql(database, "001_jobs")
        self.psql(database, "CREATE INDEX jobs_note ON jobs (id)")
        self.assertEqual(self.status(database)["state"], "drift")
        self.assert_refused(database, "drifted")

    def test_extension_and_schema_made_beforehand(self):
        self.migrations(_001_crypto="CREATE EXTENSION IF NOT EXISTS pgcrypto;\nCREATE SCHEMA IF NOT EXISTS app;\nCREATE TABLE app.t (id uuid DEFAULT gen_random_uuid());",
                        _002_more="CREATE TABLE more ();")
        database = self.database()
        self.psql(database, "CREATE EXTENSION pgcrypto; CREATE SCHEMA app")
        self.assert_at(database, None, drift=[])
        self.apply(database)
        self.assert_at(database, "002")
        self.psql(database, "DROP EXTENSION pgcrypto CASCADE")
        self.assertEqual([(d["kind"], d["identity"]) for d in self.status(database)["drift"]], [("extension", "pgcrypto")])

    def test_a_schema_that_is_used_again_is_not_dropped(self):
        """It may have been made anew since 002; or 002 has not run, and would drop what somebody has put into it."""
        self.migrations(_001_a="CREATE SCHEMA staging;\nCREATE TABLE a (x integer);", _002_drop="DROP SCHEMA staging CASCADE;", _003_more="CREATE TABLE more ();")
        database = self.database()
        self.apply(database, to="001")
        self.assert_at(database, "001", pending=["002", "003"])
        self.apply(database, to="002")
        self.psql(database, "CREATE SCHEMA staging; CREATE TABLE staging.data AS SELECT 1 AS n")
        lacking = "schema staging: expected to be gone, and holds what no migration makes"
        found = self.status(database)
        self.assertEqual((found["state"], found["candidates"], found["lacking"]), ("ambiguous", ["001", "002"], [lacking]))
        self.assertIn(f"test is ambiguous: the schema is that of 001, 002\n  lacking: {lacking}\n",
                      self.assert_refused(database, "which version test is at cannot be told from its schema").stderr)
        self.apply(database, "--assume", "002")
        self.assertEqual(self.psql(database, "SELECT n FROM staging.data"), "1")
        self.assert_at(database, "003")

    def test_validated_early(self):
        self.migrations(_001_jobs="CREATE TABLE jobs (n integer);\nALTER TABLE jobs ADD CONSTRAINT jobs_n CHECK (n > 0) NOT VALID;",
                        _002_validate="ALTER TABLE jobs VALIDATE CONSTRAINT jobs_n;\nCREATE TABLE more ();")
        database = self.database()
        self.by_psql(database, "001_jobs")
        self.assert_at(database, "001")
        self.psql(database, "ALTER TABLE jobs VALIDATE CONSTRAINT jobs_n")
        self.assert_at(database, "001", drift=[])
        self.apply(database)
        self.assert_at(database, "002", drift=[])


if __name__ == "__main__":
    unittest.main()
