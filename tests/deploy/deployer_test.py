# SPDX-License-Identifier: Apache-2.0
"""Migrations that name the role that deploys: compiled by another one, which gives it what here it has anyway."""

import unittest

from deploy_support import NO_TRANSACTION, Deployment, executor


class Named(Deployment):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cluster.psql("postgres", "CREATE ROLE team; ALTER ROLE app LOGIN; GRANT team TO app")

    def setUp(self):
        super().setUp()
        self.site = self.closed_database(owner="app")
        self.url = self.cluster.conninfo(self.site, "app")

    def applied(self, *versions, **bodies):
        """One file after the other is applied by app, and then all agree that there is nothing to do."""
        self.write(**bodies)
        self.compile(quiet=False)
        for version in versions or (None,):
            self.executor.apply(self.plan, self.url, to=version).require()
        self.at_the_end(self.url)

    def at_the_end(self, url):
        newest = max(path.name[:3] for path in self.folder.glob("*.sql"))
        done = self.executor.apply(self.plan, url).require()
        self.assertEqual(done.stderr, f"pgratchet: test is at {newest}, nothing is pending\n")
        self.assertEqual(self.executor.on("status", self.plan, url).stdout.splitlines()[0], f"test is at {newest}")
        self.executor.verify(self.plan, url).require()
        self.assertEqual(self.executor.on("diff", self.plan, url).require().stdout, f"test -> {newest}: no difference\n")

    def acl(self, relation):
        return self.psql(self.site, f"SELECT relacl FROM pg_class WHERE oid = '{relation}'::regclass")

    def test_owner(self):
        self.applied(_001_items="CREATE TABLE items (a integer);\nCREATE SCHEMA s AUTHORIZATION app;\nALTER TABLE items OWNER TO app;",
                     _002_more="CREATE VIEW seen AS SELECT a FROM items;\nALTER TABLE items ADD b integer;\nALTER VIEW seen OWNER TO app;")

    def test_owner_in_a_file_of_its_own(self):
        self.applied("001", "002", _001_items="CREATE TABLE items (a integer);", _002_owner="ALTER TABLE items OWNER TO app;\nCREATE TABLE more ();")

    def test_adopted_from_another_owner(self):
        """What the deployer is given by name is done where another role owns the objects, though they are its own where it made them."""
        self.psql("postgres", "CREATE ROLE alice; GRANT alice TO app")
        self.addCleanup(self.psql, "postgres", "DROP ROLE alice")
        self.addCleanup(self.cluster.drop_database, self.site)
        self.write(_001_items="CREATE TABLE items (a integer);\nCREATE TABLE more (a integer);", _002_grant="GRANT SELECT ON items TO app;",
                   _003_owner="ALTER TABLE more OWNER TO app;")
        self.compile(quiet=False)
        self.by_psql(self.site, "001_items")
        self.psql(self.site, "ALTER TABLE items OWNER TO alice; ALTER TABLE more OWNER TO alice")
        self.assertEqual(self.executor.status(self.plan, self.url)["pending"], ["002", "003"])
        self.executor.apply(self.plan, self.url).require()
        self.assertIn("app=r/alice", self.acl("items"))
        self.assertEqual(self.psql(self.site, "SELECT relowner::regrole FROM pg_class WHERE relname = 'more'"), "app")
        self.assertIn("nothing is pending", self.executor.apply(self.plan, self.url).require().stderr)

    def test_given_away_and_taken_back(self):
        self.psql(self.site, "GRANT CREATE ON SCHEMA public TO team")
        self.applied("001", "002", "003", _001_items="CREATE TABLE items (a integer);\nGRANT SELECT ON items TO app;",
                     _002_away="ALTER TABLE items OWNER TO team;\nCREATE TABLE b ();", _003_back="ALTER TABLE items OWNER TO app;\nCREATE TABLE c ();")

    def test_grants(self):
        self.psql(self.site, "GRANT CREATE ON SCHEMA public TO team")
        self.applied("001", "002", _001_items="CREATE TABLE items (a integer);\nCREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1';\n"
                                              "GRANT SELECT ON items TO app;\nGRANT SELECT (a) ON items TO app_owner, app;\nGRANT EXECUTE ON FUNCTION f() TO app;",
                     _002_team="CREATE TABLE shared (a integer, b integer);\nALTER TABLE shared OWNER TO team;\nGRANT SELECT, INSERT ON shared TO app_owner, app;\n"
                               "GRANT UPDATE (a) ON shared TO app;\nGRANT INSERT ON items TO app, app_owner;")
        self.assertIn("app=ar/team", self.acl("shared"))

    def test_a_grant_that_somebody_takes_away_again_is_missed(self):
        """The proof still looks at what is granted to the deployer."""
        self.write(_001_items="CREATE TABLE shared (a integer);\nALTER TABLE shared OWNER TO team;", _002_grant="GRANT SELECT ON shared TO app;\nCREATE TABLE b ();")
        self.compile(quiet=False)
        self.psql(self.site, "GRANT CREATE ON SCHEMA public TO team")
        self.executor.apply(self.plan, self.url, to="001").require()
        self.psql(self.site, "CREATE FUNCTION back() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN REVOKE SELECT ON shared FROM app; END';"
                             "CREATE EVENT TRIGGER back ON ddl_command_end WHEN TAG IN ('GRANT') EXECUTE FUNCTION back()")
        done = self.executor.apply(self.plan, self.url).require(executor.SQL_FAILED)
        self.assertIn("table public.shared: privilege @deployer=SELECT expected, and is not granted", done.stderr)

    def test_default_privileges(self):
        """Those that the deployer has by its name and those that it has as whoever deploys are one list."""
        self.applied("001", "002", "003",
                     _001_defaults="CREATE TABLE a ();\nALTER DEFAULT PRIVILEGES FOR ROLE app GRANT SELECT ON TABLES TO app_owner, app;\n"
                                   "ALTER DEFAULT PRIVILEGES FOR ROLE app IN SCHEMA public GRANT USAGE ON SEQUENCES TO app_owner;",
                     _002_own="ALTER DEFAULT PRIVILEGES GRANT INSERT ON TABLES TO app_owner;",
                     _003_back="ALTER DEFAULT PRIVILEGES FOR ROLE app IN SCHEMA public REVOKE USAGE ON SEQUENCES FROM app_owner;")
        self.assertEqual(self.psql(self.site, "SELECT defaclacl FROM pg_default_acl"), "{app=arwdDxt/app,app_owner=ar/app}" if self.cluster.major < 17
                         else "{app=arwdDxtm/app,app_owner=ar/app}")
        # What the deployer makes now comes with more than it had on the shadow, where another one made it.
        self.write(_004_more="CREATE TABLE b (n integer);", _005_less="REVOKE SELECT ON b FROM app_owner;\nALTER TABLE b ADD m integer;")
        self.compile(quiet=False)
        self.executor.apply(self.plan, self.url).require()
        self.assertIn("app_owner=a/app", self.acl("b"))

    def test_policy(self):
        self.applied(_001_items="CREATE TABLE items (a integer);\nCREATE POLICY p ON items TO app, app_owner USING (true);\nCREATE POLICY q ON items TO CURRENT_USER USING (true);")

    def test_without_a_transaction(self):
        self.applied(_001_items="CREATE TABLE items (a integer);",
                     _002_owner=NO_TRANSACTION + "ALTER TABLE items OWNER TO app;\nGRANT SELECT ON items TO app;\nCREATE INDEX CONCURRENTLY i ON items (a);\n")

    def test_another_role_looks_on(self):
        """Owners and privileges are not compared for drift, so status and verify agree whoever asks."""
        self.applied(_001_items="CREATE TABLE items (a integer);\nALTER TABLE items OWNER TO app;\nGRANT SELECT ON items TO app, app_owner;\n"
                                "CREATE POLICY p ON items TO app USING (true);")
        self.assert_at(self.site, "001")
        self.executor.verify(self.plan, self.cluster.conninfo(self.site)).require()


class LoggedInAsAnother(Deployment):
    """A login role that works as the role that deploys, from the start of its session on."""
    FILES = {"_001_items": "CREATE TABLE items (a integer);\nCREATE SCHEMA s;\nGRANT SELECT ON items TO app_owner;\n"
                           "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO app_owner;",
             "_002_roles": "SET ROLE app_owner;\nCREATE TABLE s.theirs ();\nRESET ROLE;\nCREATE VIEW seen AS SELECT a FROM items;\nALTER VIEW seen OWNER TO CURRENT_USER;",
             "_003_left": "SET ROLE app_owner;\nCREATE FUNCTION s.f() RETURNS integer LANGUAGE sql AS 'SELECT 1';",
             "_004_index": NO_TRANSACTION + "CREATE INDEX CONCURRENTLY i ON items (a);\n"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name, role in (("ci", "app"), ("boss", "postgres")):
            cls.cluster.psql("postgres", f"CREATE ROLE {name} LOGIN; GRANT {role} TO {name}; ALTER ROLE {name} SET role = {role}")
        cls.cluster.psql("postgres", "CREATE ROLE guest LOGIN; GRANT app TO guest; GRANT app_owner TO app, boss")

    def setUp(self):
        super().setUp()
        self.site = self.closed_database(owner="app")
        self.write(**self.FILES)
        self.write(_002_roles=self.FILES["_002_roles"].replace("SET ROLE", "GRANT CREATE, USAGE ON SCHEMA s TO app_owner;\nSET ROLE", 1))

    def applied_by(self, url):
        self.executor.apply(self.plan, url).require()
        self.assertEqual(self.executor.apply(self.plan, url).require().stderr, "pgratchet: test is at 004, nothing is pending\n")
        self.executor.verify(self.plan, url).require()
        self.assertEqual(self.executor.on("diff", self.plan, url).require().stdout, "test -> 004: no difference\n")
        self.assertEqual(self.psql(self.site, "SELECT string_agg(relname || ' ' || relowner::regrole, ', ' ORDER BY relname) FROM pg_class "
                                              "WHERE relkind IN ('r', 'v') AND relnamespace IN ('public'::regnamespace, 's'::regnamespace)"),
                         "items app, seen app, theirs app_owner")
        self.assertEqual({one["role"] for one in self.receipts()}, {"app"})

    def test_by_its_own_setting(self):
        self.compile(quiet=False)
        self.applied_by(self.cluster.conninfo(self.site, "ci"))

    def test_by_the_connection_string(self):
        self.compile(quiet=False)
        self.applied_by(self.cluster.conninfo(self.site, "guest") + " options='-c role=app'")

    def test_compiled_so(self):
        """With event triggers, as a superuser, and by snapshots alone."""
        self.psql("postgres", "ALTER ROLE app CREATEDB")
        self.addCleanup(self.psql, "postgres", "ALTER ROLE app NOCREATEDB")
        self.compile(quiet=False)
        plan = self.plan.read_text(encoding="utf-8")
        for name in ("boss", "ci"):
            with self.subTest(name):
                self.compile(quiet=False, shadow_url=self.cluster.conninfo("postgres", name))
                self.assertEqual(self.plan.read_text(encoding="utf-8"), plan)
        self.applied_by(self.cluster.conninfo(self.site, "ci"))


if __name__ == "__main__":
    unittest.main()
