# SPDX-License-Identifier: Apache-2.0
"""Rare kinds of objects: made, changed together with something else, and touched again by a later file. Each version is to be known,
whoever made the database."""

import unittest

from deploy_support import Deployment

FUNCTION = "CREATE FUNCTION {} LANGUAGE sql IMMUTABLE AS '{}';\n"
MEDIAN = FUNCTION.format("med(numeric[]) RETURNS numeric", "SELECT $1[1]")
ADD = FUNCTION.format("add(numeric, numeric) RETURNS numeric", "SELECT $1 + $2")


class Functions(Deployment):
    """That are named by other objects: by their names, since their OIDs differ between databases."""
    NAMED = {
        "aggregate": MEDIAN + ADD + "CREATE AGGREGATE median(numeric) (SFUNC = array_append, STYPE = numeric[], FINALFUNC = med, INITCOND = '{}');\n"
                     "CREATE AGGREGATE total(numeric) (SFUNC = add, STYPE = numeric, COMBINEFUNC = add, MSFUNC = add, MINVFUNC = add, MSTYPE = numeric);",
        "range": FUNCTION.format("apart(text, text) RETURNS float8", "SELECT 1.0::float8") + "CREATE TYPE words AS RANGE (SUBTYPE = text, SUBTYPE_DIFF = apart);",
        "operator": FUNCTION.format("near(text, text) RETURNS boolean", "SELECT true") +
                    "CREATE OPERATOR === (FUNCTION = near, LEFTARG = text, RIGHTARG = text, RESTRICT = eqsel, JOIN = eqjoinsel);",
        "parser": "CREATE TEXT SEARCH PARSER own (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype, HEADLINE = prsd_headline);\n"
                  "CREATE TEXT SEARCH CONFIGURATION own (PARSER = own);",
    }

    def test_each(self):
        for name, body in self.NAMED.items():
            with self.subTest(name):
                self.write(_001_first=FUNCTION.format("before(integer) RETURNS integer", "SELECT $1") + body, _002_more="CREATE TABLE more ();")
                self.compile(quiet=False)
                database, by_hand = self.database(f"_{name}"), self.database(f"_{name}_by_hand")
                self.psql(by_hand, "CREATE TABLE shifts_oids (id serial); DROP TABLE shifts_oids")
                self.by_psql(by_hand, "001_first")
                for one in (database, by_hand):
                    self.apply(one)
                    self.assert_at(one, "002", drift=[])


class ForeignTables(Deployment):
    def test_secrets_in_options_are_left_out(self):
        self.write(_001_w="CREATE FOREIGN DATA WRAPPER w;\nCREATE SERVER s FOREIGN DATA WRAPPER w;\nCREATE FOREIGN TABLE f (a integer OPTIONS (access_token 'hush1', api_key 'hush4', name 'b')) "
                   "SERVER s OPTIONS (table_name 't', \"Password\" 'hush2');")
        self.compile(quiet=False)
        plan = self.plan.read_text(encoding="utf-8")
        self.assertIn('"access_token=(not shown), api_key=(not shown), name=b"', plan)
        self.assertIn('"table_name=t, Password=(not shown)"', plan)
        database = self.database()
        self.apply(database)
        self.psql(database, "ALTER FOREIGN TABLE f OPTIONS (SET \"Password\" 'hush3', SET table_name 'u')")
        done = self.executor.on("status", self.plan, self.cluster.conninfo(database)).require()
        self.assertIn("foreign options: expected table_name=t, Password=(not shown), found table_name=u, Password=(not shown)\n", done.stdout)
        self.assertNotIn("hush", done.stdout + plan)


class FollowedByOthers(Deployment):
    """What a command changes besides what it names, and a later file touches again."""
    CHANGED = {
        "extension's schema": ("CREATE EXTENSION citext;\nCREATE TABLE t (c citext);\nCREATE SCHEMA s;", "ALTER EXTENSION citext SET SCHEMA s;\nCREATE TABLE m ();",
                               "ALTER TABLE t ADD d integer;"),
        "the same in a block": ("CREATE EXTENSION citext;\nCREATE TABLE t (c citext);\nCREATE SCHEMA s;",
                                "DO $$ BEGIN EXECUTE 'ALTER EXTENSION citext SET SCHEMA s'; END $$;\nCREATE TABLE m ();", "ALTER TABLE t ADD d integer;"),
        "a table for an extension": ("CREATE EXTENSION citext;\nCREATE TABLE t (c integer);\nCREATE TABLE u ();", "ALTER EXTENSION citext ADD TABLE t;\nCREATE TABLE m ();",
                                     "ALTER TABLE t ADD d integer;\nCREATE TABLE n ();"),
        "operator family": ("CREATE OPERATOR FAMILY f USING btree;", "CREATE OPERATOR CLASS c FOR TYPE integer USING btree FAMILY f AS OPERATOR 1 <, FUNCTION 1 btint4cmp(integer, integer);",
                            "DROP OPERATOR CLASS c USING btree;\nCREATE TABLE n ();"),
        "operator family at once": ("CREATE OPERATOR FAMILY f USING btree;\n"
                                    "CREATE OPERATOR CLASS c FOR TYPE integer USING btree FAMILY f AS OPERATOR 1 <, FUNCTION 1 btint4cmp(integer, integer);",
                                    "DROP OPERATOR CLASS c USING btree;\nCREATE TABLE n ();", "CREATE TABLE o ();"),
        "typed table": ("CREATE TYPE ty AS (a integer);\nCREATE TABLE t OF ty;", "ALTER TYPE ty ADD ATTRIBUTE b integer CASCADE;\nALTER TYPE ty ALTER ATTRIBUTE a TYPE bigint CASCADE;",
                        "ALTER TABLE t ALTER b SET DEFAULT 5, ALTER a SET DEFAULT 6;"),
    }

    def test_each(self):
        for name, bodies in self.CHANGED.items():
            with self.subTest(name):
                self.write(**dict(zip(("_001_first", "_002_second", "_003_third"), bodies)))
                self.compile(quiet=False)
                suffix = "_" + str(list(self.CHANGED).index(name))
                database, by_hand = self.database(suffix), self.database(suffix + "_by_hand")
                for version, file in (("001", "001_first"), ("002", "002_second"), ("003", "003_third")):
                    self.apply(database, to=version)
                    self.by_psql(by_hand, file)
                    for one in (database, by_hand):
                        self.assert_at(one, version, drift=[])


if __name__ == "__main__":
    unittest.main()
