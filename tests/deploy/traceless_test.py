# SPDX-License-Identifier: Apache-2.0
"""Files that leave no trace in the compared schema: they are never skipped, and never run twice by mistake."""

import re
import unittest

from deploy_support import NO_TRANSACTION, Deployment

START = """
CREATE TABLE items (id integer PRIMARY KEY, note text, n integer);
CREATE SCHEMA inner_room;
CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS 'SELECT 1';
GRANT DELETE ON items TO app;
CREATE MATERIALIZED VIEW seen AS SELECT 1 AS x WITH NO DATA;
CREATE FOREIGN DATA WRAPPER own_wrapper;
CREATE SERVER there FOREIGN DATA WRAPPER own_wrapper;
CREATE SEQUENCE numbers;
CREATE TABLE seldom ();
"""


def setting(table, condition, where):
    return f"SELECT EXISTS (SELECT FROM {table} WHERE {where} AND {condition})"


def of_items(condition):
    return setting("pg_class", condition, "oid = 'items'::regclass")


def of_note(condition):
    return setting("pg_attribute", condition, "attrelid = 'items'::regclass AND attname = 'note'")


# What is granted, owned and commented belongs to the effect: drift does not compare it, but it is applied.
# Each file, and a query that is true once it is applied and false before.
EFFECT_ONLY = {
    "grant": ("GRANT SELECT ON items TO app;", "SELECT has_table_privilege('app', 'items', 'SELECT')"),
    "grant_on_column": ("GRANT UPDATE (note) ON items TO app;", "SELECT has_column_privilege('app', 'items', 'note', 'UPDATE')"),
    "revoke": ("REVOKE DELETE ON items FROM app;", "SELECT NOT has_table_privilege('app', 'items', 'DELETE')"),
    "revoke_from_public": ("REVOKE EXECUTE ON FUNCTION one() FROM PUBLIC;",
                           "SELECT NOT has_function_privilege('app', 'one()', 'EXECUTE')"),
    "comment": ("COMMENT ON TABLE items IS 'what there is';", "SELECT obj_description('items'::regclass) IS NOT NULL"),
    "comment_on_column": ("COMMENT ON COLUMN items.note IS 'free text';", "SELECT col_description('items'::regclass, 2) IS NOT NULL"),
    "default_privileges": ("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO app;",
                           "SELECT EXISTS (SELECT FROM pg_default_acl)"),
    "owner": ("ALTER TABLE items OWNER TO app_owner;", of_items("relowner = 'app_owner'::regrole")),
    "grant_on_schema": ("GRANT USAGE ON SCHEMA inner_room TO app;", "SELECT has_schema_privilege('app', 'inner_room', 'USAGE')"),
    "grant_on_sequence": ("GRANT USAGE ON SEQUENCE numbers TO app;", "SELECT has_sequence_privilege('app', 'numbers', 'USAGE')"),
}

# Work that the compared definitions do not show, or may not. Where locate could not tell whether it is done, compiling
# says so; silence would leave it out for ever.
OUTSIDE_THE_COMPARISON = {
    "fillfactor": ("ALTER TABLE items SET (fillfactor = 70);", of_items("'fillfactor=70' = ANY (reloptions)")),
    "autovacuum": ("ALTER TABLE items SET (autovacuum_enabled = off);", of_items("'autovacuum_enabled=off' = ANY (reloptions)")),
    "statistics_target": ("ALTER TABLE items ALTER note SET STATISTICS 500;", of_note("attstattarget = 500")),
    "storage": ("ALTER TABLE items ALTER note SET STORAGE EXTERNAL;", of_note("attstorage = 'e'")),
    "replica_identity": ("ALTER TABLE items REPLICA IDENTITY FULL;", of_items("relreplident = 'f'")),
    "cluster_on": ("ALTER TABLE items CLUSTER ON items_pkey;", "SELECT indisclustered FROM pg_index WHERE indexrelid = 'items_pkey'::regclass"),
    "extended_statistics": ("CREATE STATISTICS items_stats (dependencies) ON id, n FROM items;", "SELECT EXISTS (SELECT FROM pg_statistic_ext)"),
    "text_search": ("CREATE TEXT SEARCH CONFIGURATION own (COPY = simple);", "SELECT EXISTS (SELECT FROM pg_ts_config WHERE cfgname = 'own')"),
    "collation": ('CREATE COLLATION own FROM "C";', "SELECT EXISTS (SELECT FROM pg_collation WHERE collname = 'own')"),
    "user_mapping": ("CREATE USER MAPPING FOR app SERVER there;", "SELECT EXISTS (SELECT FROM pg_user_mapping)"),
    "operator_class": ("CREATE OPERATOR CLASS own FOR TYPE integer USING btree AS OPERATOR 1 <, OPERATOR 3 =, OPERATOR 5 >,"
                       " FUNCTION 1 btint4cmp(integer, integer);", "SELECT EXISTS (SELECT FROM pg_opclass WHERE opcname = 'own')"),
    "conversion": ("CREATE CONVERSION own FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;",
                   "SELECT EXISTS (SELECT FROM pg_conversion WHERE conname = 'own')"),
    "range_type": ("CREATE TYPE own_range AS RANGE (subtype = integer);", "SELECT to_regtype('own_range') IS NOT NULL"),
    "language": ("CREATE LANGUAGE own HANDLER plpgsql_call_handler;", "SELECT EXISTS (SELECT FROM pg_language WHERE lanname = 'own')"),
    "access_method": ("CREATE ACCESS METHOD own TYPE INDEX HANDLER bthandler;", "SELECT EXISTS (SELECT FROM pg_am WHERE amname = 'own')"),
    "membership": ("GRANT app_owner TO app;", "SELECT pg_has_role('app', 'app_owner', 'MEMBER')"),
    "role": ("CREATE ROLE made_by_a_file;", "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = 'made_by_a_file')"),
    "refresh": ("REFRESH MATERIALIZED VIEW seen;", "SELECT relispopulated FROM pg_class WHERE relname = 'seen'"),
    "vacuum": (NO_TRANSACTION + "VACUUM items;\n",
               "SELECT EXISTS (SELECT FROM pg_stat_user_tables WHERE relname = 'items' AND last_vacuum IS NOT NULL)"),
    "restart": ("ALTER SEQUENCE numbers RESTART WITH 1000;", "SELECT last_value = 1000 FROM numbers"),
    "data": ("INSERT INTO items (id) VALUES (7);", "SELECT EXISTS (SELECT FROM items WHERE id = 7)"),
    "copied_table": ("CREATE TABLE copied AS SELECT * FROM items;", "SELECT to_regclass('copied') IS NOT NULL"),
    "publication": ("CREATE PUBLICATION feed FOR TABLE items;", "SELECT EXISTS (SELECT FROM pg_publication)"),
    "truncate": ("TRUNCATE items;", "SELECT NOT EXISTS (SELECT FROM items)"),
}


OUTSIDE_THE_COMPARISON["unlogged"] = ("ALTER TABLE seldom SET UNLOGGED;", "SELECT relpersistence = 'u' FROM pg_class WHERE relname = 'seldom'")


class Traceless(Deployment):
    def lay_out(self, files):
        """001 is the start; gives name of file -> query."""
        self.write(_001_start=START)
        names = {}
        for number, (name, (body, holds)) in enumerate(files.items(), start=2):
            names[f"{number:03d}_{name}"] = holds
            self.write(**{f"_{number:03d}_{name}": body})
        return names

    def roll_forward(self, names):
        """From each version, made by psql, the next file is applied and shows."""
        database = self.database()
        self.by_psql(database, "001_start")
        for name, holds in names.items():
            self.psql(database, "INSERT INTO items (id) VALUES (0)" if "NOT EXISTS (SELECT FROM items)" in holds else "")
            self.assertEqual(self.psql(database, holds), "f", f"{name}: the query is to be false before")
            with self.subTest(file=name):
                version = name[:3]
                self.assert_at(database, f"{int(version) - 1:03d}")
                self.apply(database, to=version)
                if "last_vacuum" in holds:
                    self.wait_until(database, holds)
                self.assertEqual(self.psql(database, holds), "t", f"{name} was passed over")
                self.assert_at(database, version)
            if self.psql(database, holds) == "f":  # so that one failure is one failure
                self.by_psql(database, name)

    def test_privileges_owners_and_comments_are_applied(self):
        names = self.lay_out(EFFECT_ONLY)
        self.compile()
        self.roll_forward(names)

    def test_what_a_later_file_takes_back(self):
        self.migrations(_001_items="CREATE TABLE items (n integer);", _002_grant="GRANT SELECT ON items TO app;",
                        _003_comment="COMMENT ON TABLE items IS 'first';", _004_revoke="REVOKE SELECT ON items FROM app;",
                        _005_comment="COMMENT ON TABLE items IS 'second';")
        database = self.database()
        self.by_psql(database, "001_items", "002_grant", "003_comment")
        self.assert_at(database, "003")
        self.by_psql(database, "004_revoke", "005_comment")
        self.assert_at(database, "005", pending=[])

    def test_nothing_is_passed_over_in_silence(self):
        files = dict(OUTSIDE_THE_COMPARISON)
        if self.cluster.major < 15:
            del files["vacuum"]  # its statistics arrive when they do: there is nothing that a probe could ask for at once
        names = self.lay_out(files)
        self.addCleanup(self.psql, "postgres", "DROP ROLE IF EXISTS made_by_a_file; REVOKE app_owner FROM app;")
        refused = self.try_compile().require(4)
        self.psql("postgres", "DROP ROLE IF EXISTS made_by_a_file; REVOKE app_owner FROM app;")
        flagged = set(re.findall(r"/(\w+)\.sql:\d+:\d+: error: .*\[no-trace\]", refused.stderr))
        self.assertIn("data", {name[4:] for name in flagged}, refused)
        for name in flagged:  # a probe is what the message asks for
            self.probe(f"{name[:3]}_done", names[name])
        self.compile(quiet=False)  # the server warns of wal_level
        self.psql("postgres", "DROP ROLE IF EXISTS made_by_a_file; REVOKE app_owner FROM app;")
        self.roll_forward(names)


class DataWork(Deployment):
    def test_without_a_probe_it_is_no_trace(self):
        self.write(_001_items="CREATE TABLE items (id bigint PRIMARY KEY, n integer);", _002_fill="UPDATE items SET n = 0\n WHERE n IS NULL;")
        done = self.try_compile().require(4)
        self.assertEqual(self.named(done.stderr),
                         "DIR/migrations/002_fill.sql:2:1: error: the schema after 002 looks as it did at 001, and what"
                         " was done between does not show in it [no-trace]\n  hint: write a probe, 002_name.sql, into the folder that PROBES names in"
                         " pgratchet_add_migrations(): one SELECT that is false before 002, also at 001, which looks like it, and true once 002 is applied; or move that work"
                         " into a file that leaves a trace\n")
        self.assertFalse(self.plan.exists())

    def test_an_early_probe_is_warned_of(self):
        self.probe("002_filled", "SELECT true")
        self.write(_001_items="CREATE TABLE items (n integer);", _002_fill="UPDATE items SET n = 0 WHERE n IS NULL;")
        self.assertIn("probes/002_filled.sql:1:1: warning: the probe is true already before 002 is applied [-Wearly-probe]",
                      self.try_compile().require().stderr)

    def test_what_a_probe_alone_counts_as_applied_is_said(self):
        """It may be one that is true too early: the file would not run, and nobody would see it."""
        self.probe("002_filled", "SELECT NOT EXISTS (SELECT FROM items WHERE n IS NULL)")
        self.write(_001_items="CREATE TABLE items (n integer);", _002_fill="UPDATE items SET n = 0 WHERE n IS NULL;", _003_more="CREATE TABLE more ();")
        self.compile(quiet=False)
        database = self.database()
        self.by_psql(database, "001_items")
        self.assertEqual(self.assert_at(database, "002", pending=["003"])["by_probe"], ["002"])
        done = self.executor.on("status", self.plan, self.cluster.conninfo(database)).require()
        self.assertEqual(done.stdout, "test is at 002\n  counts as applied, as a probe says: 002_fill.sql\n  pending: 003_more.sql\n")
        self.assertIn("pgratchet: counts as applied, as a probe says: 002_fill.sql\n", self.apply(database).stderr)
        self.assertNotIn("by_probe", self.assert_at(database, "003"))

    def test_what_a_drop_has_destroyed_does_not_come_back_with_the_schema(self):
        """001 and 003 have one schema; a database at 001 still holds what 002 is to drop."""
        files = dict(_001_items="CREATE TABLE items (n integer, secret text);", _002_forget="ALTER TABLE items DROP COLUMN secret;",
                     _003_again="ALTER TABLE items ADD COLUMN secret text;")
        self.write(**files)
        self.assertIn("the schema after 003 looks as it did at 001", self.try_compile().require(4).stderr)

    def test_a_probe_locates_it(self):
        self.probe("002_filled", "SELECT NOT EXISTS (SELECT FROM items WHERE n IS NULL)")
        self.migrations(_001_items="CREATE TABLE items (n integer);", _002_fill="UPDATE items SET n = 0 WHERE n IS NULL;",
                        _003_more="CREATE TABLE more ();")
        database = self.database()
        self.by_psql(database, "001_items")
        self.psql(database, "INSERT INTO items VALUES (NULL), (3)")
        self.assert_at(database, "001", pending=["002", "003"])
        self.apply(database, to="002")
        self.assertEqual(self.psql(database, "SELECT sum(n) FROM items WHERE n = 0 OR n = 3"), "3")
        self.assert_at(database, "002", pending=["003"])
        self.apply(database)
        self.assert_at(database, "003", pending=[])

    def test_a_probe_locates_it_in_a_database_that_has_drifted(self):
        """What is shown as pending is what --accept-drift then applies."""
        self.probe("002_filled", "SELECT NOT EXISTS (SELECT FROM items WHERE n IS NULL)")
        self.migrations(_001_items="CREATE TABLE items (n integer, t text);", _002_fill="UPDATE items SET n = 0 WHERE n IS NULL;", _003_more="CREATE TABLE more ();")
        database = self.database()
        self.by_psql(database, "001_items")
        self.psql(database, "INSERT INTO items VALUES (NULL); ALTER TABLE items ALTER t TYPE varchar(9)")
        found = self.status(database)
        self.assertEqual((found["state"], found["version"], found["pending"]), ("drift", "001", ["002", "003"]), found)
        self.apply(database, "--accept-drift", "public.items.t", to="002")
        found = self.status(database)
        self.assertEqual((found["state"], found["version"], found["pending"]), ("drift", "002", ["003"]), found)

    def test_a_failing_probe_means_not_applied(self):
        self.probe("002_log", "SELECT count(*) = 1 FROM items")
        self.migrations(_001_items="CREATE TABLE items (n integer);", _002_one="INSERT INTO items VALUES (1);")
        database = self.database()
        self.assert_at(database, None, pending=["001", "002"])
        self.apply(database)
        self.assertEqual(self.psql(database, "SELECT count(*) FROM items"), "1")
        self.apply(database)
        self.assertEqual(self.psql(database, "SELECT count(*) FROM items"), "1")

    def test_data_between_a_change_and_its_revert(self):
        """001 and 003 look alike, and 002 or 003 moved data: never taken for the higher one without an answer."""
        self.write(_001_items="CREATE TABLE items (n integer);", _002_column="ALTER TABLE items ADD tmp integer;",
                   _003_back="UPDATE items SET n = coalesce(tmp, n) + 1;\nALTER TABLE items DROP tmp;")
        done = self.try_compile().require(4)
        self.assertIn("003_back.sql:2:1: error: the schema after 003 looks as it did at 001", done.stderr)
        self.probe("003_raised", "SELECT NOT EXISTS (SELECT FROM items WHERE n < 10)")
        self.compile()
        database = self.database()
        self.by_psql(database, "001_items")
        self.psql(database, "INSERT INTO items VALUES (9)")
        self.assert_at(database, "001", pending=["002", "003"])
        self.apply(database)
        self.assertEqual(self.psql(database, "SELECT n FROM items"), "10")
        self.assert_at(database, "003")
        self.apply(database)
        self.assertEqual(self.psql(database, "SELECT n FROM items"), "10")

    def test_a_revert_of_schema_alone_needs_nothing(self):
        self.migrations(_001_items="CREATE TABLE items (n integer);", _002_column="ALTER TABLE items ADD tmp integer;",
                        _003_revert_002_column="ALTER TABLE items DROP tmp;", _004_other="CREATE TABLE other ();")
        database = self.database()
        self.by_psql(database, "001_items")
        self.assert_at(database, "003", pending=["004"])
        self.apply(database)
        self.assert_at(database, "004")

    def test_a_revert_that_a_database_has_got_is_not_run_again_for_a_comment(self):
        """001 and 004 look alike but for a comment, which somebody wrote anew: to run 002 again would lose what is in the column."""
        self.migrations(_001_t="CREATE TABLE t (id integer PRIMARY KEY, c text);", _002_drop_c="ALTER TABLE t DROP COLUMN c;",
                        _003_comment="COMMENT ON TABLE t IS 'orders of shop A';",
                        _004_revert_002_drop_c="ALTER TABLE t ADD COLUMN c text;", _005_i="CREATE INDEX ti ON t (c);")
        database = self.database()
        self.apply(database, to="004")
        self.assert_at(database, "004", drift=[])
        self.psql(database, "INSERT INTO t VALUES (1, 'precious'); COMMENT ON TABLE t IS 'orders'")
        found, lacking = self.status(database), "table public.t: comment: expected orders of shop A, found orders"
        self.assertEqual((found["candidates"], found["lacking"]), (["001", "004"], [lacking]))
        done = self.assert_refused(database, "which version test is at cannot be told from its schema")
        self.assertIn(f"test is ambiguous: the schema is that of 001, 004\n  lacking: {lacking}\n", done.stderr)
        self.apply(database, "--assume", "004")
        self.assertEqual(self.psql(database, "SELECT c FROM t"), "precious")
        self.assert_at(database, "005")

    def test_a_probe_in_a_schema_that_the_role_may_not_use_is_no_answer(self):
        self.psql("postgres", "CREATE ROLE onlooker LOGIN")
        self.addCleanup(self.psql, "postgres", "DROP ROLE onlooker")
        self.probe("002_filled", "SELECT EXISTS (SELECT FROM t WHERE n = 1)")
        self.write(_001_t="CREATE SCHEMA app;\nCREATE TABLE app.t (n integer);", _002_fill="INSERT INTO app.t VALUES (1);")
        self.compile("--search-path", "app, public")
        database = self.database()
        self.apply(database)
        found = self.executor.status(self.plan, self.cluster.conninfo(database) + " user=onlooker")
        self.assertEqual((found["state"], found["candidates"]), ("ambiguous", ["001", "002"]))
        self.psql(database, "GRANT USAGE ON SCHEMA app TO onlooker; GRANT SELECT ON app.t TO onlooker")
        self.assertEqual(self.executor.status(self.plan, self.cluster.conninfo(database) + " user=onlooker")["version"], "002")

    def test_assuming_what_is_known_is_no_decision(self):
        self.migrations(_001_t="CREATE TABLE t ();")
        database = self.database()
        self.by_psql(database, "001_t")
        self.apply(database, "--assume", "001")
        self.assertEqual(self.receipts(), [])


if __name__ == "__main__":
    unittest.main()
