# SPDX-License-Identifier: Apache-2.0
"""What is given another name: other data under a name of before, and what an environment has of its own."""

import unittest

from deploy_support import NO_TRANSACTION, Deployment, executor

BEFORE = """CREATE SCHEMA away;
CREATE TABLE t (id integer PRIMARY KEY, a text, b text, c text);
CREATE TABLE u (id integer);
CREATE TABLE v (id integer);
CREATE SEQUENCE s;
CREATE SEQUENCE r;
CREATE TABLE q ("price on monday" integer, "a.x" integer);
CREATE TABLE p (k integer) PARTITION BY LIST (k);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2);
CREATE SCHEMA one; CREATE TABLE one.t (n integer); CREATE SCHEMA two; CREATE TABLE two.t (n integer);
INSERT INTO t VALUES (1, 'a', 'b', 'c');"""
MOVES = {  # a file for each line; together they leave the schema as it was
    "a column made anew beside the old one": ["ALTER TABLE t RENAME a TO a_old", "ALTER TABLE t ADD a text", "ALTER TABLE t DROP a_old"],
    "columns that swap names": ["ALTER TABLE t RENAME a TO tmp", "ALTER TABLE t RENAME b TO a", "ALTER TABLE t RENAME tmp TO b"],
    "a table made anew beside the old one": ["ALTER TABLE u RENAME TO u_old", "CREATE TABLE u (id integer)", "DROP TABLE u_old"],
    "a table that takes the place of another": ["CREATE TABLE u_new (id integer)", "DROP TABLE u", "ALTER TABLE u_new RENAME TO u"],
    "tables that swap names": ["ALTER TABLE u RENAME TO w", "ALTER TABLE v RENAME TO u", "ALTER TABLE w RENAME TO v"],
    "tables that swap schemas": ["ALTER TABLE u SET SCHEMA away", "ALTER TABLE v RENAME TO u", "ALTER TABLE away.u RENAME TO v", "ALTER TABLE away.v SET SCHEMA public"],
    "schemas that swap names": ["ALTER SCHEMA one RENAME TO three", "ALTER SCHEMA two RENAME TO one", "ALTER SCHEMA three RENAME TO two"],
    "sequences that swap names": ["ALTER SEQUENCE s RENAME TO x", "ALTER SEQUENCE r RENAME TO s", "ALTER SEQUENCE x RENAME TO r"],
    "a sequence made anew": ["DROP SEQUENCE s", "CREATE SEQUENCE s"],
    "partitions that swap places": ["ALTER TABLE p DETACH PARTITION p1;\nALTER TABLE p DETACH PARTITION p2", "ALTER TABLE p1 RENAME TO x", "ALTER TABLE p2 RENAME TO p1",
                                    "ALTER TABLE x RENAME TO p2",
                                    "ALTER TABLE p ATTACH PARTITION p1 FOR VALUES IN (1);\nALTER TABLE p ATTACH PARTITION p2 FOR VALUES IN (2)"],
}
HARMLESS = {
    "a column": ["ALTER TABLE t RENAME a TO x", "ALTER TABLE t RENAME x TO a"],
    "columns, one after the other": ["ALTER TABLE t RENAME a TO x", "ALTER TABLE t RENAME b TO y", "ALTER TABLE t RENAME x TO a;\nALTER TABLE t RENAME y TO b"],
    "a table": ["ALTER TABLE t RENAME TO x", "ALTER TABLE x RENAME TO t"],
    "a table that goes away": ["ALTER TABLE u SET SCHEMA away", "ALTER TABLE away.u SET SCHEMA public"],
    "a schema": ["ALTER SCHEMA one RENAME TO three", "ALTER SCHEMA three RENAME TO one"],
    "names with a dot and words": ['ALTER TABLE q RENAME "price on monday" TO m', 'ALTER TABLE q RENAME "a.x" TO x', 'ALTER TABLE q RENAME m TO "price on monday"', 'ALTER TABLE q RENAME x TO "a.x"'],
    "a table that leaves a view behind": ["ALTER TABLE u RENAME TO w;\nCREATE VIEW u AS SELECT * FROM w", "DROP VIEW u;\nALTER TABLE w RENAME TO u"],
    "an index": ["ALTER INDEX t_pkey RENAME TO t_key", "ALTER INDEX t_key RENAME TO t_pkey"],
    "a column of what was made between": ["CREATE TABLE x (a integer, b integer)", "ALTER TABLE x RENAME a TO c", "ALTER TABLE x RENAME b TO a", "DROP TABLE x"],
}


class OverSeveralFiles(Deployment):
    def history(self, steps):
        for path in self.folder.glob("*.sql"):
            path.unlink()
        self.write(_001_before=BEFORE, **{f"_{k:03}_step": f"{step};" for k, step in enumerate(steps, 2)})
        self.write(**{f"_{len(steps) + 2:03}_more": "CREATE TABLE more ();"})
        return f"{len(steps) + 1:03}"

    def test_other_data_under_a_name_of_before_is_never_passed_over(self):
        """Also where the throwaway server's role may not make event triggers."""
        self.psql("postgres", "ALTER ROLE app LOGIN CREATEDB")
        self.addCleanup(self.psql, "postgres", "ALTER ROLE app NOLOGIN NOCREATEDB")
        for user in ("postgres", "app"):
            for name, steps in MOVES.items():
                with self.subTest(name, user=user):
                    last = self.history(steps)
                    done = self.try_compile(shadow_url=self.cluster.conninfo("postgres", user)).require(executor.SQL_FAILED)
                    self.assertRegex(done.stderr, f"the schema after {last} looks as it did at 001, and what was done between does not show in it "
                                                  r"\[no-trace\]")

    def test_with_a_probe_it_runs_once(self):
        last = self.history(MOVES["columns that swap names"])
        self.probe(f"{last}_swapped", "SELECT EXISTS (SELECT FROM t WHERE a = 'b')")
        self.compile(quiet=False)
        database = self.database()
        self.by_psql(database, "001_before")
        self.assert_at(database, "001")
        self.apply(database)
        self.apply(database)
        self.assertEqual(self.psql(database, "SELECT a, b FROM t"), "b|a")

    def test_what_has_its_own_name_again_needs_no_probe(self):
        for number, (name, steps) in enumerate(HARMLESS.items()):
            with self.subTest(name):
                last = self.history(steps)
                self.compile(quiet=False)
                database = self.database(str(number))
                self.by_psql(database, "001_before")
                self.assert_at(database, last)
                self.apply(database)


class OfItsOwn(Deployment):
    """Owners, privileges and comments that an environment has of its own go along under the new name."""
    BEFORE = """CREATE TABLE t (id integer PRIMARY KEY, a integer); CREATE TABLE u (id integer); GRANT SELECT ON u TO app;
CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1'; CREATE VIEW w AS SELECT a FROM t; CREATE TYPE kind AS ENUM ('a', 'b');
CREATE FUNCTION f(kind) RETURNS integer LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION g(kind) RETURNS integer LANGUAGE sql AS 'SELECT 1'; CREATE TABLE q ("price on monday" integer);
CREATE SCHEMA one; CREATE TABLE one.t (n integer); CREATE SCHEMA away;
CREATE TABLE p (k integer) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);"""
    ROLE_OF = "SELECT relowner::regrole FROM pg_class WHERE relname = '{}'"
    COMMENT_OF = "SELECT description FROM pg_description JOIN pg_class c ON c.oid = objoid WHERE relname = '{}'"
    CASES = {
        "a table's owner": ("ALTER TABLE t OWNER TO app_owner", "ALTER TABLE t RENAME TO t2", ROLE_OF.format("t2"), "app_owner"),
        "a view's owner": ("ALTER VIEW w OWNER TO app_owner", "ALTER VIEW w RENAME TO w2", ROLE_OF.format("w2"), "app_owner"),
        "a column's comment": ("COMMENT ON COLUMN t.a IS 'for BI'", "ALTER TABLE t RENAME a TO aa", COMMENT_OF.format("t"), "for BI"),
        "a comment in a schema": ("COMMENT ON TABLE one.t IS 'for BI'", "ALTER SCHEMA one RENAME TO two", COMMENT_OF.format("t"), "for BI"),
        "a function's privilege": ("REVOKE EXECUTE ON FUNCTION f() FROM PUBLIC", "ALTER FUNCTION f() RENAME TO g", "SELECT has_function_privilege('app', 'g()', 'EXECUTE')", "f"),
        "a table's privilege": ("REVOKE SELECT ON u FROM app", "ALTER TABLE u SET SCHEMA away", "SELECT has_table_privilege('app', 'away.u', 'SELECT')", "f"),
        "a privilege of a function with the type": ("REVOKE EXECUTE ON FUNCTION f(kind) FROM PUBLIC", "ALTER TYPE kind RENAME TO kinds", "SELECT has_function_privilege('app', 'f(kinds)', 'EXECUTE')", "f"),
        "a comment on a name with words": ('COMMENT ON COLUMN q."price on monday" IS \'for BI\'', "ALTER TABLE q RENAME TO q2", COMMENT_OF.format("q2"), "for BI"),
        "a type's owner": ("ALTER TYPE kind OWNER TO app_owner", "ALTER TYPE kind RENAME TO kinds", "SELECT typowner::regrole FROM pg_type WHERE typname = 'kinds'", "app_owner"),
        "a partition's comment": ("COMMENT ON TABLE p1 IS 'for BI'", "ALTER TABLE p1 RENAME TO p_1", COMMENT_OF.format("p_1"), "for BI"),
    }

    ONE_BY_ONE = {
        "and then set": "ALTER TABLE t RENAME a TO aa;\nALTER TABLE t ALTER aa SET DEFAULT 1;",
        "twice": "ALTER TABLE t RENAME a TO x;\nALTER TABLE t RENAME x TO aa;",
        "and then its table": "ALTER TABLE t RENAME a TO aa;\nALTER TABLE t RENAME TO t2;",
        "after its table": "ALTER TABLE t RENAME TO t2;\nALTER TABLE t2 RENAME a TO aa;",
    }

    def test_statement_by_statement(self):
        for number, (name, work) in enumerate(self.ONE_BY_ONE.items()):
            with self.subTest(name):
                self.write(_001_before=self.BEFORE, _002_work=f"{NO_TRANSACTION}{work}\n", _003_more="CREATE TABLE more ();")
                self.compile(quiet=False)
                for cut_off_behind in (0, 1):
                    database = self.database(f"{number}{cut_off_behind}")
                    self.apply(database, to="001")
                    self.psql(database, "COMMENT ON COLUMN t.a IS 'for BI'; " + work.splitlines()[0] * cut_off_behind)
                    self.apply(database)
                    self.assertEqual(self.psql(database, "SELECT col_description(attrelid, attnum) FROM pg_attribute WHERE attname = 'aa'"), "for BI")

    def test_cut_off_behind_a_new_name_it_is_no_other_version(self):
        self.write(_001_before=self.BEFORE, _002_work=NO_TRANSACTION + "ALTER TABLE t RENAME a TO aa;\nCREATE INDEX CONCURRENTLY i ON t (aa);\n", _003_drop="DROP INDEX i;")
        self.compile(quiet=False)

    def test_it_is_carried_over(self):
        for number, (name, (by_hand, work, question, answer)) in enumerate(self.CASES.items()):
            with self.subTest(name):
                self.write(_001_before=self.BEFORE, _002_work=f"{work};", _003_more="CREATE TABLE more ();")
                self.compile(quiet=False)
                database = self.database(str(number))
                self.apply(database, to="001")
                self.psql(database, f"GRANT USAGE ON SCHEMA away TO app; {by_hand}")
                self.apply(database)
                self.assertEqual(self.psql(database, question), answer)

    def test_what_the_file_sets_is_demanded_under_the_new_name(self):
        self.write(_001_before=self.BEFORE, _002_work="ALTER TABLE t RENAME TO t2;\nCOMMENT ON TABLE t2 IS 'new';\nGRANT SELECT ON t2 TO app;")
        self.compile(quiet=False)
        database = self.database()
        self.apply(database, to="001")
        self.psql(database, "CREATE FUNCTION undo() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN EXECUTE ''COMMENT ON TABLE t2 IS NULL''; END';"
                            "CREATE EVENT TRIGGER undo ON ddl_command_end WHEN TAG IN ('GRANT') EXECUTE FUNCTION undo()")
        self.assertIn("table public.t2: comment: expected new, found (none)\n", self.apply(database, code=executor.SQL_FAILED).stderr)


if __name__ == "__main__":
    unittest.main()
