# SPDX-License-Identifier: Apache-2.0
"""Guards: the wrong database, the wrong server, a standby, a way without TLS; and connections that are refused, each with its hint."""

import time
import unittest

from deploy_support import Deployment, executor, postgres

COMMANDS = ("status", "apply", "verify")
FAR = "203.0.113.1"  # RFC 5737: nobody is there


class Guards(Deployment):
    def setUp(self):
        super().setUp()
        self.migrations(_001_a="CREATE TABLE a (id integer);")

    def refused(self, url, message, hint, *extra, commands=COMMANDS):
        for command in commands:
            with self.subTest(command):
                done = self.executor.on(command, self.plan, url, *extra, environment="prod").require(executor.CONFIGURATION)
                self.assertEqual(done.stdout, "")
                self.assertEqual(done.stderr, f"pgratchet: error: {message}\npgratchet: hint: {hint}\n")

    def test_expected_database(self):
        database, other = self.database(), self.database("_other")
        url = self.cluster.conninfo(other)
        self.refused(url, f"prod is expected to be database {database}, and the variable {executor.URL_VARIABLE} leads to {other}; nothing was done",
                     "correct the connection string, or --expect-database", "--expect-database", database)
        self.assertEqual(self.psql(other, "SELECT count(*) FROM pg_class WHERE relname = 'a'"), "0")
        self.executor.apply(self.plan, url, extra=("--expect-database", other)).require()

    def test_expected_server(self):
        database = self.database()
        url = self.cluster.conninfo(database)
        number = self.psql(database, "SELECT system_identifier FROM pg_control_system()")
        self.refused(url, f"prod is expected on the server with system identifier 7000000000000000001, and the variable {executor.URL_VARIABLE} leads to {number}; nothing was done",
                     "correct the connection string, or --expect-system-identifier if the server was made anew", "--expect-system-identifier", "7000000000000000001")
        self.executor.apply(self.plan, url, extra=("--expect-system-identifier", number, "--expect-database", database)).require()
        self.assertEqual(self.receipts()[0]["system_identifier"], number)

    def test_a_role_that_may_not_ask_for_the_server(self):
        self.psql("postgres", "CREATE ROLE quiet LOGIN")
        self.addCleanup(self.psql, "postgres", "DROP ROLE quiet")
        database = self.closed_database(owner="quiet")
        self.addCleanup(self.cluster.drop_database, database)
        self.psql(database, "REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC")
        url = self.cluster.conninfo(database, "quiet")
        self.refused(url, "the role of prod may not ask which server it is on, and prod is expected on 7",
                     "a superuser in this database can say: GRANT EXECUTE ON FUNCTION pg_catalog.pg_control_system() TO the role; or leave --expect-system-identifier out",
                     "--expect-system-identifier", "7")
        self.executor.apply(self.plan, url).require()
        self.assertNotIn("system_identifier", self.receipts()[0])


class Transport(Deployment):
    def setUp(self):
        super().setUp()
        self.migrations(_001_a="CREATE TABLE a (id integer);")

    def say(self, url, *extra, environment=None):
        done = self.executor.run("status", "--plan", self.plan, "--environment", "prod", "--url-variable", executor.URL_VARIABLE, *extra, url=url,
                                 environment=environment).require(executor.CONFIGURATION)
        return done.stderr

    WORDS = "the connection to prod goes to another machine with sslmode {}, which does not make sure who answers"
    HINT = "pgratchet: hint: sslmode=verify-full, with sslrootcert=system or the file of the server's authority\n"

    def test_required(self):
        for url, mode in ((f"host={FAR} dbname=x", "prefer"), (f"postgresql://{FAR}/x?sslmode=require", "require"), (f"host={FAR} sslmode=verify-ca", "verify-ca"),
                          (f"host=/tmp,{FAR}", "prefer"), (f"host=localhost hostaddr={FAR} sslmode=disable", "disable")):
            with self.subTest(url):
                start = time.monotonic()
                self.assertEqual(self.say(url, "--tls", "require"), f"pgratchet: error: {self.WORDS.format(mode)}; nothing was sent\n" + self.HINT)
                self.assertLess(time.monotonic() - start, 5)
        for sslmode in ("verify-full",):
            self.assertNotIn("another machine", self.say(f"host={FAR} connect_timeout=2 sslmode={sslmode} sslrootcert=/nowhere", "--tls", "require"))

    def test_by_the_environment(self):
        self.assertIn("with sslmode allow", self.say(f"host={FAR}", "--tls", "require", environment={"PGSSLMODE": "allow"}))
        self.assertNotIn("another machine", self.say(f"host={FAR} connect_timeout=2", "--tls", "require", environment={"PGSSLMODE": "verify-full", "PGSSLROOTCERT": "/nowhere"}))

    def test_protected_warns(self):
        url = f"host={FAR} connect_timeout=2"
        warning = f"pgratchet: warning: {self.WORDS.format('prefer')}\n" + self.HINT
        self.assertTrue(self.say(url, "--protected").startswith(warning))
        self.assertTrue(self.say(url, "--tls", "warn").startswith(warning))
        for quiet in ((), ("--tls", "off"), ("--protected", "--tls", "off")):
            self.assertNotIn("another machine", self.say(url, *quiet))

    def test_this_machine_is_not_asked(self):
        database = self.database()
        done = self.executor.on("status", self.plan, self.cluster.conninfo(database), "--tls", "require", "--protected").require()
        self.assertEqual(done.stderr, "")
        for host in ("localhost", "127.0.0.1", "::1", "localhost,127.0.0.7"):
            self.assertNotIn("another machine", self.say(f"host={host} port=1", "--tls", "require"))


class Refused(Deployment):
    """The server does not let the role in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cluster.psql("postgres", "CREATE ROLE guarded LOGIN PASSWORD 'right'; CREATE ROLE expired LOGIN PASSWORD 'right' VALID UNTIL '2001-01-01';"
                                     "CREATE ROLE limited LOGIN CONNECTION LIMIT 0; CREATE ROLE outside LOGIN; CREATE ROLE no_login")
        hba = cls.cluster.data_dir / "pg_hba.conf"
        hba.write_text("local all guarded,expired scram-sha-256\nlocal all all trust\n", encoding="utf-8")
        cls.cluster.psql("postgres", "SELECT pg_reload_conf()")

    def setUp(self):
        super().setUp()
        self.migrations(_001_a="CREATE TABLE a (id integer);")

    def check(self, url, words, hint):
        for command in COMMANDS:
            with self.subTest(command):
                done = self.executor.on(command, self.plan, url, environment="prod").require(executor.CONFIGURATION)
                lines = done.stderr.splitlines()
                self.assertTrue(lines[0].startswith(f"pgratchet: error: prod cannot be reached by the variable {executor.URL_VARIABLE}: "), done)
                self.assertIn(words, done.stderr)
                self.assertTrue(lines[-1].startswith("pgratchet: hint: "), done)
                self.assertIn(hint, lines[-1])

    def test_wrong_password(self):
        self.check(self.cluster.conninfo("postgres", "guarded") + " password=wrong", 'password authentication failed for user "guarded"', "has the role not expired?")

    def test_expired_role(self):
        self.check(self.cluster.conninfo("postgres", "expired") + " password=right", 'password authentication failed for user "expired"', "pg_roles.rolvaliduntil")

    def test_no_such_database(self):
        self.check(self.cluster.conninfo("nowhere"), 'database "nowhere" does not exist', "or make the database: CREATE DATABASE")

    def test_no_such_role(self):
        self.check(self.cluster.conninfo("postgres", "nobody_here"), 'role "nobody_here" does not exist', "has it LOGIN")

    def test_a_role_without_login(self):
        self.check(self.cluster.conninfo("postgres", "no_login"), "is not permitted to log in", "has it LOGIN")

    def test_no_right_to_connect(self):
        database = self.database()
        self.psql("postgres", f'REVOKE CONNECT ON DATABASE "{database}" FROM PUBLIC')
        self.check(self.cluster.conninfo(database, "outside"), "permission denied for database", "GRANT CONNECT ON DATABASE")

    def test_connection_limit_of_the_role(self):
        self.check(self.cluster.conninfo("postgres", "limited"), 'too many connections for role "limited"', "pg_stat_activity shows who holds them")

    def test_connection_limit_of_the_database(self):
        database = self.database()
        self.psql("postgres", f'ALTER DATABASE "{database}" CONNECTION LIMIT 0')
        self.check(self.cluster.conninfo(database, "outside"), "too many connections for database", "pg_stat_activity")

    def test_a_closed_database(self):
        database = self.database()
        self.psql("postgres", f'ALTER DATABASE "{database}" ALLOW_CONNECTIONS false')
        self.check(self.cluster.conninfo(database), "is not currently accepting connections", "closed it (ALLOW_CONNECTIONS)")

    def test_nobody_listens(self):
        self.check(f"host={self.work} dbname=x", str(self.work), "does the server run")

    def test_the_shadow_names_its_variable(self):
        done = self.executor.compile(self.folder, self.plan, shadow_url=self.cluster.conninfo("postgres", "guarded") + " password=wrong")
        self.assertEqual((done.code, done.stdout), (executor.CONFIGURATION, ""))
        self.assertIn(f"the shadow's server cannot be reached by the variable {executor.URL_VARIABLE}: ", done.stderr)
        self.assertIn("pgratchet: hint: ", done.stderr)
        self.assertNotIn("wrong", done.stderr)


class Standby(Deployment):
    """A real streaming standby takes no changes, and can be asked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.standby = cls.cluster.start_standby()
        cls.addClassCleanup(cls.standby.stop)

    def test_apply_is_refused(self):
        self.migrations(_001_a="CREATE TABLE a (id integer);", _002_b="CREATE TABLE b (id integer);")
        database = self.database()
        self.apply(database, to="001")
        deadline = time.monotonic() + 60
        while True:
            try:
                if self.standby.psql(database, "SELECT to_regclass('a') IS NOT NULL AND pg_is_in_recovery()") == "t":
                    break
            except postgres.PostgresError:
                pass
            self.assertLess(time.monotonic(), deadline, "the standby does not follow")
            time.sleep(0.1)
        url = self.standby.conninfo(database)
        for extra in ((), ("--dry-run",)):
            done = self.executor.apply(self.plan, url, extra=extra).require(executor.CONFIGURATION)
            self.assertEqual(done.stderr, "pgratchet: error: test is a standby, which takes no changes\npgratchet: hint: give the address of the primary\n")
        self.assertEqual(self.executor.status(self.plan, url)["version"], "001")
        done = self.executor.verify(self.plan, url).require(executor.STATE_REFUSES)
        self.assertIn("passed migration.001\n", done.stdout)
        # The same system identifier as its primary.
        number = self.psql(database, "SELECT system_identifier FROM pg_control_system()")
        self.executor.on("status", self.plan, url, "--expect-system-identifier", number).require()


if __name__ == "__main__":
    unittest.main()
