# SPDX-License-Identifier: Apache-2.0
"""A healthy database is never stuck: a pending file goes through, or the message names the flag that lets it."""

import unittest

from deploy_support import Deployment, executor

EVENTS = "CREATE TABLE events (at date NOT NULL, kind text) PARTITION BY RANGE (at);\nCREATE INDEX ON events (kind);"


class Healthy(Deployment):
    def goes_through(self, database, *extra, quiet=True):
        """A pending file, and then nothing is pending and all tests pass."""
        done = self.apply(database, *extra)
        if quiet:
            self.assertRegex(done.stderr, r"\A(pgratchet: applied \S+ in [\d.]+ m?s\n)+pgratchet: test is at \d+\n\Z")
        self.assertEqual(self.status(database)["pending"], [])
        self.executor.verify(self.plan, self.cluster.conninfo(database)).require()
        return done

    # ---- An extension made beforehand ----

    def test_extension_made_beforehand(self):
        self.migrations(_001_a="CREATE EXTENSION IF NOT EXISTS pgcrypto;\nCREATE EXTENSION IF NOT EXISTS hstore;\nCREATE TABLE a (id uuid DEFAULT gen_random_uuid(), h hstore);")
        database = self.database()
        self.psql(database, "CREATE EXTENSION pgcrypto; CREATE EXTENSION hstore")
        self.assert_at(database, None)
        self.goes_through(database, quiet=False)

    def test_extension_without_if_not_exists(self):
        self.migrations(_001_a="CREATE TABLE a (id integer);", _002_b='CREATE EXTENSION "uuid-ossp";\nCREATE TABLE b (id uuid DEFAULT uuid_generate_v4());')
        database = self.database()
        self.psql(database, 'CREATE EXTENSION "uuid-ossp"')
        done = self.goes_through(database, quiet=False)
        self.assertIn('note: extension "uuid-ossp" is there already; the statement is left out [made-beforehand]', done.stderr)

    def test_other_extensions(self):
        """That the plan does not know; with types, functions and tables of their own."""
        self.migrations(_001_a="CREATE TABLE a (id integer);", _002_b="CREATE TABLE b (id integer);")
        database = self.database()
        self.apply(database, to="001")
        for name in ("dblink", "pg_stat_statements", "citext", "postgres_fdw", "btree_gist", "pg_trgm", "ltree", "earthdistance CASCADE"):
            self.psql(database, f"CREATE EXTENSION IF NOT EXISTS {name}")
        self.goes_through(database)

    def test_extension_in_another_schema(self):
        self.migrations(_001_a="CREATE EXTENSION IF NOT EXISTS citext;\nCREATE TABLE a (id integer);")
        database = self.database()
        self.psql(database, "CREATE SCHEMA extensions; CREATE EXTENSION citext SCHEMA extensions")
        self.goes_through(database, quiet=False)

    def test_schema_made_beforehand(self):
        self.migrations(_001_a="CREATE SCHEMA app;\nCREATE TABLE app.a (id integer);")
        database = self.database()
        self.psql(database, "CREATE SCHEMA app; GRANT USAGE ON SCHEMA app TO app; CREATE TABLE app.by_hand (id integer)")
        done = self.goes_through(database, quiet=False)
        self.assertIn("note: schema app is there already; the statement is left out [made-beforehand]", done.stderr)

    # ---- A hand-made index that is written down later ----

    def test_index_written_down_later(self):
        self.migrations(_001_a="CREATE TABLE a (n integer, m integer);", _002_b="CREATE INDEX IF NOT EXISTS a_n ON a (n);\nALTER TABLE a ADD k integer;")
        database = self.database()
        self.apply(database, to="001")
        self.psql(database, "CREATE INDEX CONCURRENTLY a_n ON a (n)")
        self.assertEqual(self.status(database)["anticipated"], [{"kind": "index", "identity": "public.a_n"}])
        self.goes_through(database, quiet=False)

    def test_index_written_down_later_concurrently(self):
        self.migrations(_001_a="CREATE TABLE a (n integer);", _002_b="-- pgratchet: no-transaction\nCREATE INDEX CONCURRENTLY IF NOT EXISTS a_n ON a (n);\n")
        database = self.database()
        self.apply(database, to="001")
        self.psql(database, "CREATE INDEX a_n ON a (n)")
        self.goes_through(database, quiet=False)

    def test_label_written_down_later(self):
        add = "ALTER TYPE mood ADD VALUE IF NOT EXISTS 'calm' BEFORE 'wild';"
        first = "CREATE TYPE mood AS ENUM ('wild');\nCREATE TABLE a (m mood);"
        for name, second in (("", f"{add}\nALTER TABLE a ADD k integer;"), ("_alone", add), ("_without", f"-- pgratchet: no-transaction\n{add}\n"),
                             ("_cut_off", f"-- pgratchet: no-transaction\nCREATE INDEX CONCURRENTLY a_m ON a (m);\n{add}\n")):
            with self.subTest(name):
                self.migrations(_001_a=first, _002_b=second, _003_c="CREATE TABLE c ();")
                database = self.database(name)
                self.apply(database, to="001")
                self.psql(database, "ALTER TYPE mood ADD VALUE 'calm' BEFORE 'wild'")
                if name in ("", "_cut_off"):
                    self.assertEqual(self.assert_at(database, "001", pending=["002", "003"])["anticipated"], [{"kind": "type", "identity": "public.mood"}])
                else:
                    self.assert_at(database, "002", pending=["003"])
                self.apply(database)
                self.assertEqual(self.psql(database, "SELECT enum_range(NULL::mood)"), "{calm,wild}")
                self.assert_at(database, "003", drift=[], anticipated=[])

    def test_label_that_is_written_down_elsewhere(self):
        """Not where the file puts it: that is no anticipation."""
        self.migrations(_001_a="CREATE TYPE mood AS ENUM ('wild');", _002_b="ALTER TYPE mood ADD VALUE IF NOT EXISTS 'calm' BEFORE 'wild';\nCREATE TABLE b ();")
        database = self.database()
        self.apply(database, to="001")
        self.psql(database, "ALTER TYPE mood ADD VALUE 'calm'")
        self.assertEqual(self.status(database)["state"], "drift")

    def test_work_on_data_beside_a_label_asks_for_a_probe(self):
        self.write(_001_a="CREATE TYPE mood AS ENUM ('wild');\nCREATE TABLE a (n integer);", _002_b="ALTER TYPE mood ADD VALUE IF NOT EXISTS 'calm';\nINSERT INTO a VALUES (1);")
        self.assertIn("[no-trace]", self.try_compile().require(4).stderr)
        self.probe("002_one", "SELECT EXISTS (SELECT FROM a WHERE n = 1)")
        self.compile(quiet=False)
        database = self.database()
        self.apply(database, to="001")
        self.psql(database, "ALTER TYPE mood ADD VALUE 'calm'")
        self.assert_at(database, "001", pending=["002"])
        self.apply(database)
        self.assertEqual(self.psql(database, "SELECT n FROM a"), "1")

    def test_index_that_nobody_writes_down(self):
        self.migrations(_001_a="CREATE TABLE a (n integer, m integer);", _002_b="ALTER TABLE a ALTER n TYPE bigint;\nALTER TABLE a RENAME m TO k;\nALTER TABLE a RENAME TO b;")
        database = self.database()
        self.apply(database, to="001")
        self.psql(database, "CREATE INDEX a_by_hand ON a (n, m) WHERE n > 0; CREATE STATISTICS a_stats ON n, m FROM a")
        self.goes_through(database)

    # ---- Settings that production has for itself ----

    def test_storage_options_in_production_only(self):
        self.migrations(_001_a="CREATE TABLE a (n integer PRIMARY KEY, t text);\nCREATE INDEX a_t ON a (t);\nCREATE MATERIALIZED VIEW mv AS SELECT count(*) FROM a;",
                        _002_b="ALTER TABLE a ADD k integer;\nCREATE INDEX a_k ON a (k);\nALTER TABLE a ALTER t SET NOT NULL;")
        database = self.database()
        self.apply(database, to="001")
        self.psql(database, "ALTER TABLE a SET (autovacuum_vacuum_scale_factor = 0.01, fillfactor = 80, toast.autovacuum_enabled = off); ALTER INDEX a_t SET (fillfactor = 70);"
                            "ALTER TABLE a ALTER t SET STATISTICS 500; ALTER TABLE a ALTER t SET STORAGE EXTERNAL; ALTER TABLE a REPLICA IDENTITY FULL; CLUSTER a USING a_t;"
                            "ALTER MATERIALIZED VIEW mv SET (autovacuum_enabled = off); CREATE PUBLICATION p FOR TABLE a; ALTER TABLE a OWNER TO app_owner")
        self.assert_at(database, "001", drift=[], unmanaged=[])
        self.goes_through(database)

    def test_settings_of_the_database(self):
        self.migrations(_001_a="CREATE TABLE a (at timestamptz DEFAULT '2020-01-01 00:00+00', b bytea DEFAULT '\\x01');", _002_b="CREATE VIEW v AS SELECT at, b FROM a WHERE at > '2020-05-06 00:00+00';\nSELECT pg_sleep(0.1);")
        database = self.database()
        self.apply(database, to="001")
        for setting in ("DateStyle = 'SQL, DMY'", "TimeZone = 'Asia/Tokyo'", "IntervalStyle = 'sql_standard'", "bytea_output = 'escape'", "search_path = pg_catalog",
                        "statement_timeout = '20ms'", "lock_timeout = '1ms'", "default_transaction_read_only = on", "quote_all_identifiers = on"):
            self.psql("postgres", f'ALTER DATABASE "{database}" SET {setting}')
        url = self.cluster.conninfo(database)
        # Reading is under the environment's own timeouts; those are not for a deployer.
        done = self.executor.apply(self.plan, url)
        self.assertEqual(done.code, executor.DONE, done)

    # ---- Partitions that a job makes ----

    def test_partitions_of_a_job(self):
        """Each new partition takes names that were generated for another one on the shadow."""
        self.migrations("--job-managed-partitions", "public.events",
                        _001_a=EVENTS + "\nCREATE TABLE events_2020 PARTITION OF events FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');",
                        _002_b="CREATE INDEX ON events (at, kind);\nALTER TABLE events ADD CONSTRAINT kind_is_short CHECK (length(kind) < 99);\nALTER TABLE events ADD note text;")
        database = self.database()
        self.apply(database, to="001")
        for year in range(2021, 2026):
            self.psql(database, f"CREATE TABLE events_{year} (at date NOT NULL, kind text); CREATE INDEX events_{year}_kind_idx ON events_{year} (at);"
                                f"ALTER TABLE events ATTACH PARTITION events_{year} FOR VALUES FROM ('{year}-01-01') TO ('{year + 1}-01-01')")
        self.psql(database, "DROP TABLE events_2020")
        self.assert_at(database, "001", drift=[])
        self.goes_through(database)

    def test_partitions_that_nobody_declared(self):
        self.migrations(_001_a=EVENTS, _002_b="CREATE INDEX ON events (at);\nALTER TABLE events ADD note text;\nALTER TABLE events RENAME kind TO sort;")
        database = self.database()
        self.apply(database, to="001")
        self.psql(database, "CREATE TABLE events_kind PARTITION OF events FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');"
                            "CREATE TABLE events_2021 PARTITION OF events FOR VALUES FROM ('2021-01-01') TO ('2022-01-01')")
        self.goes_through(database)

    # ---- A name already taken ----

    def test_generated_name_that_was_taken(self):
        """The constraint got another name than on the shadow: the flag that is named lets it pass."""
        self.migrations(_001_a="CREATE TABLE a (id integer PRIMARY KEY);", _002_b="CREATE TABLE b (id integer);")
        database = self.database()
        self.psql(database, "CREATE TABLE other (n integer); CREATE INDEX a_pkey ON other (n)")
        self.by_psql(database, "001_a")
        done = self.assert_refused(database, "--accept-drift 'KIND IDENTITY'")
        self.assertIn("  missing: table constraint a_pkey on public.a\n", done.stderr)
        done = self.apply(database, "--accept-drift", "table constraint a_pkey on public.a")
        self.assertIn("pgratchet: applied 002_b.sql in ", done.stderr)

    def test_generated_name_that_was_taken_and_ignored_for_ever(self):
        self.migrations("--ignore", "table constraint|a_pkey* on public.a|*|called otherwise on production",
                        _001_a="CREATE TABLE a (id integer PRIMARY KEY);", _002_b="ALTER TABLE a ADD n integer;")
        database = self.database()
        self.psql(database, "CREATE TABLE other (n integer); CREATE INDEX a_pkey ON other (n)")
        self.by_psql(database, "001_a")
        self.goes_through(database)

    def test_name_of_a_pending_table_is_taken(self):
        """Nothing can let a CREATE TABLE pass over another table: the message says which, and that it can be renamed."""
        self.migrations(_001_a="CREATE TABLE a (id integer);", _002_b="CREATE TABLE notes (id integer, body text);", _003_c="CREATE TABLE c ();")
        database = self.database()
        self.apply(database, to="001")
        self.psql(database, "CREATE TABLE notes (written date)")
        done = self.assert_refused(database, "table public.notes: is there, and is not expected")
        self.assertIn("renamed", done.stderr)
        self.psql(database, "ALTER TABLE notes RENAME TO notes_by_hand")
        self.goes_through(database)

    def test_name_of_a_pending_index_is_taken(self):
        self.migrations(_001_a="CREATE TABLE a (n integer, m integer);", _002_b="CREATE INDEX a_n ON a (n);")
        database = self.database()
        self.apply(database, to="001")
        self.psql(database, "CREATE INDEX a_n ON a (m)")
        done = self.assert_refused(database, "index public.a_n")
        self.assertIn("renamed", done.stderr)
        self.psql(database, "ALTER INDEX a_n RENAME TO a_m_by_hand")
        self.goes_through(database)

    def test_index_of_a_pending_constraint_is_taken_elsewhere(self):
        """The name that the server generates is another one than on the shadow: rolled back, and said."""
        self.migrations(_001_a="CREATE TABLE a (n integer);", _002_b="CREATE TABLE b (n integer UNIQUE);")
        database = self.database()
        self.apply(database, to="001")
        self.psql(database, "CREATE INDEX b_n_key ON a (n)")
        done = self.assert_refused(database, "[effect-differs]", code=executor.SQL_FAILED)
        self.assertIn("  table constraint b_n_key1 on public.b: appeared, and the migration does not make it\n", done.stderr)
        self.assertIn("b_n_key on public.b: expected, and is not there\n", done.stderr)
        self.psql(database, "ALTER INDEX b_n_key RENAME TO a_by_hand")
        self.goes_through(database)


class GrantedFurther(Deployment):
    """A privilege that its holder may pass on is that privilege."""

    def setUp(self):
        super().setUp()
        self.migrations(_001_t="CREATE TABLE t (id integer PRIMARY KEY);", _002_grant="GRANT SELECT ON t TO app;\nALTER TABLE t ADD a integer;\nGRANT INSERT ON t TO app;",
                        _003_grant="GRANT UPDATE ON t TO app;", _004_option="GRANT SELECT ON t TO app WITH GRANT OPTION;\nREVOKE UPDATE ON t FROM app;", _005_more="CREATE TABLE more ();")

    def test_before_and_after(self):
        database = self.database()
        for version, by_hand in (("001", "INSERT"), ("002", "INSERT"), ("003", "UPDATE")):
            self.apply(database, to=version)
            self.psql(database, f"GRANT {by_hand} ON t TO app WITH GRANT OPTION")
            self.assert_at(database, version)
        self.apply(database)
        self.assertEqual(self.psql(database, "SELECT string_agg(privilege_type || is_grantable::text, ' ' ORDER BY 1) FROM pg_class, aclexplode(relacl) WHERE relname = 't' AND grantee = 'app'::regrole"),
                         "INSERTtrue SELECTtrue")

    def test_to_take_the_option_back_where_the_privilege_is_gone(self):
        self.migrations(_006_less="REVOKE GRANT OPTION FOR SELECT ON t FROM app;\nALTER TABLE t ADD b integer;")
        database = self.database()
        self.apply(database, to="005")
        self.psql(database, "REVOKE SELECT ON t FROM app")
        self.apply(database)

    def test_to_take_the_option_back_is_demanded(self):
        self.migrations(_006_less="REVOKE GRANT OPTION FOR SELECT ON t FROM app;\nALTER TABLE t ADD b integer;")
        database = self.database()
        self.apply(database, to="005")
        self.psql(database, "CREATE FUNCTION again() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN EXECUTE ''GRANT SELECT ON t TO app WITH GRANT OPTION''; END';"
                            "CREATE EVENT TRIGGER again ON ddl_command_end WHEN TAG IN ('ALTER TABLE') EXECUTE FUNCTION again()")
        self.assertIn("table public.t: privilege app=SELECT* expected to be revoked, and is granted\n", self.apply(database, code=executor.SQL_FAILED).stderr)


if __name__ == "__main__":
    unittest.main()
