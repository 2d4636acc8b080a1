# SPDX-License-Identifier: Apache-2.0
"""What `revert` writes, one change at a time. Each file is compiled, which proves it."""

import re
import unittest

from revert_support import NO_TRANSACTION, Reverts, answered, executor

FIRST = """CREATE TABLE jobs (id integer PRIMARY KEY, note text DEFAULT 'none', n integer CONSTRAINT n_positive CHECK (n > 0));
CREATE VIEW open_jobs AS SELECT id, note FROM jobs;
CREATE VIEW of_open_jobs AS SELECT id FROM open_jobs;
CREATE FUNCTION secret() RETURNS integer LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$ SELECT 1 $$;
REVOKE ALL ON FUNCTION secret() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION secret() TO app;
GRANT SELECT ON open_jobs, of_open_jobs TO app;
COMMENT ON VIEW of_open_jobs IS 'it''s \\ here';
ALTER VIEW of_open_jobs OWNER TO app_owner;
CREATE TYPE mood AS ENUM ('good', 'bad');
CREATE TABLE rows_of (z integer, a text NOT NULL, m bigint GENERATED ALWAYS AS IDENTITY (START WITH 7));"""


class Files(Reverts):
    def of(self, second):
        self.migrations(_001_first=FIRST, _002_second=second)
        return self.reverted("002")

    def expect(self, second, body, *questions):
        self.assertEqual(self.of(second), (body, list(questions)))

    def test_the_whole_file(self):
        self.migrations(_001_first=FIRST, _002_more="ALTER TABLE jobs ADD priority smallint;\nCREATE INDEX by_n ON jobs (n);")
        path = self.revert("002")
        self.assertEqual(path, self.folder / "003_revert_002_more.sql")
        self.assertEqual(path.read_text(encoding="utf-8"), """-- Takes 002_more.sql back.
--
-- Each line with "unanswered" below speaks of something that does not come back, or is lost. If it may
-- be so, write "accepted" in its place, and the reason behind the colon; else write what mends it, and
-- remove the line.

-- pgratchet: unanswered column public.jobs.priority: what was written into it since is lost

BEGIN;

DROP INDEX public.by_n;
ALTER TABLE public.jobs DROP COLUMN priority;

COMMIT;
""")
        said = self.try_compile().require(executor.SQL_FAILED)
        self.assertEqual(self.named(said.stderr),
                         "DIR/migrations/003_revert_002_more.sql:7:1: error: unanswered: column public.jobs.priority: what was "
                         "written into it since is lost [unanswered]\n  hint: if it may be so, write why: -- pgratchet: accepted "
                         "column public.jobs.priority: REASON\n")

    def test_what_does_not_show_in_the_schema(self):
        self.write(_001_first=FIRST, _002_second="ALTER TABLE jobs ADD priority integer;\nALTER TABLE jobs REPLICA IDENTITY FULL;\n"
                   "ALTER TABLE jobs SET (fillfactor = 70);\nCREATE PUBLICATION feed FOR TABLE jobs;\nANALYZE jobs;")
        self.compile(quiet=False)  # the server warns of wal_level
        path = self.revert("002")
        text = path.read_text(encoding="utf-8")
        self.assertEqual([line for line in text.splitlines() if "unanswered work" in line], [
            f"-- pgratchet: unanswered work 002:{line}: {command}: it does not show in the schema, so it is not taken back"
            for line, command in ((3, "ALTER TABLE"), (4, "ALTER TABLE"), (5, "CREATE PUBLICATION"))])
        path.write_text(answered(text).replace("COMMIT;", "DROP PUBLICATION feed;\nCOMMIT;"), encoding="utf-8")
        self.assertIn("the schema after 003 looks as it did at 001", self.try_compile().require(executor.SQL_FAILED).stderr)
        self.probe("003_taken_back", "SELECT NOT EXISTS (SELECT FROM pg_publication)")
        self.compile(quiet=False)

    def test_what_goes_with_what_is_dropped_is_not_asked_about(self):
        self.expect("CREATE TABLE tmp (a text);\nALTER TABLE tmp SET (autovacuum_enabled = off), REPLICA IDENTITY FULL;\n"
                    "ALTER TABLE public.tmp ALTER a SET STORAGE EXTERNAL;", "DROP TABLE public.tmp;", "table public.tmp")

    def test_what_is_not_of_this_schema(self):
        self.addCleanup(self.psql, "postgres", "ALTER ROLE app RESET application_name; REVOKE app_owner FROM app")
        self.write(_001_first=FIRST, _002_second="ALTER TABLE jobs ADD priority integer;\nALTER ROLE app SET application_name = 'x';\n"
                   "ALTER TABLE rows_of ALTER m RESTART WITH 1000;\nGRANT app_owner TO app;\nLISTEN jobs;\n"
                   "GRANT EXECUTE ON FUNCTION pg_catalog.pg_sleep(double precision) TO app;")
        self.compile()
        asked = [line.split("unanswered ")[1] for line in self.revert("002").read_text(encoding="utf-8").splitlines() if "unanswered work" in line]
        hidden, perhaps = "it does not show in the schema, so it is not taken back", "it may not show in the schema, and is not taken back then"
        self.assertEqual(asked, [f"work 002:3: ALTER ROLE: {hidden}", f"work 002:4: ALTER TABLE: {hidden}", f"work 002:5: GRANT: {hidden}",
                                 f"work 002:7: GRANT: {perhaps}"])

    def test_objects_that_were_added(self):
        self.expect("CREATE SCHEMA area;\nCREATE TABLE area.\"user\" (id integer PRIMARY KEY);\n"
                    "CREATE TABLE area.b (a integer REFERENCES area.\"user\");\nCREATE VIEW area.v AS SELECT * FROM area.b;",
                    'DROP VIEW area.v;\nDROP TABLE area.b;\nDROP TABLE area."user";\nDROP SCHEMA area;',
                    "table area.b", "table area.user")

    def test_what_a_parent_passes_on(self):
        """Taken from the parent first: PostgreSQL 18 does not take it from a child alone."""
        self.migrations(_001_first="CREATE TABLE rooms (room text);\nCREATE TABLE cellars () INHERITS (rooms);",
                        _002_second="ALTER TABLE rooms ALTER room SET NOT NULL;")
        body, _ = self.reverted("002")
        self.assertEqual(body.splitlines()[0], "ALTER TABLE public.rooms ALTER COLUMN room DROP NOT NULL;")

    def test_tables_that_hold_each_other(self):
        body, _ = self.of("CREATE TABLE a (id integer PRIMARY KEY);\nCREATE TABLE b (id integer PRIMARY KEY REFERENCES a);\n"
                          "ALTER TABLE a ADD CONSTRAINT to_b FOREIGN KEY (id) REFERENCES b;")
        self.assertEqual(body.count("DROP CONSTRAINT"), 1)
        self.assertEqual(body.count("DROP TABLE"), 2)

    def test_renaming_loses_nothing(self):
        self.expect("ALTER TABLE jobs RENAME note TO remark;\nALTER TABLE jobs RENAME TO work;\nALTER TYPE mood RENAME VALUE 'bad' TO 'poor';",
                    "ALTER TYPE public.mood RENAME VALUE 'poor' TO 'bad';\nALTER TABLE public.work RENAME TO jobs;\n"
                    "ALTER TABLE public.jobs RENAME COLUMN remark TO note;")

    def test_renaming_a_table_and_then_what_is_in_it(self):
        self.expect("ALTER TABLE jobs RENAME TO work;\nALTER TABLE work RENAME note TO remark;",
                    "ALTER TABLE public.work RENAME COLUMN remark TO note;\nALTER TABLE public.work RENAME TO jobs;")

    def test_privileges_of_what_was_dropped_and_made_anew(self):
        body, questions = self.of("DROP FUNCTION secret();\nCREATE FUNCTION secret() RETURNS bigint LANGUAGE sql AS $$ SELECT 1 $$;")
        self.assertTrue(body.startswith("DROP FUNCTION public.secret();\nCREATE OR REPLACE FUNCTION public.secret()\n"), body)
        self.assertTrue(body.endswith("REVOKE EXECUTE ON FUNCTION public.secret() FROM PUBLIC;\n"
                                      "GRANT EXECUTE ON FUNCTION public.secret() TO app;"), body)
        self.assertEqual(questions, [])

    def test_views_make_way_and_come_back(self):
        body, _ = self.of("CREATE OR REPLACE VIEW open_jobs AS SELECT id, note, n FROM jobs;")
        self.assertTrue(body.startswith("DROP VIEW public.of_open_jobs;\nDROP VIEW public.open_jobs;\nCREATE VIEW public.open_jobs"), body)
        for statement in ("ALTER VIEW public.of_open_jobs OWNER TO app_owner;", "GRANT SELECT ON TABLE public.of_open_jobs TO app;",
                          "GRANT SELECT ON TABLE public.open_jobs TO app;", "COMMENT ON VIEW public.of_open_jobs IS E'it''s \\\\ here';"):
            self.assertIn(statement, body)

    def test_a_type_under_a_view(self):
        body, questions = self.of("DROP VIEW of_open_jobs, open_jobs;\nALTER TABLE jobs ALTER note TYPE varchar(9);\n"
                                  "CREATE VIEW open_jobs AS SELECT note FROM jobs;")
        self.assertIn("ALTER TABLE public.jobs ALTER COLUMN note TYPE text USING note::text;", body)
        self.assertEqual(questions, ["column public.jobs.note"])

    def test_columns_keep_their_order(self):
        body, questions = self.of("DROP TABLE rows_of;")
        self.assertIn("CREATE TABLE public.rows_of (\n    z integer,\n    a text NOT NULL,\n"
                      "    m bigint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME public.rows_of_m_seq INCREMENT BY 1 MINVALUE 1 "
                      "MAXVALUE 9223372036854775807 START WITH 7 CACHE 1 NO CYCLE)\n)", body)
        self.assertEqual(questions, ["table public.rows_of"])

    def test_a_column_that_was_dropped(self):
        self.migrations(_001_first=FIRST, _002_second="ALTER TABLE rows_of DROP a;")
        text = self.revert("002").read_text(encoding="utf-8")
        self.assertIn("unanswered column public.rows_of.a: its values do not come back, and NOT NULL refuses rows without one\n", text)
        self.assertIn("ALTER TABLE public.rows_of ADD COLUMN a text NOT NULL;\n", text)

    def test_columns_that_were_dropped_come_back_in_their_order(self):
        """As they stood in the table, not by their names: SELECT * and INSERT without names count on it."""
        body, _ = self.of("ALTER TABLE rows_of DROP a, DROP m, DROP z;")
        self.assertEqual(re.findall(r"ALTER TABLE public.rows_of ADD COLUMN (\w+)", body), ["z", "a", "m"])

    def test_defaults_constraints_and_row_security(self):
        self.expect("ALTER TABLE jobs ALTER note DROP DEFAULT, DROP CONSTRAINT n_positive, ADD CONSTRAINT n_less CHECK (n < 9) NOT VALID;\n"
                    "ALTER TABLE jobs ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON jobs TO app USING (n > 1);\n"
                    "ALTER TABLE jobs ALTER n SET NOT NULL;",
                    "DROP POLICY own ON public.jobs;\nALTER TABLE public.jobs DROP CONSTRAINT n_less;\n"
                    "ALTER TABLE public.jobs ALTER COLUMN n DROP NOT NULL;\nALTER TABLE public.jobs ALTER COLUMN note SET DEFAULT 'none'::text;\n"
                    "ALTER TABLE public.jobs DISABLE ROW LEVEL SECURITY;\nALTER TABLE public.jobs NO FORCE ROW LEVEL SECURITY;\n"
                    "ALTER TABLE public.jobs ADD CONSTRAINT n_positive CHECK ((n > 0));")

    def test_grants_comments_owners(self):
        self.expect("GRANT SELECT, INSERT ON jobs TO app WITH GRANT OPTION;\nGRANT UPDATE (note) ON jobs TO PUBLIC;\n"
                    "COMMENT ON TABLE jobs IS 'x';\nCOMMENT ON COLUMN jobs.n IS 'y';\nALTER TABLE rows_of OWNER TO app;\n"
                    "REVOKE SELECT ON open_jobs FROM app;\nALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO app;",
                    "COMMENT ON COLUMN public.jobs.n IS NULL;\nREVOKE UPDATE (note) ON TABLE public.jobs FROM PUBLIC;\n"
                    "ALTER DEFAULT PRIVILEGES REVOKE SELECT ON TABLES FROM app;\n"
                    "REVOKE INSERT, SELECT ON TABLE public.jobs FROM app;\nCOMMENT ON TABLE public.jobs IS NULL;\n"
                    "ALTER TABLE public.rows_of OWNER TO CURRENT_USER;\nGRANT SELECT ON TABLE public.open_jobs TO app;")

    def test_what_cannot_be_brought_back(self):
        self.migrations(_001_first=FIRST + "\nALTER TABLE jobs ADD mood mood;", _002_second="ALTER TYPE mood ADD VALUE 'mixed';\nALTER TABLE jobs ADD x integer;")
        done = self.try_revert("002").require()
        self.assertIn("1 of what 002 changed cannot be taken back; the file says which", done.stderr)
        path = self.path("003_revert_002_second")
        text = path.read_text(encoding="utf-8")
        self.assertIn("unanswered type public.mood: it stays as it is: nothing was found that takes back its labels\n", text)
        path.write_text(text.replace("unanswered", "accepted"), encoding="utf-8")
        self.compile()
        path.write_text(text.replace("unanswered column", "accepted column").replace("-- pgratchet: unanswered type", "-- "), encoding="utf-8")
        self.assertIn("[not-reverted]", self.try_compile().require(executor.SQL_FAILED).stderr)

    def test_work_on_rows(self):
        self.migrations(_001_first=FIRST, _002_second="ALTER TABLE jobs ADD x integer;\nUPDATE jobs SET x = 1;")
        text = self.revert("002").read_text(encoding="utf-8")
        self.assertIn("-- pgratchet: unanswered work 002:3: UPDATE: what it did to rows is not taken back\n", text)

    def test_an_index_without_a_transaction(self):
        self.migrations(_001_first=FIRST, _002_second=NO_TRANSACTION + "CREATE INDEX CONCURRENTLY by_n ON jobs (n);")
        text = self.revert("002").read_text(encoding="utf-8")
        self.assertEqual(text, NO_TRANSACTION + "-- Takes 002_second.sql back.\n\nDROP INDEX CONCURRENTLY public.by_n;\n")
        self.compile()


class Partitioned(Reverts):
    """An index of a partitioned table comes back with those of its partitions. The dump is the one before; the names of the partitions'
    indexes are the server's own."""
    TABLES = ("CREATE TABLE t (id integer NOT NULL, a integer) PARTITION BY RANGE (id);\nCREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10);\n"
              "CREATE TABLE t2 PARTITION OF t FOR VALUES FROM (10) TO (20);\n")

    count = 0

    def comes_back(self, first, second, *body, questions=()):
        self.count += 1
        for path in self.folder.glob("*.sql"):
            path.unlink()
        self.write(_001_first=self.TABLES + first, _002_second=second)
        self.compile(quiet=False)
        text, asked = self.reverted("002")
        if body:
            self.assertEqual(text.splitlines(), list(body))
        self.assertEqual(asked, list(questions))
        before, after = (self.database(f"_{side}_{self.count}") for side in ("before", "after"))
        self.by_psql(before, "001_first")
        self.by_psql(after, "001_first", "002_second", "003_revert_002_second")
        self.assertEqual(self.schema(before), self.schema(after))
        invalid = "SELECT coalesce(string_agg(indexrelid::regclass::text, ' '), '') FROM pg_index WHERE NOT indisvalid"
        self.assertEqual(self.psql(before, invalid), self.psql(after, invalid))
        self.assert_at(after, "003")

    def test_an_index(self):
        self.comes_back("CREATE INDEX ti ON t (a);", "DROP INDEX ti;", "CREATE INDEX ti ON public.t USING btree (a);")
        self.comes_back('CREATE UNIQUE INDEX "a ON ONLY b" ON t (id, a) WHERE a > 0;', 'DROP INDEX "a ON ONLY b";',
                        'CREATE UNIQUE INDEX "a ON ONLY b" ON public.t USING btree (id, a) WHERE (a > 0);')

    def test_an_index_that_is_not_valid(self):
        self.comes_back("CREATE INDEX ti ON ONLY t (a);", "DROP INDEX ti;", "CREATE INDEX ti ON ONLY public.t USING btree (a);")
        self.comes_back("CREATE INDEX ti ON ONLY t (a);\nCREATE INDEX i1 ON t1 (a);\nCREATE INDEX i2 ON t2 (a);",
                        "ALTER INDEX ti ATTACH PARTITION i1;\nALTER INDEX ti ATTACH PARTITION i2;", "DROP INDEX public.ti;",
                        "CREATE INDEX i1 ON public.t1 USING btree (a);", "CREATE INDEX i2 ON public.t2 USING btree (a);",
                        "CREATE INDEX ti ON ONLY public.t USING btree (a);")

    def test_an_index_of_some_partitions(self):
        """How it was attached to one is not told by its definition: it is made once, and asked about."""
        self.write(_001_first=self.TABLES + "CREATE INDEX ti ON ONLY t (a);\nCREATE INDEX i1 ON t1 (a);\nALTER INDEX ti ATTACH PARTITION i1;\n"
                   "CREATE INDEX z ON t (id);", _002_second="DROP INDEX ti;\nDROP INDEX z;")
        self.compile(quiet=False)
        self.assertEqual(self.reverted("002"), ("CREATE INDEX ti ON ONLY public.t USING btree (a);\nCREATE INDEX z ON public.t USING btree (id);\n"
                                                "-- index public.ti: write here what takes back its valid, and remove its line above.", ["index public.ti"]))

    def test_an_index_without_a_transaction(self):
        """One of a partitioned table cannot be dropped concurrently."""
        made = NO_TRANSACTION + "CREATE INDEX ti ON ONLY t (a);\nCREATE INDEX CONCURRENTLY i1 ON t1 (a);\nCREATE INDEX CONCURRENTLY i2 ON t2 (a);\n" \
            "ALTER INDEX ti ATTACH PARTITION i1;\nALTER INDEX ti ATTACH PARTITION i2;\n"
        self.comes_back("", made, "DROP INDEX public.ti;")
        self.comes_back("CREATE TABLE u (a integer);", made + "CREATE INDEX CONCURRENTLY ua ON u (a);\n", NO_TRANSACTION.rstrip("\n"),
                        "-- Takes 002_second.sql back.", "", "DROP INDEX public.ti;", "DROP INDEX CONCURRENTLY public.ua;")

    def test_a_constraint(self):
        for kind in ("PRIMARY KEY", "UNIQUE"):
            with self.subTest(kind):
                self.comes_back(f"ALTER TABLE t ADD CONSTRAINT k {kind} (id);", "ALTER TABLE t DROP CONSTRAINT k;",
                                f"ALTER TABLE public.t ADD CONSTRAINT k {kind} (id);")
                self.comes_back(f"ALTER TABLE ONLY t ADD CONSTRAINT k {kind} (id);", "ALTER TABLE t DROP CONSTRAINT k;",
                                f"ALTER TABLE ONLY public.t ADD CONSTRAINT k {kind} (id);")

    def test_the_whole_table(self):
        self.comes_back("CREATE INDEX ti ON t (a);\nALTER TABLE t ADD CONSTRAINT k PRIMARY KEY (id);", "DROP TABLE t;",
                        questions=("table public.t", "table public.t1", "table public.t2"))


class Refused(Reverts):
    def test_nothing_to_take_back(self):
        self.probe("002_work", "SELECT count(*) > 0 FROM jobs")
        self.migrations(_001_first=FIRST, _002_work="INSERT INTO jobs VALUES (1);")
        said = self.try_revert("002").require(executor.STATE_REFUSES).stderr
        self.assertIn("002_work.sql leaves no trace in the schema, so there is nothing to take back there", said)
        self.assertEqual(len(list(self.folder.iterdir())), 2)

    def test_what_later_files_build_on(self):
        self.migrations(_001_a="CREATE TABLE a ();", _002_b="CREATE TABLE b (x integer);", _003_c="CREATE INDEX b_x ON b (x);")
        self.assertIn("003_c.sql builds on what 002 did: index public.b_x", self.try_revert("002").require(executor.STATE_REFUSES).stderr)

    def test_what_is_taken_back_already(self):
        self.migrations(_001_a="CREATE TABLE a ();", _002_b="CREATE TABLE b ();", _003_revert_002_b="DROP TABLE b;")
        done = self.try_revert("002").require(executor.STATE_REFUSES)
        self.assertEqual(done.stderr, "pgratchet: error: 002 is taken back already, by 003_revert_002_b.sql\n"
                                      "pgratchet: hint: to have it again, take that file back: pgratchet revert 003\n")
        self.migrations(_004_revert_003_revert="CREATE TABLE b ();")
        self.assertIn("builds on what 002 did", self.try_revert("002").require(executor.STATE_REFUSES).stderr)

    def test_one_that_is_not_the_newest(self):
        self.migrations(_001_a="CREATE TABLE a ();", _002_b="CREATE TABLE b (x integer);", _003_c="CREATE TABLE c ();")
        self.assertEqual(self.reverted("002"), ("DROP TABLE public.b;", ["table public.b"]))

    def test_wrong_arguments(self):
        self.migrations(_001_a="CREATE TABLE a ();")
        self.assertIn("the plan has no version 002", self.try_revert("002").require(executor.USAGE).stderr)
        self.write(_002_b="CREATE TABLE b ();")
        self.assertIn("the plan is stale: 002_b.sql was added", self.try_revert("001").require(executor.STATE_REFUSES).stderr)


if __name__ == "__main__":
    unittest.main()
