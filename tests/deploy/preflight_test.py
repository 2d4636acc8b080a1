# SPDX-License-Identifier: Apache-2.0
"""Preflight: what the role lacks is said before the first statement, all at once, with the commands that mend it; and those do."""

import re
import unittest

from deploy_support import Deployment, executor


class AsRole(Deployment):
    """Applies as a role without rights of its own."""
    deployer = "deployer"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cluster.psql("postgres", "CREATE ROLE deployer LOGIN; CREATE ROLE alice LOGIN; CREATE ROLE team")

    def apply_as(self, database, *extra, to=None, code=executor.DONE, user=None):
        url = self.cluster.conninfo(database, user or self.deployer)
        return self.executor.apply(self.plan, url, to=to, extra=extra).require(code)

    def refused(self, database, *lines, extra=(), user=None):
        """Exit 2, these lines and no others, and nothing is changed."""
        before = self.schema(database)
        done = self.apply_as(database, *extra, code=executor.CONFIGURATION, user=user)
        self.assertEqual(before, self.schema(database))
        self.assertEqual(self.receipts(), [])
        found = done.stderr.splitlines()
        self.assertEqual(found[0], f"pgratchet: error: role {user or self.deployer} lacks what the pending migrations need in database {database}; nothing was changed")
        self.assertEqual(found[-1], "pgratchet: hint: when these commands have been run, apply again; --no-preflight leaves it to the server")
        self.assertEqual(found[1:-1], [line for pair in lines for line in (f"  {pair[0]}", f"    {pair[1]}")])
        return done

    def mend(self, database, done):
        """Runs what the message says, as an administrator."""
        for command in re.findall(r"^    (.*?;)", done.stderr, re.MULTILINE):
            self.psql(database, command)

    def owned_database(self, suffix="", owner="deployer"):
        return self.closed_database(suffix, owner)


class Rights(AsRole):
    def test_create_in_a_schema(self):
        self.migrations(_001_a="CREATE TABLE a (id integer);", _002_b="CREATE TABLE b (id integer);")
        database = self.closed_database()
        done = self.refused(database, (f"001_a.sql: role deployer lacks CREATE on schema public, for table public.a",
                                       "GRANT USAGE, CREATE ON SCHEMA public TO deployer;  -- by the owner of the schema or a superuser"))
        self.mend(database, done)
        self.apply_as(database)
        self.assert_at(database, "002")

    def test_everything_at_once(self):
        self.psql("postgres", "DROP ROLE IF EXISTS reader; CREATE ROLE reader")
        self.addCleanup(self.psql, "postgres", "DROP OWNED BY reader; DROP ROLE IF EXISTS reader")
        self.migrations("--role", "alice", "--role", "team", _001_base="CREATE TABLE base (id integer);\nCREATE VIEW seen AS SELECT id FROM base;",
                        _002_more="CREATE SCHEMA app;\nCREATE TABLE more (id integer);\nALTER TABLE base ADD n integer;\nALTER TABLE more OWNER TO team;\n"
                                  "CREATE EXTENSION dblink;\nCREATE ROLE made_by_file;\nDROP ROLE made_by_file;",
                        _003_view="CREATE OR REPLACE VIEW seen AS SELECT id, n FROM base;\nCREATE INDEX base_n ON base (n);\nCOMMENT ON TABLE base IS 'x';")
        database = self.closed_database()
        self.by_psql(database, "001_base")
        self.psql(database, "ALTER TABLE base OWNER TO alice; ALTER VIEW seen OWNER TO alice")
        done = self.refused(database,
                            ("002_more.sql: extension dblink needs a superuser, and role deployer is none", f"CREATE EXTENSION dblink;  -- by a superuser in database {database}"),
                            ("002_more.sql: role deployer lacks CREATEROLE, and the file makes roles", "ALTER ROLE deployer CREATEROLE;  -- by a superuser"),
                            (f"002_more.sql: role deployer lacks CREATE on database {database}, for schema app",
                             f"GRANT CREATE ON DATABASE {database} TO deployer;  -- by the owner of the database or a superuser"),
                            ("002_more.sql: role deployer lacks CREATE on schema public, for table public.more",
                             "GRANT USAGE, CREATE ON SCHEMA public TO deployer;  -- by the owner of the schema or a superuser"),
                            ("002_more.sql: role deployer is no member of role team, and gives it table public.more",
                             "GRANT team TO deployer;  -- by a superuser or an administrator of that role"),
                            ("002_more.sql: role deployer does not own table public.base, which belongs to alice",
                             "GRANT alice TO deployer;  or  ALTER TABLE public.base OWNER TO deployer;  -- by a superuser or an administrator of role alice"),
                            ("003_view.sql: role deployer does not own view public.seen, which belongs to alice",
                             "GRANT alice TO deployer;  or  ALTER VIEW public.seen OWNER TO deployer;  -- by a superuser or an administrator of role alice"))
        self.addCleanup(self.psql, "postgres", "ALTER ROLE deployer NOCREATEROLE; REVOKE alice, team FROM deployer")
        self.mend(database, done)
        self.psql(database, "GRANT CREATE ON SCHEMA public TO team")
        self.apply_as(database)
        self.assert_at(database, "003")

    def test_event_triggers(self):
        self.migrations(_001_a="CREATE TABLE a (id integer);",
                        _002_b="CREATE FUNCTION note() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';\n"
                               "CREATE EVENT TRIGGER note ON ddl_command_end EXECUTE FUNCTION note();")
        database = self.owned_database()
        self.refused(database, ("002_b.sql: event trigger note needs a superuser, and role deployer is none", "pgratchet apply --to 002  -- by a superuser"))
        self.assertEqual(self.psql(database, "SELECT to_regclass('a') IS NULL"), "t")
        self.apply(database)
        self.apply_as(database)

    def test_an_owner_that_is_a_superuser_is_not_to_be_shared(self):
        self.migrations(_001_a="CREATE TABLE a (id integer);", _002_b="ALTER TABLE a ADD n integer;")
        database = self.owned_database()
        self.by_psql(database, "001_a")
        done = self.refused(database, ("002_b.sql: role deployer does not own table public.a, which belongs to postgres",
                                       "ALTER TABLE public.a OWNER TO deployer;  -- by a superuser"))
        self.mend(database, done)
        self.apply_as(database)

    def test_a_dry_run_asks_for_the_next_file_only(self):
        self.migrations(_001_a="CREATE TABLE a (id integer);", _002_b="CREATE SCHEMA app;")
        database = self.closed_database()
        self.psql(database, "GRANT CREATE ON SCHEMA public TO deployer")
        self.apply_as(database, "--dry-run")
        self.refused(database, (f"002_b.sql: role deployer lacks CREATE on database {database}, for schema app",
                                f"GRANT CREATE ON DATABASE {database} TO deployer;  -- by the owner of the database or a superuser"))
        self.apply_as(database, to="001")

    def test_a_role_that_is_not_there(self):
        self.migrations("--role", "nobody_yet", _001_a="CREATE TABLE a (id integer);\nGRANT SELECT ON a TO nobody_yet;")
        database = self.owned_database()
        done = self.refused(database, ("001_a.sql: there is no role nobody_yet, and the file gives it rights on table public.a",
                                       "CREATE ROLE nobody_yet;  -- by a role with CREATEROLE"))
        self.addCleanup(self.psql, "postgres", "DROP ROLE nobody_yet")
        self.addCleanup(self.cluster.drop_database, database)
        self.mend(database, done)
        self.apply_as(database)


class NoFalseRefusals(AsRole):
    """What the preflight lets pass, the server lets pass."""

    def passes(self, database, user=None):
        self.apply_as(database, user=user)
        return database

    def test_the_databases_owner(self):
        self.migrations(_001_a="CREATE SCHEMA app;\nCREATE TABLE app.a (id serial PRIMARY KEY);\nCREATE TABLE b (id integer);\nCREATE TYPE t AS ENUM ('x');\n"
                               "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';\nCREATE EXTENSION citext;\nCREATE EXTENSION IF NOT EXISTS pgcrypto;",
                        _002_b="ALTER TABLE app.a ADD n integer;\nALTER TABLE app.a RENAME TO c;\nDROP TABLE b;\nALTER FUNCTION f() STABLE;\nDROP FUNCTION f();\nDROP TYPE t;")
        self.passes(self.owned_database())

    def test_a_member_of_the_owner(self):
        self.migrations(_001_a="CREATE TABLE a (id integer);", _002_b="ALTER TABLE a ADD n integer;\nCREATE INDEX a_n ON a (n);\nCOMMENT ON COLUMN a.n IS 'n';")
        database = self.owned_database()
        self.by_psql(database, "001_a")
        self.psql(database, "ALTER TABLE a OWNER TO team; GRANT team TO deployer; GRANT CREATE ON SCHEMA public TO team")
        self.addCleanup(self.psql, "postgres", "REVOKE team FROM deployer")
        self.addCleanup(self.cluster.drop_database, database)
        self.passes(database)

    def test_what_goes_along(self):
        """A view of somebody else that reads a renamed column; a view that goes with its table."""
        self.write(_001_a="CREATE TABLE a (id integer, n integer);\nCREATE TABLE b (id integer);\nCREATE VIEW va AS SELECT n FROM a;\nCREATE VIEW vb AS SELECT id FROM b;",
                   _002_b="ALTER TABLE a RENAME n TO m;\nDROP TABLE b CASCADE;")
        self.compile(quiet=False)
        database = self.owned_database()
        self.by_psql(database, "001_a")
        self.psql(database, "ALTER TABLE a OWNER TO deployer; ALTER TABLE b OWNER TO deployer; ALTER VIEW va OWNER TO alice; ALTER VIEW vb OWNER TO alice")
        self.passes(database)

    def test_only_privileges_that_others_may_grant(self):
        self.migrations("--role", "team", _001_a="CREATE TABLE a (id integer);", _002_b="GRANT SELECT ON a TO team;")
        database = self.owned_database()
        self.by_psql(database, "001_a")
        self.psql(database, "ALTER TABLE a OWNER TO alice; GRANT SELECT ON a TO deployer WITH GRANT OPTION")
        # The server takes it; the proof compares by grantee.
        self.passes(database)

    def test_a_reference_to_somebody_elses_table(self):
        self.migrations(_001_a="CREATE TABLE a (id integer PRIMARY KEY);", _002_b="CREATE TABLE b (id integer REFERENCES a);")
        database = self.owned_database()
        self.by_psql(database, "001_a")
        self.psql(database, "ALTER TABLE a OWNER TO alice; GRANT REFERENCES ON a TO deployer")
        self.passes(database)

    def test_a_trigger_on_somebody_elses_table(self):
        self.migrations(_001_a="CREATE TABLE a (id integer);\nCREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';",
                        _002_b="CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION f();")
        database = self.owned_database()
        self.by_psql(database, "001_a")
        self.psql(database, "ALTER TABLE a OWNER TO alice; GRANT TRIGGER ON a TO deployer")
        self.passes(database)

    def test_dropping_in_a_schema_of_ones_own(self):
        self.migrations(_001_a="CREATE SCHEMA app;\nCREATE TABLE app.a (id integer);", _002_b="DROP TABLE app.a;")
        database = self.owned_database()
        self.by_psql(database, "001_a")
        self.psql(database, "ALTER SCHEMA app OWNER TO deployer; ALTER TABLE app.a OWNER TO alice")
        self.passes(database)

    def test_a_file_that_takes_another_role(self):
        self.migrations("--role", "team", _001_a="GRANT CREATE ON SCHEMA public TO team;", _002_b="SET ROLE team;\nCREATE TABLE a (id integer);\nRESET ROLE;",
                        _003_c="SET LOCAL ROLE team;\nALTER TABLE a ADD n integer;")
        database = self.owned_database()
        self.by_psql(database, "001_a")
        self.psql(database, "GRANT team TO deployer; ALTER ROLE deployer NOINHERIT")
        self.addCleanup(self.psql, "postgres", "ALTER ROLE deployer INHERIT; REVOKE team FROM deployer")
        self.addCleanup(self.cluster.drop_database, database)
        self.passes(database)

    def test_a_function_with_other_rights(self):
        self.migrations(_001_a="CREATE FUNCTION make() RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN CREATE TABLE public.made (id integer); END';",
                        _002_b="SELECT make();\nCREATE TABLE pg_temp.x (id integer);")
        database = self.closed_database()
        self.by_psql(database, "001_a")
        done = self.executor.apply(self.plan, self.cluster.conninfo(database, "deployer"))
        self.assertNotIn("lacks what the pending", done.stderr)  # what it makes belongs to another role, which the proof may mind

    def test_a_grant_in_an_earlier_file(self):
        self.migrations(_001_a="CREATE SCHEMA app;", _002_b="REVOKE ALL ON SCHEMA app FROM PUBLIC;\nCREATE TABLE app.a (id integer);")
        database = self.owned_database()
        self.passes(database)

    def test_a_role_that_logs_in_as_another(self):
        """ALTER ROLE ... SET role: the files run as that one."""
        self.psql("postgres", "CREATE ROLE ci LOGIN NOINHERIT; GRANT deployer TO ci; ALTER ROLE ci SET role = 'deployer'")
        self.addCleanup(self.psql, "postgres", "DROP ROLE ci")
        self.migrations(_001_a="CREATE TABLE a (id integer);")
        database = self.owned_database()
        done = self.executor.apply(self.plan, self.cluster.conninfo(database, "ci"))
        self.assertNotIn("lacks what the pending", done.stderr)
        bare = self.closed_database("_bare")
        done = self.executor.apply(self.plan, self.cluster.conninfo(bare, "ci")).require(executor.CONFIGURATION)
        self.assertIn("role deployer lacks what the pending migrations need", done.stderr)

    def test_no_preflight(self):
        self.migrations(_001_a="CREATE TABLE a (id integer);")
        database = self.closed_database()
        done = self.apply_as(database, "--no-preflight", code=executor.SQL_FAILED)
        self.assertEqual(self.named(done.stderr),
                         "DIR/migrations/001_a.sql:2:14: error: permission denied for schema public [42501]\n"
                         "  001 was rolled back; test stays empty\n"
                         "  hint: role deployer lacks USAGE, CREATE on schema public; its owner or a superuser can say: GRANT USAGE, CREATE ON SCHEMA public TO deployer\n")


class Denied(AsRole):
    """What only the server knows: role, privilege and object stand in the hint."""

    def denied(self, body, words, before=""):
        self.migrations(_001_a="CREATE TABLE a (id integer PRIMARY KEY);\nCREATE SEQUENCE s;\nCREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';\n"
                               "REVOKE EXECUTE ON FUNCTION f() FROM PUBLIC;", _002_b=body)
        database = self.closed_database()
        self.psql("postgres", f'GRANT CREATE ON DATABASE "{database}" TO deployer')
        self.by_psql(database, "001_a")
        self.psql(database, "GRANT CREATE ON SCHEMA public TO deployer;" + before)
        done = self.apply_as(database, "--no-preflight", code=executor.SQL_FAILED)
        self.assertIn(f"\n  hint: {words}", done.stderr)

    def test_insert(self):
        self.denied("CREATE TABLE b ();\nINSERT INTO a VALUES (1);", "role deployer lacks INSERT on table a; its owner or a superuser can say: GRANT INSERT ON a TO deployer\n")

    def test_reference(self):
        self.denied("CREATE TABLE b (id integer REFERENCES a);", "role deployer lacks REFERENCES on table a; ")

    def test_owner(self):
        self.denied("ALTER TABLE a ADD n integer;", "role deployer does not own table a; its owner or a superuser can say: ALTER TABLE a OWNER TO deployer, or GRANT ")

    def test_sequence_and_function(self):
        self.denied("CREATE TABLE b ();\nSELECT nextval('s');", "role deployer lacks USAGE on sequence s; ")

    def test_function(self):
        self.denied("CREATE TABLE b ();\nSELECT f();", "role deployer lacks EXECUTE on function f; ")

    def test_extension(self):
        self.denied("CREATE EXTENSION dblink;", "role deployer lacks the right to do this; the server: Must be superuser to create this extension.\n")


class Extensions(AsRole):
    def test_trusted(self):
        self.migrations(_001_a="CREATE EXTENSION pgcrypto;")
        database = self.closed_database()
        done = self.refused(database, (f"001_a.sql: extension pgcrypto is trusted, and role deployer lacks CREATE on database {database}",
                                       f"GRANT CREATE ON DATABASE {database} TO deployer;  -- by the owner of the database or a superuser"))
        self.mend(database, done)
        self.apply_as(database)
        self.assert_at(database, "001")

    def test_made_by_the_administrator(self):
        """Once the administrator has run the command, apply goes on, whether the file says IF NOT EXISTS or not."""
        for k, words in enumerate(("", "IF NOT EXISTS ")):
            with self.subTest(words):
                self.migrations(_001_a=f"CREATE EXTENSION {words}dblink SCHEMA public;\nCREATE TABLE a (id integer);")
                database = self.owned_database(f"_{k}")
                done = self.refused(database, ("001_a.sql: extension dblink needs a superuser, and role deployer is none",
                                               f"CREATE EXTENSION {words}dblink SCHEMA public;  -- by a superuser in database {database}"))
                self.mend(database, done)
                self.assertEqual(self.status(database)["pending"], ["001"])
                done = self.apply_as(database)
                if not words:
                    self.assertIn("001_a.sql:2:1: note: extension dblink is there already; the statement is left out [made-beforehand]\n", self.named(done.stderr))
                self.assert_at(database, "001")
                (self.work / "state" / "pgratchet" / "test" / "receipts.jsonl").unlink()

    def test_without_a_transaction(self):
        self.migrations(_001_a="-- pgratchet: no-transaction\nCREATE EXTENSION dblink;\nCREATE TABLE a (id integer);\n")
        database = self.owned_database()
        self.psql(database, "CREATE EXTENSION dblink")
        self.apply_as(database)
        self.assert_at(database, "001")

    def test_dropped_and_made_again_by_the_file(self):
        self.write(_001_a="DROP EXTENSION IF EXISTS citext;\nCREATE EXTENSION citext;\nCREATE TABLE a (c citext);")
        self.compile(quiet=False)
        database = self.owned_database()
        self.psql(database, "CREATE EXTENSION citext")
        self.apply(database)
        self.assert_at(database, "001")
        self.assertEqual(self.psql(database, "SELECT count(*) FROM pg_extension WHERE extname = 'citext'"), "1")

    def test_not_available(self):
        self.migrations(_001_a="CREATE EXTENSION citext;")
        text = self.plan.read_text(encoding="utf-8")
        # A server without the extension's files, as far as the plan and the file go: another name in both.
        self.write(_001_a="CREATE EXTENSION nowhere_ext;")
        import hashlib
        old = re.search(r'"sha256":"([0-9a-f]{64})"', text).group(1)
        new = hashlib.sha256(self.path("001_a").read_bytes()).hexdigest()
        self.plan.write_text(text.replace(old, new).replace('"citext"', '"nowhere_ext"'), encoding="utf-8")
        database = self.owned_database()
        for user in ("deployer", "postgres"):
            with self.subTest(user):
                self.refused(database, ("001_a.sql: extension nowhere_ext is not available on this server",
                                        "install its files there, or allow it where the provider keeps a list; then: CREATE EXTENSION nowhere_ext;  -- by the server's administrator"),
                             user=user)

    def test_schema_made_by_the_administrator(self):
        for k, words in enumerate(("", "IF NOT EXISTS ")):
            with self.subTest(words):
                self.migrations(_001_a=f"CREATE SCHEMA {words}app;\nCREATE TABLE app.a (id integer);")
                database = self.closed_database(f"_{k}")
                self.psql(database, "CREATE SCHEMA app; GRANT USAGE, CREATE ON SCHEMA app TO deployer")
                self.apply_as(database)
                self.assert_at(database, "001")

    def test_managed_server(self):
        """Its administrators are no superusers, and the provider lets them make extensions: left to the server."""
        self.psql("postgres", "CREATE ROLE rds_superuser; GRANT rds_superuser TO deployer")
        self.addCleanup(self.psql, "postgres", "DROP ROLE rds_superuser")
        self.migrations(_001_a="CREATE EXTENSION dblink;")
        done = self.apply_as(self.owned_database(), code=executor.SQL_FAILED)
        self.assertIn("permission denied to create extension", done.stderr)


class Cost(AsRole):
    def test_a_few_queries_whatever_the_size(self):
        counts = []
        for n in (2, 60):
            for old in self.folder.glob("*.sql"):
                old.unlink()
            self.migrations(**{f"_{k:03d}_t": f"CREATE TABLE t{k} (id integer);\nCREATE SCHEMA s{k};\nCREATE TABLE s{k}.t (id integer);" for k in range(1, n + 1)})
            database = self.owned_database(f"_{n}")
            self.psql("postgres", "ALTER SYSTEM SET log_statement = 'all'")
            self.psql("postgres", "SELECT pg_reload_conf()")
            self.addCleanup(self.psql, "postgres", "SELECT pg_reload_conf()")
            self.addCleanup(self.psql, "postgres", "ALTER SYSTEM RESET log_statement")
            start = self.cluster.log.stat().st_size
            self.apply_as(database, "--dry-run")
            log = self.cluster.log.read_bytes()[start:].decode("utf-8", "replace")
            self.apply_as(database)
            counts.append(len(re.findall(r"LOG:  statement: SELECT (?=.*(?:has_schema_privilege|pg_has_role|rolcreaterole|pg_available))", log)))
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[0], 4)


if __name__ == "__main__":
    unittest.main()
