# SPDX-License-Identifier: Apache-2.0
"""The runtime role: the check schema.privileges finds what it lacks and what it has too much, and names what mends it."""

import re
import unittest

from deploy_support import PROJECT, Deployment, executor

REFERENCE = PROJECT / "migrations"


class Privileges(Deployment):
    TABLES = {"_001_tables": "CREATE TABLE customers (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY);\nCREATE SCHEMA sales;\n"
                             "CREATE TABLE sales.orders (id serial PRIMARY KEY) ;\nCREATE VIEW seen AS SELECT 1 AS one;"}
    GRANTS = "GRANT USAGE ON SCHEMA sales TO app; GRANT SELECT, INSERT, UPDATE ON customers, sales.orders TO app; GRANT USAGE ON SEQUENCE sales.orders_id_seq TO app"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cluster.psql("postgres", "CREATE ROLE deployer LOGIN; CREATE ROLE team; ALTER ROLE app LOGIN")

    def setUp(self):
        super().setUp()
        self.migrations("--runtime-role", "app", **self.TABLES)
        self.site = self.closed_database(owner="deployer")
        self.url = self.cluster.conninfo(self.site, "deployer")
        self.executor.apply(self.plan, self.url).require()

    def check(self, *lines, url=None):
        """What the check says, and that only it decides."""
        done = self.executor.verify(self.plan, url or self.url)
        self.assertEqual(done.code, executor.STATE_REFUSES if lines else executor.DONE, done)
        found = done.stdout.split("schema.privileges\n")[1].splitlines()
        hint = ["hint: what concerns objects that the migrations make belongs into the next migration: said by hand, it is missing wherever they are made anew"]
        self.assertEqual([line.strip() for line in found], [*lines, *(hint if lines else [])])
        self.assertIn(("FAILED" if lines else "passed") + " schema.privileges\n", done.stdout)
        self.assertIn("passed schema.version\npassed schema.drift\n", done.stdout)
        return done

    def test_lacking_and_mended(self):
        done = self.check("role app lacks USAGE on schema sales: GRANT USAGE ON SCHEMA sales TO app;",
                          "role app lacks SELECT, INSERT, UPDATE on table public.customers: GRANT SELECT, INSERT, UPDATE ON public.customers TO app;",
                          "role app lacks SELECT, INSERT, UPDATE on table sales.orders: GRANT SELECT, INSERT, UPDATE ON sales.orders TO app;",
                          "role app lacks USAGE on sequence sales.orders_id_seq, which an INSERT draws from: GRANT USAGE ON SEQUENCE sales.orders_id_seq TO app;")
        for command in re.findall(r": ([A-Z][^:]*;)$", done.stdout, re.MULTILINE):
            self.psql(self.site, command)
        self.check()
        # What the check passes does for the application.
        self.cluster.psql("postgres", "SELECT 1")
        self.psql(self.site, "SET ROLE app; INSERT INTO customers DEFAULT VALUES; INSERT INTO sales.orders DEFAULT VALUES; UPDATE sales.orders SET id = 7")

    def test_one_privilege_is_missing(self):
        self.psql(self.site, self.GRANTS + "; REVOKE UPDATE ON customers FROM app")
        self.check("role app lacks UPDATE on table public.customers: GRANT UPDATE ON public.customers TO app;")

    def test_too_much(self):
        self.psql(self.site, self.GRANTS)
        cases = [
            ("GRANT CREATE ON SCHEMA public TO app", "REVOKE CREATE ON SCHEMA public FROM app",
             "role app has CREATE on schema public: REVOKE CREATE ON SCHEMA public FROM app, PUBLIC;"),
            ("GRANT CREATE ON SCHEMA sales TO PUBLIC", "REVOKE CREATE ON SCHEMA sales FROM PUBLIC",
             "role app has CREATE on schema sales: REVOKE CREATE ON SCHEMA sales FROM app, PUBLIC;"),
            (f'GRANT CREATE ON DATABASE "{self.site}" TO app', f'REVOKE CREATE ON DATABASE "{self.site}" FROM app',
             f"role app has CREATE on database {self.site}: REVOKE CREATE ON DATABASE {self.site} FROM app, PUBLIC;"),
            ("ALTER ROLE app CREATEROLE", "ALTER ROLE app NOCREATEROLE", "role app may make roles: ALTER ROLE app NOCREATEROLE;"),
            ("ALTER ROLE app SUPERUSER", "ALTER ROLE app NOSUPERUSER", "role app is a superuser: ALTER ROLE app NOSUPERUSER;"),
            ("GRANT deployer TO app", "REVOKE deployer FROM app", "role app is a member of role deployer, which owns or deploys: REVOKE deployer FROM app;"),
            ("ALTER VIEW seen OWNER TO app", "ALTER VIEW seen OWNER TO deployer",
             "role app owns view seen: give it to the deployer: ALTER ... OWNER TO, or REASSIGN OWNED BY app TO ...;"),
        ]
        for do, undo, line in cases:
            with self.subTest(do):
                self.psql(self.site, do)
                try:
                    found = self.executor.verify(self.plan, self.url)
                    self.assertIn("FAILED schema.privileges\n", found.stdout)
                    self.assertIn(f"  {line}\n", found.stdout)
                finally:
                    self.psql(self.site, undo)
        self.check()

    def test_owner_of_a_table_that_is_another_team(self):
        self.psql(self.site, self.GRANTS + "; ALTER TABLE customers OWNER TO team; GRANT team TO app")
        self.addCleanup(self.psql, "postgres", "REVOKE team FROM app")
        self.addCleanup(self.cluster.drop_database, self.site)
        self.check("role app is a member of role team, which owns or deploys: REVOKE team FROM app;")

    def test_no_such_role(self):
        self.write(**self.TABLES)
        self.compile("--runtime-role", "made_for_the_shadow")
        self.check("there is no role made_for_the_shadow: CREATE ROLE made_for_the_shadow LOGIN;")

    def test_declared_privileges_and_a_table_left_out(self):
        self.compile("--runtime-role", "app", "--runtime-privileges", "SELECT", "--ignore", "table|public.customers|runtime privileges|kept from the application")
        self.psql(self.site, "GRANT USAGE ON SCHEMA sales TO app; GRANT SELECT ON sales.orders TO app")
        self.check()

    def test_without_a_runtime_role(self):
        self.compile()
        self.assertNotIn("schema.privileges", self.executor.verify(self.plan, self.url).require().stdout)

    def test_partitions_are_reached_through_their_parent(self):
        self.migrations("--runtime-role", "app", _002_parts="CREATE TABLE p (n integer) PARTITION BY RANGE (n);\nCREATE TABLE p_1 PARTITION OF p FOR VALUES FROM (0) TO (9);\nGRANT SELECT, INSERT, UPDATE ON p TO app;")
        self.psql(self.site, self.GRANTS)
        self.executor.apply(self.plan, self.url).require()
        self.check()

    def test_a_superuser_who_deploys_is_a_warning(self):
        self.psql(self.site, self.GRANTS)
        as_postgres = self.cluster.conninfo(self.site)
        done = self.executor.verify(self.plan, as_postgres).require()
        self.assertEqual(done.stderr, "pgratchet: warning: test is reached as role postgres, which is a superuser\n")
        self.assertEqual(self.executor.verify(self.plan, self.url).require().stderr, "")
        self.write(_002_more="CREATE TABLE more ();\nGRANT SELECT, INSERT, UPDATE ON more TO app;")
        self.compile("--runtime-role", "app")
        done = self.executor.apply(self.plan, as_postgres, extra=("--dry-run",)).require()
        self.assertIn("pgratchet: warning: test is migrated by role postgres, which is a superuser\npgratchet: hint: ", done.stderr)
        self.assertNotIn("warning", self.executor.apply(self.plan, self.url).require().stderr)

    def test_in_a_saved_report(self):
        report = self.work / "report.json"
        self.executor.verify(self.plan, self.url, "--save", report).require()
        ask = ("verify", "--plan", self.plan, "--report", report, "--only", "schema.privileges")
        done = self.executor.run(*ask).require(executor.STATE_REFUSES)
        self.assertIn("FAILED schema.privileges\n  role app lacks USAGE on schema sales", done.stdout)
        self.psql(self.site, self.GRANTS)
        self.executor.verify(self.plan, self.url, "--save", report).require()
        done = self.executor.run(*ask).require()
        self.assertEqual(done.stdout, "passed schema.privileges\n  role app has what it needs on 2 tables, and no more\n")


class Reference(Deployment):
    def test_each_version_by_a_role_of_its_own(self):
        """The reference schema, applied by a role that is no superuser, serves its runtime role at each version."""
        self.psql("postgres", "CREATE ROLE sandgnat_deployer LOGIN")
        self.executor.compile(REFERENCE, self.plan, probes=REFERENCE / "probes", shadow_url=self.cluster.conninfo("postgres"),
                              extra=("--runtime-role", "sandgnat_app")).require()
        database = self.closed_database(owner="sandgnat_deployer")
        url = self.cluster.conninfo(database, "sandgnat_deployer")
        for version in ("001", "002", "003", "004"):
            with self.subTest(version):
                self.executor.apply(self.plan, url, to=version).require()
                self.assertIn("passed schema.privileges\n", self.executor.verify(self.plan, url).stdout)
        self.psql(database, "SET ROLE sandgnat_app; INSERT INTO analysis_jobs (sample_name, sample_size, sample_md5, sample_sha1, sample_sha256) "
                            "VALUES ('x', 1, repeat('a', 32), repeat('b', 40), repeat('c', 64)); UPDATE analysis_jobs SET status = 'running'")
        self.addCleanup(self.psql, "postgres", "DROP ROLE sandgnat_deployer")
        self.addCleanup(self.cluster.drop_database, database)


if __name__ == "__main__":
    unittest.main()
