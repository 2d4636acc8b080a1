# SPDX-License-Identifier: Apache-2.0
"""Databases that came about in other ways: by psql, from a dump, under a baseline, on another major version."""

import os
import subprocess
import unittest

from deploy_support import PROJECT, Deployment, executor, postgres

TYPICAL = {
    "_001_jobs": """
CREATE TYPE mood AS ENUM ('good', 'bad');
CREATE TABLE jobs (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  state varchar(20) NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'open', 'done')),
  kind char(3) CHECK (kind IN ('abc', 'def')), m mood DEFAULT 'good',
  n integer CHECK (n BETWEEN 1 AND 10), tags text[] DEFAULT '{}',
  full_name text GENERATED ALWAYS AS (state || '/' || coalesce(kind, '')) STORED);
CREATE INDEX jobs_open ON jobs (state) WHERE state IN ('new', 'open');
CREATE UNIQUE INDEX jobs_lower ON jobs (lower(state), (n + 1)) WHERE kind IN ('abc', 'def');""",
    "_002_views": """
CREATE VIEW open_jobs AS SELECT j.id, j.state FROM jobs j WHERE j.state IN ('new', 'open');
CREATE VIEW counted AS SELECT o.state, count(*) AS n FROM open_jobs o JOIN jobs USING (id) GROUP BY o.state HAVING count(*) > 1;
CREATE MATERIALIZED VIEW totals AS SELECT state, sum(n) AS total FROM jobs GROUP BY state;
CREATE FUNCTION job_count(s text DEFAULT 'new') RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT count(*) FROM jobs WHERE state = s $$;
CREATE RULE no_delete AS ON DELETE TO open_jobs DO INSTEAD NOTHING;""",
    "_003_policies": """
ALTER TABLE jobs ENABLE ROW LEVEL SECURITY;
CREATE POLICY mine ON jobs FOR SELECT TO app USING (state IN ('new', 'done') AND n = ANY (ARRAY[1, 2]));
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$;
CREATE TRIGGER stamp BEFORE UPDATE OF state ON jobs FOR EACH ROW WHEN (old.state IN ('new')) EXECUTE FUNCTION stamp();
CREATE TABLE parts (at date NOT NULL, v integer CHECK (v > 0)) PARTITION BY RANGE (at);
CREATE TABLE parts_2020 PARTITION OF parts FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE INDEX parts_v ON parts (v);""",
    "_004_more": "ALTER TABLE jobs ADD CONSTRAINT jobs_states CHECK (state NOT IN ('x', 'y') AND (kind IS NULL OR kind IN ('abc')));",
    "_005_times": """
CREATE COLLATION ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE TABLE shifts (id bigint PRIMARY KEY, name text COLLATE ci, begins date, ends date);
CREATE VIEW clashes AS SELECT a.id FROM shifts a JOIN shifts b ON (a.begins, a.ends) OVERLAPS (b.begins, b.ends) WHERE a.id < b.id;""",
}


def restore(source, target, database, restored):
    """pg_dump of one cluster into a database of another (or the same)."""
    dump = subprocess.run([source.pg_dump(), "-d", source.conninfo(database)], env=source.environment(), check=True, stdout=subprocess.PIPE).stdout
    kept = b"\n".join(line for line in dump.split(b"\n")
                      if not line.startswith((b"\\restrict", b"\\unrestrict", b"SET transaction_timeout")))
    target.create_database(restored)
    target.psql(restored, kept.decode())


class Restored(Deployment):
    def test_located_after_a_dump_and_a_restore(self):
        self.migrations(**TYPICAL)
        original = self.database()
        for k, name in enumerate(sorted(TYPICAL), start=1):
            self.by_psql(original, name.lstrip("_"))
            with self.subTest(k):
                restored = f"restored_{k}"
                self.addCleanup(self.cluster.drop_database, restored)
                restore(self.cluster, self.cluster, original, restored)
                self.assert_at(restored, f"{k:03d}", drift=[], unmanaged=[])
                self.apply(restored)
                self.assert_at(restored, f"{len(TYPICAL):03d}", drift=[])

    def test_a_real_difference_is_still_seen(self):
        self.migrations(**TYPICAL)
        original = self.database()
        self.apply(original)
        restored = f"{original}_r"
        self.addCleanup(self.cluster.drop_database, restored)
        restore(self.cluster, self.cluster, original, restored)
        self.psql(restored, "ALTER TABLE jobs DROP CONSTRAINT jobs_state_check; ALTER TABLE jobs ADD CHECK (state IN ('new', 'open', 'gone'))")
        self.assertEqual([d["identity"] for d in self.status(restored)["drift"]], ["jobs_state_check on public.jobs"])


@unittest.skipUnless(os.environ.get("PGRATCHET_TEST_SERVERS"), "PGRATCHET_TEST_SERVERS names no folder of other servers")
class OtherMajor(Deployment):
    def check(self, major):
        self.migrations(**TYPICAL)
        with postgres.Cluster(major) as other:
            other.create_roles(["app", "app_owner"])
            other.create_database("by_psql")
            original = self.database()
            for k, name in enumerate(sorted(TYPICAL), start=1):
                file = self.path(name.lstrip("_"))
                other.psql_file("by_psql", file)
                self.cluster.psql_file(original, file)
                restore(self.cluster, other, original, f"restored_{k}")
                for database in ("by_psql", f"restored_{k}"):
                    with self.subTest(major=major, k=k, database=database):
                        found = self.executor.status(self.plan, other.conninfo(database))
                        self.assertEqual((found["version"], found["state"], found["drift"]), (f"{k:03d}", "applied", []), found)
            self.executor.apply(self.plan, other.conninfo("restored_1")).require()

    def test_18(self):
        self.check(18)

    def test_13(self):
        self.check(13)


class ByHand(Deployment):
    def test_reference_schema_at_each_version(self):
        migrations = PROJECT / "migrations"
        self.executor.compile(migrations, self.plan, probes=migrations / "probes", shadow_url=self.cluster.conninfo("postgres")).require()
        paths = sorted(migrations.glob("*.sql"))
        by_psql, whole = self.database(), self.database("_whole")
        self.apply(whole)
        for k in range(len(paths) + 1):
            if k:
                self.cluster.psql_file(by_psql, paths[k - 1])
            with self.subTest(k):
                self.assert_at(by_psql, paths[k - 1].name[:3] if k else None, drift=[], anticipated=[],
                               pending=[p.name[:3] for p in paths[k:]])
                copy = self.database(f"_{k}", template=by_psql)
                self.apply(copy)
                self.assertEqual(self.schema(copy), self.schema(whole))
                self.executor.verify(self.plan, self.cluster.conninfo(copy)).require()


class Baseline(Deployment):
    FILES = {"_001_items": "CREATE TABLE items (n integer);", "_002_fill": "INSERT INTO items VALUES (1);",
             "_003_column": "ALTER TABLE items ADD m integer DEFAULT 5;\nCREATE VIEW v AS SELECT n FROM items;",
             "_004_more": "CREATE TABLE more ();"}

    def test_below_it_a_traceless_file_needs_no_probe(self):
        self.write(**self.FILES)
        self.try_compile().require(4)
        self.compile("--baseline", "002")
        database = self.database()
        self.by_psql(database, "001_items")
        self.assert_at(database, "002")
        self.apply(database)
        self.assert_at(database, "004")
        self.assertEqual(self.psql(database, "SELECT count(*) FROM items"), "0")
        new = self.database("_new")
        self.apply(new)
        self.assertEqual(self.psql(new, "SELECT count(*) FROM items"), "1")

    def test_schema_file_of_pg_dump(self):
        self.write(**self.FILES)
        source = self.database("_source")
        self.by_psql(source, "001_items", "002_fill", "003_column")
        schema = self.work / "baseline.sql"
        text = subprocess.run([self.cluster.pg_dump(), "--schema-only", "-d", self.cluster.conninfo(source)], env=self.cluster.environment(),
                              check=True, stdout=subprocess.PIPE, text=True).stdout
        if "\\restrict" not in text:
            text = "\\restrict abcDEF123\n" + text + "\n\\unrestrict abcDEF123\n"
        schema.write_text(text, encoding="utf-8")
        for old in ("001_items", "002_fill"):  # the files up to it may be gone, or broken
            self.path(old).unlink()
        self.path("003_column").write_text("BEGIN;\nthis is no SQL any more;\nCOMMIT;\n", encoding="utf-8")
        self.compile("--baseline", "003", "--baseline-schema", schema)
        self.assert_at(source, "003", pending=["004"], drift=[])
        self.apply(source)
        self.assert_at(source, "004")
        new = self.database("_new")
        self.apply(new)
        self.assert_at(new, "004", drift=[])
        self.assertEqual(self.schema(new), self.schema(source))
        schema.write_text(text + "\nCREATE TABLE surplus ();\n", encoding="utf-8")
        self.assert_refused(new, "the plan is stale: baseline.sql was changed or removed")

    def test_schema_file_that_touches_what_was_there(self):
        """As pg_dump 15 writes the schema public of a server before 15, and pg_dump 17 its settings for any server."""
        self.write(**self.FILES)
        schema = self.work / "baseline.sql"
        schema.write_text("SET statement_timeout = 0;\nSET transaction_timeout = 0;\nCREATE TABLE public.items (n integer, m integer DEFAULT 5);\n"
                          "CREATE VIEW public.v AS SELECT n FROM public.items;\n"
                          "REVOKE USAGE ON SCHEMA public FROM PUBLIC;\nGRANT USAGE ON SCHEMA public TO PUBLIC;\n", encoding="utf-8")
        self.compile("--baseline", "003", "--baseline-schema", schema)
        source, new = self.database("_source"), self.database("_new")
        self.by_psql(source, "001_items", "003_column")
        for database in (source, new):
            self.apply(database)
            self.assert_at(database, "004", drift=[])

    def dump_at_003(self):
        """001 to 003 as one schema file; `source` is where it comes from."""
        schema = self.work / "baseline.sql"
        schema.write_text("CREATE TABLE public.items (n integer, m integer DEFAULT 5);\nCREATE VIEW public.v AS SELECT n FROM public.items;\n"
                          "GRANT SELECT ON public.v TO app;\n", encoding="utf-8")
        self.write(**self.FILES)
        self.compile("--baseline", "003", "--baseline-schema", schema, quiet=False)

    def test_a_schema_file_is_all_or_nothing(self):
        self.dump_at_003()
        new = self.database("_new")
        self.psql(new, "CREATE FUNCTION stop() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''not now''; END'; "
                       "CREATE EVENT TRIGGER stop ON ddl_command_end WHEN TAG IN ('GRANT') EXECUTE FUNCTION stop()")
        done = self.apply(new, code=executor.SQL_FAILED)
        self.assertIn("baseline.sql:3:1: error: not now [P0001]\n  context: PL/pgSQL function stop() line 1 at RAISE\n  003 was rolled back; test stays empty\n", done.stderr)
        self.assertEqual(self.psql(new, "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"), "0")
        self.psql(new, "DROP EVENT TRIGGER stop; DROP FUNCTION stop()")
        self.apply(new)
        self.assert_at(new, "004", drift=[])
        self.assertEqual(self.psql(new, "SELECT has_table_privilege('app', 'v', 'SELECT')"), "t")

    def test_a_database_below_the_baseline_is_left_alone(self):
        """It looks like a part of the schema file, but the work on data of the files up to it is not done."""
        self.dump_at_003()
        old = self.database("_old")
        self.by_psql(old, "001_items")
        before = self.schema(old)
        done = self.assert_refused(old, "test has only a part of the baseline 003; nothing was changed")
        self.assertIn("hint: it is at an older version: bring it to the baseline with a plan that has the files up to it", done.stderr)
        self.assertEqual(self.schema(old), before)

    def test_unknown_baseline(self):
        self.write(**self.FILES)
        done = self.try_compile("--baseline", "007").require(2)
        self.assertIn("there is no migration 007 to be the baseline", done.stderr)


class LocalServer(Deployment):
    """An environment of its own: started on demand, or to stay."""

    def local(self, command, *extra):
        return self.executor.run(command, "--plan", self.plan, "--environment", "dev", "--local", self.work / "dev", "--pg-bindir", self.cluster.bindir,
                                 "--database", "shop", *extra)

    def server(self, action, *extra):
        return self.executor.run("server", action, "--data-dir", self.work / "dev", "--pg-bindir", self.cluster.bindir, *extra)

    def test_on_demand_and_to_stay(self):
        self.write(_001_a="CREATE TABLE a ();\nGRANT SELECT ON a TO clerk;")
        self.compile(roles=["clerk"])
        self.assertEqual(self.server("status").require().stdout, "absent\n")
        done = self.local("apply").require()
        self.assertTrue(done.stderr.endswith("pgratchet: dev is at 001\n"), done.stderr)
        self.assertEqual(self.server("status").require().stdout, "stopped\n")
        self.addCleanup(self.server, "stop")
        self.assertIn("connect with: psql ", self.server("start").require().stderr)
        self.assertEqual(self.server("status").require().stdout, "running\n")
        url = self.server("url", "--database", "shop").require()
        self.assertEqual(url.stderr, "")
        done = self.executor.on("status", self.plan, url.stdout.strip(), "--format", "json").require()
        self.assertEqual((done.json()["version"], done.json()["database"]), ("001", "shop"))
        self.assertEqual(self.local("status").require().stdout, "dev is at 001\n")
        self.assertEqual(self.server("status").stdout, "running\n")
        self.server("stop").require()
        self.assertEqual(self.server("status").stdout, "stopped\n")
        self.server("url").require(executor.CONFIGURATION)
        self.server("stop").require()


if __name__ == "__main__":
    unittest.main()
