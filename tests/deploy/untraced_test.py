# SPDX-License-Identifier: Apache-2.0
"""Work that no comparison shows, beside a trace that may be there without it: never skipped, and a probe asked for no oftener than need be."""

import unittest

from deploy_support import NO_TRANSACTION, Deployment, executor

# Statements whose work does not show, each behind an extension that an administrator may have made.
HIDDEN = {
    "on_what_the_extension_owns": "GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO app;",
    "on_its_function": "GRANT EXECUTE ON FUNCTION postgres_fdw_handler() TO app;",
    "on_a_function_of_the_servers": "REVOKE EXECUTE ON FUNCTION pg_catalog.pg_sleep(double precision) FROM PUBLIC;",
    "options_of_a_server": "ALTER SERVER there OPTIONS (ADD host 'new');",
    "options_of_a_wrapper": "ALTER FOREIGN DATA WRAPPER own_wrapper OPTIONS (ADD a 'b');",
    "name_of_a_publication": "ALTER PUBLICATION feed RENAME TO food;",
    "owner_of_a_publication": "ALTER PUBLICATION feed OWNER TO CURRENT_USER;",
    "schema_of_an_extension": "ALTER EXTENSION postgres_fdw SET SCHEMA inner_room;",
    "text_search_template": "CREATE TEXT SEARCH TEMPLATE own (LEXIZE = dsimple_lexize);",
    "copy_of_a_trigger": "ALTER TABLE events_1 DISABLE TRIGGER stamp;",
    "cluster_by": "CLUSTER items USING items_pkey;",
}

START = """
CREATE TABLE items (id integer PRIMARY KEY, n integer);
CREATE SCHEMA inner_room;
CREATE FOREIGN DATA WRAPPER own_wrapper;
CREATE SERVER there FOREIGN DATA WRAPPER own_wrapper;
CREATE PUBLICATION feed FOR TABLE items;
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
CREATE MATERIALIZED VIEW seen AS SELECT 1 AS x;
CREATE TABLE events (at date) PARTITION BY RANGE (at);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TRIGGER stamp BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION stamp();
"""


class Untraced(Deployment):
    def assert_needs_a_probe(self, place):
        said = self.try_compile().require(4).stderr
        self.assertIn(f"{place}: error: the schema after", said)
        self.assertIn("[no-trace]", said)
        return said

    def test_behind_an_extension_made_beforehand(self):
        self.write(_001_start=START)
        for name, statement in HIDDEN.items():
            with self.subTest(name):
                self.write(_002_hidden=f"CREATE EXTENSION IF NOT EXISTS postgres_fdw;\n{statement}")
                self.assert_needs_a_probe("002_hidden.sql:3:1")

    def test_a_grant_that_shows_needs_none(self):
        self.write(_001_start=START, _002_rights="CREATE EXTENSION IF NOT EXISTS postgres_fdw;\nGRANT SELECT ON items TO app;\n"
                        "COMMENT ON EXTENSION postgres_fdw IS 'as pg_dump writes it';\nREFRESH MATERIALIZED VIEW seen;")
        self.compile(quiet=False)  # the server warns of wal_level

    def test_a_grant_that_repeats_what_is_so_needs_none(self):
        """Default privileges have given it."""
        self.migrations(_001_t="ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO app;\nCREATE TABLE t (id integer PRIMARY KEY, n integer);",
                        _002_view="CREATE VIEW ids AS SELECT id FROM t;\nGRANT SELECT ON ids TO app;", _003_revert_002_view="DROP VIEW ids;",
                        _004_index=NO_TRANSACTION + "GRANT SELECT ON t TO app;\nCREATE INDEX CONCURRENTLY by_n ON t (n);\n")

    def test_a_grant_or_comment_that_may_be_there_tells_nothing(self):
        """By the environment's own default privileges, or by hand."""
        self.write(_001_items="CREATE TABLE items (n integer);")
        for beside in ("GRANT SELECT ON items TO app;", "COMMENT ON TABLE items IS 'goods';", "ALTER TABLE items OWNER TO app_owner;"):
            with self.subTest(beside):
                self.write(_002_more=f"{beside}\nALTER TABLE items REPLICA IDENTITY FULL;")
                self.assert_needs_a_probe("002_more.sql:3:1")
        self.probe("002_full", "SELECT relreplident = 'f' FROM pg_class WHERE oid = 'items'::regclass")
        self.compile()
        database = self.database()
        self.by_psql(database, "001_items")
        self.psql(database, "ALTER TABLE items OWNER TO app_owner")
        self.assert_at(database, "001", pending=["002"])
        self.apply(database)
        self.assertEqual(self.psql(database, "SELECT relreplident FROM pg_class WHERE oid = 'items'::regclass"), "f")

    def test_the_place_of_work_in_an_earlier_file(self):
        self.write(_001_items="CREATE TABLE items (n integer);", _002_tmp="ALTER TABLE items ADD tmp integer;\nALTER TABLE items ALTER n SET STATISTICS 500;",
                   _003_other="ALTER TABLE items ADD other integer;", _004_drop="ALTER TABLE items DROP tmp, DROP other;")
        said = self.assert_needs_a_probe("004_drop.sql:1:1")
        self.assertIn("\n  DIR/migrations/002_tmp.sql:3:1: ALTER TABLE\n", self.named(said))

    def test_work_on_what_is_gone_again_needs_none(self):
        self.migrations(_001_items="CREATE TABLE items (n integer);",
                        _002_tmp="CREATE TABLE tmp (a text);\nALTER TABLE tmp SET (autovacuum_enabled = off);\nALTER TABLE public.tmp ALTER a SET STORAGE EXTERNAL;\n"
                        "CREATE INDEX by_n ON items (n);\nALTER INDEX by_n SET (fillfactor = 70);\n"
                        "ALTER TABLE items ADD c integer;\nALTER TABLE items ALTER c SET STATISTICS 500;",
                        _003_revert_002_tmp="DROP TABLE tmp;\nDROP INDEX by_n;\nALTER TABLE items DROP c;", _004_more="CREATE TABLE more ();")
        database = self.database()
        self.by_psql(database, "001_items")
        self.assert_at(database, "003", pending=["004"])
        self.apply(database)

    def test_a_healthy_database_whose_probes_contradict_is_not_worked_on_again(self):
        self.write(_001_items="CREATE TABLE items (n integer);", _002_feed="CREATE PUBLICATION feed FOR TABLE items;",
                   _003_food="CREATE PUBLICATION food FOR TABLE items;", _004_more="CREATE TABLE more ();")
        self.probe("002_feed", "SELECT EXISTS (SELECT FROM pg_publication WHERE pubname = 'feed')")
        self.probe("003_food", "SELECT EXISTS (SELECT FROM pg_publication WHERE pubname = 'food')")
        self.compile(quiet=False)  # the server warns of wal_level
        database = self.database()
        self.apply(database, to="003")
        self.psql(database, "DROP PUBLICATION feed")
        found = self.status(database)
        self.assertEqual((found["state"], found["candidates"]), ("ambiguous", ["001", "002", "003"]))
        self.apply(database, "--assume", "003")
        self.assert_at(database, "004")

    def test_without_a_transaction_it_stands_alone(self):
        self.write(_001_items="CREATE TABLE items (n integer);",
                   _002_index=NO_TRANSACTION + "CREATE INDEX CONCURRENTLY by_n ON items (n);\nCREATE PUBLICATION feed FOR TABLE items;\n"
                   "CREATE INDEX CONCURRENTLY again ON items (n);\n")
        self.assertIn("002_index.sql:3:1: error: work that does not show in the schema beside other statements in a file without a transaction"
                      " [data-without-transaction]", self.try_compile().require(4).stderr)

    def test_without_a_transaction_a_comment_does_not_come_last(self):
        self.write(_001_items="CREATE TABLE items (n integer);",
                   _002_index=NO_TRANSACTION + "CREATE INDEX CONCURRENTLY by_n ON items (n);\nCOMMENT ON INDEX by_n IS 'x';\nSET work_mem = '8MB';\n")
        self.assertIn("002_index.sql:3:1: error: the last statement of a file without a transaction leaves no trace in the schema that is compared:"
                      " owners, privileges, comments and what IGNORE names are not [no-trace-at-end]", self.try_compile().require(4).stderr)
        self.migrations(_001_items="CREATE TABLE items (n integer);", _002_index=NO_TRANSACTION + "CREATE INDEX CONCURRENTLY by_n ON items (n);\n",
                        _003_comment="COMMENT ON INDEX by_n IS 'x';")

    def test_a_grant_on_what_is_not_followed(self):
        """On an object of the system, or of an extension that an earlier file made: no comparison shows it."""
        for name, grant, is_hidden in (("of the system", "GRANT EXECUTE ON FUNCTION pg_catalog.pg_ls_dir(text) TO app;", True),
                                       ("a relation of the system", "GRANT SELECT ON pg_authid TO app;", True),
                                       ("of an extension", "REVOKE EXECUTE ON FUNCTION citext_eq(citext, citext) FROM PUBLIC;", True),
                                       ("a repeated one", "GRANT SELECT ON items TO app;", False),
                                       ("a repeated one, on a function", "GRANT EXECUTE ON FUNCTION f(integer) TO app;", False)):
            with self.subTest(name):
                self.write(_001_items="CREATE EXTENSION citext;\nCREATE TABLE items (n integer);\nCREATE FUNCTION f(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';\n"
                           "GRANT SELECT ON items TO app;\nGRANT EXECUTE ON FUNCTION f(integer) TO app;", _002_grant=f"{grant}\nCREATE TABLE x ();", _003_drop="DROP TABLE x;")
                done = self.try_compile().require(executor.SQL_FAILED if is_hidden else executor.DONE)
                self.assertEqual("[no-trace]" in done.stderr, is_hidden)

    def test_an_extension_made_beforehand_does_not_hide_a_publication(self):
        """The administrator made the extension; that 002 has run nothing shows."""
        self.write(_001_items="CREATE TABLE items (n integer);",
                   _002_feed="CREATE EXTENSION IF NOT EXISTS pgcrypto;\nCREATE PUBLICATION feed FOR TABLE items;", _003_more="CREATE TABLE more ();")
        self.assertIn("002_feed.sql:3:1: error: the schema after 002 looks as it did at 001", self.try_compile().require(4).stderr)
        self.probe("002_feed", "SELECT EXISTS (SELECT FROM pg_publication WHERE pubname = 'feed')")
        self.compile(quiet=False)  # the server warns of wal_level
        database = self.database()
        self.by_psql(database, "001_items")
        self.psql(database, "CREATE EXTENSION pgcrypto")
        self.assert_at(database, "001", pending=["002", "003"])
        self.apply(database)
        self.assertEqual(self.psql(database, "SELECT pubname FROM pg_publication"), "feed")
        self.assert_at(database, "003")

    def test_what_is_taken_back_does_not_hide_a_replica_identity(self):
        self.write(_001_items="CREATE TABLE items (n integer);",
                   _002_column="ALTER TABLE items ADD tmp integer;\nALTER TABLE items REPLICA IDENTITY FULL;",
                   _003_revert_002_column="ALTER TABLE items DROP tmp;")
        self.assertIn("003_revert_002_column.sql:1:1: error: the schema after 003 looks as it did at 001", self.try_compile().require(4).stderr)
        self.probe("003_full", "SELECT relreplident = 'f' FROM pg_class WHERE oid = 'items'::regclass")
        self.compile()
        database = self.database()
        self.by_psql(database, "001_items")
        self.assert_at(database, "001", pending=["002", "003"])
        self.apply(database)
        self.assertEqual(self.psql(database, "SELECT relreplident FROM pg_class WHERE oid = 'items'::regclass"), "f")
        self.assert_at(database, "003")

    def test_upkeep_needs_no_probe(self):
        self.migrations(_001_items="CREATE TABLE items (n integer);", _002_column="ALTER TABLE items ADD tmp integer;\nANALYZE items;\nLOCK TABLE items;",
                        _003_revert_002_column="ALTER TABLE items DROP tmp;\nSET LOCAL work_mem = '8MB';")
        database = self.database()
        self.by_psql(database, "001_items")
        self.assert_at(database, "003", pending=[])


if __name__ == "__main__":
    unittest.main()
