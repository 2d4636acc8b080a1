# SPDX-License-Identifier: Apache-2.0
"""Where diagnostics stand: file, line and column of every error, inside of routines and in odd files too."""

import os
import re
import unittest

from deploy_support import Deployment, executor, postgres, wrapped

GRAMMAR = 15  # the version whose parser libpg_query is

FAIL = """CREATE FUNCTION fail(n integer) RETURNS integer LANGUAGE plpgsql AS $body$
DECLARE
  m integer;
BEGIN
  IF n > 1 THEN RAISE EXCEPTION 'out of cheese'
    USING DETAIL = 'n is ' || n, HINT = 'buy some'; END IF;
  SELECT nosuch INTO m FROM pg_class;
  RETURN m;
END $body$;"""


class Places(Deployment):
    def first_line(self, code=4, **bodies):
        """Compiling fails; the first line of what is said."""
        self.write(**bodies)
        return self.failed(code).split("\n")[0]

    def failed(self, code=4):
        done = self.try_compile().require(code)
        self.assertEqual(done.stdout, "")
        return self.named(done.stderr)

    def raw(self, name, data):
        self.path(name).write_bytes(data)

    # ---- Odd files ----

    def test_behind_a_byte_order_mark(self):
        self.raw("001_a", b"\xef\xbb\xbfBEGIN; CREATE TABLE a (x nosuch); COMMIT;\n")
        self.assertTrue(self.failed().startswith('DIR/migrations/001_a.sql:1:26: error: type "nosuch" does not exist [42704]'))

    def test_with_carriage_returns(self):
        self.raw("001_a", b"BEGIN;\r\nCREATE TABLE a (\r\n  x integer,\r\n  y nosuch);\r\nCOMMIT;\r\n")
        self.assertTrue(self.failed().startswith("DIR/migrations/001_a.sql:4:5: error: "))

    def test_with_carriage_returns_in_a_body(self):
        self.raw("001_a", ("BEGIN;\n" + FAIL + "\nSELECT fail(0);\nCOMMIT;\n").replace("\n", "\r\n").encode())
        self.assertTrue(self.failed().startswith('DIR/migrations/001_a.sql:8:10: error: column "nosuch" does not exist [42703]'))

    def test_tabs_count_one(self):
        self.assertEqual(self.first_line(_001_a="CREATE TABLE a (\n\t\tx\tnosuch);"),
                         'DIR/migrations/001_a.sql:3:5: error: type "nosuch" does not exist [42704]')

    def test_characters_of_several_bytes_count_one(self):
        self.assertEqual(self.first_line(_001_a='COMMENT ON SCHEMA public IS \'ä日😀\'; CREATE TABLE "größe_日本_😀" (x nosuch);'),
                         'DIR/migrations/001_a.sql:2:65: error: type "nosuch" does not exist [42704]')

    def test_line_of_thousands_of_characters(self):
        columns = ", ".join(f"c{i} integer" for i in range(900))
        self.assertEqual(self.first_line(_001_a=f"CREATE TABLE a ({columns}, x nosuch);"),
                         f'DIR/migrations/001_a.sql:2:{len(columns) + 21}: error: type "nosuch" does not exist [42704]')

    def test_no_position(self):
        self.assertEqual(self.first_line(_001_a="CREATE TABLE a ();\n\n  /* x */ CREATE TABLE a ();"),
                         'DIR/migrations/001_a.sql:4:11: error: relation "a" already exists [42P07]')

    def test_constraint_has_detail(self):
        self.write(_001_a="CREATE TABLE a (n integer UNIQUE);\nINSERT INTO a VALUES (1), (1);")
        self.assertTrue(self.failed().startswith(
            'DIR/migrations/001_a.sql:3:1: error: duplicate key value violates unique constraint "a_n_key" [23505]\n'
            '  detail: Key (n)=(1) already exists.\n'))

    def test_deferred_constraint_speaks_at_commit(self):
        self.assertEqual(self.first_line(_001_a="CREATE TABLE a (n integer UNIQUE DEFERRABLE INITIALLY DEFERRED);\nINSERT INTO a VALUES (1), (1);\n"),
                         'DIR/migrations/001_a.sql:4:1: error: duplicate key value violates unique constraint "a_n_key" [23505]')

    # ---- Routines, when they are made ----

    def test_syntax_of_plpgsql(self):
        self.assertEqual(self.first_line(_001_a="CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$\nBEGIN\n  PERFORM 1 +;\n  nonsense here;\nEND $$;"),
                         'DIR/migrations/001_a.sql:4:14: error: syntax error at end of input [42601]')

    def test_body_that_stands_twice_in_the_statement(self):
        """The server then gives the place in the body alone."""
        body = "BEGIN\n  nonsense here;\nEND"
        self.assertEqual(self.first_line(_001_a=f"CREATE FUNCTION f(t text DEFAULT '{body}') RETURNS void LANGUAGE plpgsql AS '{body}';"),
                         'DIR/migrations/001_a.sql:5:3: error: syntax error at or near "nonsense" [42601]')

    def test_body_in_quotes_with_escapes(self):
        self.assertEqual(self.first_line(_001_a="CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS E'\\nBEGIN RAISE \\'it\\'\\'s\\'; END';\nSELECT f();"),
                         "DIR/migrations/001_a.sql:2:64: error: it's [P0001]")

    def test_name_in_an_sql_function(self):
        self.assertEqual(self.first_line(_001_a="CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS $$\n  SELECT 1;\n  SELECT nosuch $$;"),
                         'DIR/migrations/001_a.sql:4:10: error: column "nosuch" does not exist [42703]')

    def test_sql_standard_body(self):
        if self.cluster.major < 14:
            self.skipTest("it came with 14")
        self.assertEqual(self.first_line(_001_a="CREATE FUNCTION f() RETURNS integer\nBEGIN ATOMIC\n  SELECT 1;\n  SELECT nosuch;\nEND;"),
                         'DIR/migrations/001_a.sql:5:10: error: column "nosuch" does not exist [42703]')

    # ---- Routines, when they are called ----

    def test_called_by_a_later_migration(self):
        self.write(_001_a=FAIL, _002_b="CREATE TABLE b ();\nSELECT fail(0);")
        self.assertEqual(self.failed(), 'DIR/migrations/001_a.sql:8:10: error: column "nosuch" does not exist [42703]\n'
                         '  context: PL/pgSQL function fail(integer) line 7 at SQL statement\n'
                         '  called at: DIR/migrations/002_b.sql:3:1\n')

    def test_raise_keeps_detail_hint_and_context(self):
        self.write(_001_a=FAIL, _002_b="SELECT fail(2);")
        self.assertEqual(self.failed(), "DIR/migrations/001_a.sql:6:17: error: out of cheese [P0001]\n  detail: n is 2\n"
                         "  context: PL/pgSQL function fail(integer) line 5 at RAISE\n"
                         "  called at: DIR/migrations/002_b.sql:2:1\n  hint: buy some\n")

    def test_the_last_definition_counts(self):
        self.write(_001_a=FAIL, _002_b="\n\n" + FAIL.replace("CREATE", "CREATE OR REPLACE").replace("nosuch", "other"),
                   _003_c="SELECT fail(0);")
        self.assertIn('DIR/migrations/002_b.sql:8:10: error: column "other"', self.failed())

    def test_innermost_known_function(self):
        self.write(_001_a="CREATE FUNCTION inner_one() RETURNS void LANGUAGE plpgsql AS $$\nBEGIN\n  RAISE 'no'; END $$;",
                   _002_b="CREATE FUNCTION outer_one() RETURNS void LANGUAGE plpgsql AS $$\nBEGIN\n  PERFORM\n    inner_one();\nEND $$;",
                   _003_c="DO $$ BEGIN PERFORM outer_one(); END $$;")
        self.assertTrue(self.failed().startswith("DIR/migrations/001_a.sql:4:3: error: no [P0001]\n"))

    def test_a_function_that_nobody_has_written(self):
        """It was made by EXECUTE: what calls it is known."""
        self.write(_001_a="DO $$ BEGIN\nEXECUTE $f$CREATE FUNCTION g() RETURNS void LANGUAGE plpgsql AS 'BEGIN RAISE ''no''; END'$f$;\nEND $$;",
                   _002_b="CREATE TABLE b ();\nDO $$\nBEGIN\n  -- words\n  PERFORM g();\nEND $$;")
        self.assertTrue(self.failed().startswith("DIR/migrations/002_b.sql:6:3: error: no [P0001]\n"), self.failed())

    def test_overloads_schemas_and_odd_names(self):
        self.write(_001_a='CREATE SCHEMA "My App";\n'
                          'CREATE FUNCTION "My App"."F ("(a int4[], b varchar(10)) RETURNS void LANGUAGE plpgsql AS $$\nBEGIN RAISE \'one\'; END $$;\n'
                          'CREATE FUNCTION "My App"."F ("(a timestamptz, OUT b int) LANGUAGE plpgsql AS $$\n\n\nBEGIN RAISE \'two\'; END $$;\n',
                   _002_b='SELECT "My App"."F ("(now());')
        self.assertTrue(self.failed().startswith("DIR/migrations/001_a.sql:8:7: error: two [P0001]\n"), self.failed())
        self.write(_002_b='SELECT "My App"."F ("(ARRAY[1], \'x\');')
        self.assertTrue(self.failed().startswith("DIR/migrations/001_a.sql:4:7: error: one [P0001]\n"), self.failed())

    def test_renamed_and_moved(self):
        self.write(_001_a=FAIL, _002_b="CREATE SCHEMA app;\n-- pgratchet: allow object-renamed: nobody calls it\n"
                          "ALTER FUNCTION fail(integer) RENAME TO failing;\nALTER FUNCTION failing SET SCHEMA app;",
                   _003_c="SELECT app.failing(0);")
        self.assertTrue(self.failed().startswith('DIR/migrations/001_a.sql:8:10: error: column "nosuch"'), self.failed())

    def test_trigger_and_procedure(self):
        self.write(_001_a="CREATE TABLE t (n integer PRIMARY KEY);\nCREATE FUNCTION check_n() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n"
                          "  NEW.n := NEW.n / 0;\n  RETURN NEW;\nEND $$;\nCREATE TRIGGER c BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION check_n();\n"
                          "CREATE PROCEDURE fill(n integer) LANGUAGE plpgsql AS $$ BEGIN\n  INSERT INTO t VALUES (n); END $$;",
                   _002_b="CALL fill(1);")
        self.assertTrue(self.failed().startswith("DIR/migrations/001_a.sql:5:3: error: division by zero [22012]\n"), self.failed())

    def test_sql_function(self):
        self.write(_001_a="CREATE FUNCTION f(n integer) RETURNS integer VOLATILE LANGUAGE sql AS $$\n  SELECT 1;\n  -- now\n  SELECT 1 / n;\n$$;",
                   _002_b="SELECT f(0);")
        self.assertRegex(self.failed(), r"\ADIR/migrations/001_a\.sql:5:3: error: division by zero \[22012\]\n")

    def test_do_block(self):
        self.write(_001_a="CREATE TABLE a (n integer);\nDO LANGUAGE 'plpgsql' $$\nBEGIN\n  INSERT INTO a VALUES (1);\n  UPDATE a SET m = 2;\nEND $$;")
        self.assertTrue(self.failed().startswith('DIR/migrations/001_a.sql:6:16: error: column "m" of relation "a" does not exist [42703]\n'), self.failed())

    def test_statements_of_plpgsql(self):
        """PL/pgSQL sends them in other words than they are written in."""
        for number, statement in enumerate([
                "PERFORM 1,   nosuch;", "IF  nosuch > 1 THEN NULL; END IF;", "FOR n IN SELECT  nosuch LOOP NULL; END LOOP;",
                "n := n +\n nosuch;", "RETURN QUERY SELECT 'ä',   nosuch;", "WHILE n < nosuch LOOP NULL; END LOOP;",
                "SELECT 1, nosuch INTO STRICT\n n, n;", "RAISE NOTICE '%', n, nosuch;",
                "INSERT INTO pg_class\n SELECT nosuch;"]):
            body = f"<<b>>DECLARE n integer; BEGIN\n  NULL; /* nosuch */\n  {statement}\nEND"
            with self.subTest(statement):
                text = f"CREATE FUNCTION f() RETURNS SETOF text LANGUAGE plpgsql AS $$\n{body} $$;"
                before = ("BEGIN;\n" + text)[:("BEGIN;\n" + text).rindex("nosuch")]
                line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
                self.write(_001_a=text, _002_b="SELECT * FROM f();")
                said = self.failed()
                if "RAISE" in statement:  # found when it is made
                    self.assertIn("DIR/migrations/001_a.sql:5:3: error: too many parameters", said)
                else:
                    self.assertTrue(said.startswith(f'DIR/migrations/001_a.sql:{line}:{column}: error: column "nosuch"'), said)

    def test_case_is_found_by_its_line(self):
        self.write(_001_a="DO $$ DECLARE n integer; BEGIN\n  NULL; CASE n WHEN nosuch THEN NULL; END CASE;\nEND $$;")
        self.assertTrue(self.failed().startswith('DIR/migrations/001_a.sql:3:9: error: column "nosuch"'), self.failed())

    def test_statement_put_together_when_it_runs(self):
        self.write(_001_a="CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$\nBEGIN\n  NULL;\n    EXECUTE 'SELECT' || E' no\\x73uch';\n  -- nosuch\nEND $$;\nSELECT f();")
        self.assertTrue(self.failed().startswith('DIR/migrations/001_a.sql:5:5: error: column "nosuch"'), self.failed())

    def test_notices(self):
        self.write(_001_a="CREATE FUNCTION say() RETURNS void LANGUAGE plpgsql AS $$\nBEGIN\n  RAISE NOTICE 'look';\n  RAISE WARNING 'mind'; END $$;",
                   _002_b="SELECT say();\nSELECT 1;")
        self.write(_003_c="CREATE TABLE c ();")
        self.probe("002_b", "SELECT to_regclass('c') IS NULL")
        said = self.named(self.compile(quiet=False).stderr)
        self.assertIn("DIR/migrations/001_a.sql:4:3: note: look\n", said)
        self.assertIn("DIR/migrations/001_a.sql:5:3: warning: mind [01000, -Wserver-warning]\n", said)

    def test_when_applied(self):
        self.write(_001_a="CREATE TABLE a (n integer);\nCREATE FUNCTION f() RETURNS integer LANGUAGE plpgsql AS $$\nBEGIN\n"
                          "  RAISE NOTICE 'look';\n  RETURN (SELECT 1 / count(*) FROM a);\nEND $$;\nINSERT INTO a VALUES (1);",
                   _002_b="CREATE TABLE b ();\nSELECT f();")
        self.compile(quiet=False)
        database = self.database()
        self.apply(database, to="001")
        self.psql(database, "DELETE FROM a")
        said = self.named(self.apply(database, code=4).stderr)
        self.assertIn("DIR/migrations/001_a.sql:5:3: note: look\n", said)
        self.assertIn("DIR/migrations/001_a.sql:6:3: error: division by zero [22012]\n", said)
        self.assertIn("  called at: DIR/migrations/002_b.sql:3:1\n", said)

    # ---- Several errors, probes ----

    def test_probe(self):
        self.write(_001_a="CREATE TABLE a ();")
        self.probe("001_a", "-- words\nSELECT true AND\n  nosuch")
        self.assertTrue(self.failed().startswith('DIR/probes/001_a.sql:3:3: error: column "nosuch" does not exist [42703]\n'))

    def test_all_refusals_of_all_files(self):
        self.write(_001_a="\\i x\nCREATE TABLE a ();", _002_b="CREATE TABEL b ();", _003_c="ROLLBACK;")
        said = self.failed()
        self.assertEqual(re.findall(r"^(DIR\S+ \w+): .*\[(.*)\]$", said, re.M),
                         [("DIR/migrations/001_a.sql:2:1: error", "meta-command"), ("DIR/migrations/003_c.sql:2:1: error", "rollback"),
                          ("DIR/migrations/002_b.sql:2:8: note", "42601")])
        self.assertTrue(said.endswith("pgratchet: 2 errors\n"))

    def test_syntax_errors_behind_the_first_error(self):
        self.write(_001_a="CREATE TABLE a ();\nCREATE TABLE a ();\nCREATE TABEL b ();", _002_b="SELECT 1 +;", _003_c="CREATE TABLE c ();")
        level = "error" if self.cluster.major <= GRAMMAR else "note"  # a newer server may know what the parser does not
        self.assertEqual(re.findall(r"^(DIR\S+ \w+): .*\[(.*)\]$", self.failed(), re.M),
                         [("DIR/migrations/001_a.sql:3:1: error", "42P07"), (f"DIR/migrations/001_a.sql:4:8: {level}", "42601"),
                          (f"DIR/migrations/002_b.sql:2:11: {level}", "42601")])


@unittest.skipUnless(os.environ.get("PGRATCHET_TEST_SERVERS"), "PGRATCHET_TEST_SERVERS names no folder of other servers")
class OldestServer(Places):
    """Version 13 sends expressions of PL/pgSQL in other words."""

    @classmethod
    def setUpClass(cls):
        cls.cluster = postgres.Cluster(13)
        cls.cluster.start()
        cls.addClassCleanup(cls.cluster.stop)
        cls.cluster.create_roles(["app", "app_owner"])

    def test_expression(self):
        self.write(_001_a="DO $$\nDECLARE n integer;\nBEGIN\n  n := nosuch + 1;\nEND $$;")
        self.assertTrue(self.failed().startswith('DIR/migrations/001_a.sql:5:8: error: column "nosuch" does not exist'), self.failed())


@unittest.skipUnless(os.environ.get("PGRATCHET_TEST_SERVERS"), "PGRATCHET_TEST_SERVERS names no folder of other servers")
class NewestServer(Places):
    @classmethod
    def setUpClass(cls):
        cls.cluster = postgres.Cluster(18)
        cls.cluster.start()
        cls.addClassCleanup(cls.cluster.stop)
        cls.cluster.create_roles(["app", "app_owner"])

    def test_syntax_errors_behind_the_first_error(self):
        """A newer server may know what the parser does not."""
        self.write(_001_a="CREATE TABLE a ();\nCREATE TABLE a ();", _002_b="SELECT 1 +;")
        self.assertIn("DIR/migrations/002_b.sql:2:11: note: syntax error at end of input [42601]\n", self.failed())


if __name__ == "__main__":
    unittest.main()
