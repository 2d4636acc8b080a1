# SPDX-License-Identifier: Apache-2.0
"""What a migration does to the whole server when it is compiled: nothing of it is left for the next compile."""

import json
import os
import re
import shutil
import tempfile
import time
import unittest
from pathlib import Path

from deploy_support import NO_TRANSACTION, Deployment, executor

SUBSCRIPTION = """CREATE TABLE a (id integer PRIMARY KEY);
CREATE SUBSCRIPTION feed CONNECTION 'host=localhost port=1' PUBLICATION p WITH (connect = false, slot_name = 'theirs');"""
SETTINGS_OF_ALL = "SELECT count(*) > 0 FROM pg_db_role_setting WHERE setdatabase = 0"
MADE_ANEW = "the throwaway server is made anew: a migration has left "


class OnAPrivateServer(Deployment):
    def setUp(self):
        super().setUp()
        self.shadow = self.work / "shadow"

    def compile_there(self):
        return self.try_compile(shadow_url=None, data_dir=self.shadow, bindir=self.cluster.bindir)

    def assert_compiles_again(self, body, probe="SELECT true", made_anew=None):
        """The file has no trace but in its probe, which is false beforehand on a server on which it has not run."""
        self.write(_001_a="CREATE TABLE a (id integer PRIMARY KEY);", _002_b=body)
        self.probe("002_b", probe)
        plans = []
        for _ in range(2):
            done = self.compile_there().require()
            self.assertNotIn("is true before", done.stderr)
            plans.append(self.plan.read_bytes())
            if len(plans) > 1:
                self.assertEqual(re.findall(f"{re.escape(MADE_ANEW)}(.*) there\n", done.stderr), [made_anew] if made_anew else [])
        self.assertEqual(plans, plans[:1] * 2)

    def test_a_setting_that_keeps_the_server_from_starting(self):
        self.assert_compiles_again(NO_TRANSACTION + "ALTER SYSTEM SET shared_preload_libraries = 'there_is_none';",
                                   "SELECT count(*) > 0 FROM pg_file_settings WHERE name = 'shared_preload_libraries'")

    def test_a_setting_of_the_server(self):
        """Somebody keeps the server running, so that the next compile finds it."""
        self.write(_001_a="CREATE TABLE a (id integer PRIMARY KEY);")
        self.compile_there().require()
        self.executor.run("server", "start", "--data-dir", self.shadow, "--pg-bindir", self.cluster.bindir).require()
        self.addCleanup(self.executor.run, "server", "stop", "--data-dir", self.shadow)
        self.assert_compiles_again(NO_TRANSACTION + "ALTER SYSTEM SET log_min_messages = error;",
                                   "SELECT count(*) > 0 FROM pg_file_settings WHERE sourcefile LIKE '%auto.conf'", "settings (ALTER SYSTEM)")

    def test_settings_of_all_roles(self):
        self.assert_compiles_again("ALTER ROLE ALL SET default_transaction_read_only = on;", SETTINGS_OF_ALL,
                                   "settings (ALTER ROLE or ALTER DATABASE ... SET)")

    def test_a_setting_with_which_nothing_can_be_done(self):
        """No statement ends in time, or no session begins."""
        self.assert_compiles_again("ALTER ROLE ALL SET session_preload_libraries = 'there_is_none';", SETTINGS_OF_ALL)
        self.write(_002_b="ALTER ROLE ALL SET statement_timeout = '1ms';")
        for _ in range(2):
            self.compile_there().require()

    def test_databases(self):
        self.assert_compiles_again(NO_TRANSACTION + "CREATE DATABASE reporting IS_TEMPLATE true;", "SELECT count(*) = 4 FROM pg_database WHERE datname !~ 'shadow'")

    def test_its_own_database_becomes_a_template(self):
        self.assert_compiles_again("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I IS_TEMPLATE true', current_database()); END $$;",
                                   "SELECT datistemplate FROM pg_database WHERE datname = current_database()")

    def test_tablespaces(self):
        elsewhere = Path(tempfile.mkdtemp(prefix="pgr-space-"))
        self.addCleanup(shutil.rmtree, elsewhere, ignore_errors=True)
        if os.geteuid() == 0:
            shutil.chown(elsewhere, "postgres")
        self.assert_compiles_again(NO_TRANSACTION + f"CREATE TABLESPACE fast LOCATION '{elsewhere}';", "SELECT count(*) = 3 FROM pg_tablespace")
        self.assertEqual(list(elsewhere.iterdir()), [])

    def folder_of_the_server(self):
        folder = Path(tempfile.mkdtemp(prefix="pgr-space-"))
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        return folder

    def test_tablespaces_of_a_cluster_that_is_thrown_away(self):
        elsewhere, there = self.folder_of_the_server(), self.folder_of_the_server()
        self.write(_001_a="CREATE TABLE a (id integer PRIMARY KEY);", _002_b=NO_TRANSACTION + f"CREATE TABLESPACE fast LOCATION '{elsewhere}';",
                   _003_c="ALTER ROLE ALL SET session_preload_libraries = 'there_is_none';\nCREATE TABLE c (id integer PRIMARY KEY);", _004_d=f"COPY (SELECT 1) TO '{there}/is_running';\nSELECT pg_sleep(60);\nCREATE TABLE d (id integer PRIMARY KEY);")
        self.probe("002_b", "SELECT count(*) = 3 FROM pg_tablespace")
        killed = self.executor.start("compile", "--migrations", self.folder, "--probes", self.probes, "--plan", self.plan, "--data-dir", self.shadow,
                                     "--pg-bindir", self.cluster.bindir)
        deadline = time.monotonic() + 60
        while not (there / "is_running").exists():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.05)
        killed.kill()
        killed.communicate(timeout=60)
        self.path("004_d").unlink()
        self.compile_there().require()

    def test_roles_with_rights_on_the_server(self):
        self.assert_compiles_again("CREATE ROLE maker;\nGRANT CREATE ON TABLESPACE pg_default TO maker;\nALTER ROLE maker SET work_mem = '8MB';",
                                   "SELECT count(*) = 1 FROM pg_roles WHERE rolname = 'maker'",
                                   'what cannot be removed (role "maker" cannot be dropped because some objects depend on it)')

    def test_nobody_gets_in(self):
        self.assert_compiles_again("ALTER DATABASE postgres ALLOW_CONNECTIONS false;", "SELECT NOT datallowconn FROM pg_database WHERE datname = 'postgres'")

    def test_subscriptions(self):
        self.write(_001_a=SUBSCRIPTION)
        for _ in range(2):
            self.assertNotIn(MADE_ANEW, self.compile_there().require().stderr)

    def test_nothing_of_others_is_taken_for_a_shadow(self):
        """Neither is a local environment compiled on, nor a shadow made an environment."""
        self.write(_001_a="CREATE TABLE a (id integer PRIMARY KEY);")
        self.compile_there().require()
        local = ["--plan", self.plan, "--environment", "dev", "--database", "mydata", "--pg-bindir", self.cluster.bindir]
        done = self.executor.run("apply", "--local", self.shadow, *local).require(executor.CONFIGURATION)
        self.assertIn("is a throwaway one: the next compile would remove what is done there", done.stderr)
        self.executor.run("apply", "--local", self.work / "server", *local).require()
        done = self.try_compile(shadow_url=None, data_dir=self.work / "server", bindir=self.cluster.bindir).require(executor.CONFIGURATION)
        self.assertIn("is no throwaway one\n", done.stderr)
        self.assertIn("dev is at 001", self.executor.run("status", "--local", self.work / "server", *local).require().stdout)

    def test_rights_and_comments(self):
        """Nothing of them is on another database when the next compile begins."""
        acl = self.cluster.major >= 15
        self.assert_compiles_again("GRANT pg_monitor TO pg_read_all_data;\nALTER ROLE postgres CONNECTION LIMIT 50;\nCOMMENT ON ROLE postgres IS 'ours';"
                                   if self.cluster.major >= 14 else "ALTER ROLE postgres CONNECTION LIMIT 50;",
                                   "SELECT rolconnlimit = 50 FROM pg_roles WHERE rolname = 'postgres'", "another setting up of the role postgres")
        if acl:
            self.assert_compiles_again("GRANT SET ON PARAMETER log_statement TO PUBLIC;", "SELECT count(*) > 0 FROM pg_parameter_acl", "privileges on the parameter log_statement")

    def test_no_subscription_runs(self):
        """It would take what is meant for the environment's. Not even where somebody keeps the server running."""
        self.write(_001_a=SUBSCRIPTION, _002_b="ALTER SUBSCRIPTION feed ENABLE;")
        self.probe("002_b", "SELECT subenabled AND current_setting('max_logical_replication_workers') = '0' FROM pg_subscription")
        self.compile_there().require()
        self.executor.run("server", "start", "--data-dir", self.shadow, "--pg-bindir", self.cluster.bindir).require()
        self.addCleanup(self.executor.run, "server", "stop", "--data-dir", self.shadow)
        self.compile_there().require()

    def test_a_database_is_made_twice_in_one_compile(self):
        """An UPDATE of a catalog is not followed by event triggers, so all files are played once more."""
        self.write(_001_a="CREATE TABLE a (n integer NOT NULL);", _002_b=NO_TRANSACTION + "CREATE DATABASE reporting;",
                   _003_c="UPDATE pg_attribute SET attnotnull = false WHERE attrelid = 'a'::regclass AND attname = 'n';")
        self.probe("002_b", "SELECT count(*) > 0 FROM pg_database WHERE datname = 'reporting'")
        self.compile_there().require()
        changes = json.loads(self.plan.read_text(encoding="utf-8"))["migrations"][2]["effect"]
        self.assertEqual(len(changes), 1, changes)

    def test_who_waits_goes_on_when_it_is_made_anew(self):
        """Of six at once one after another finds what the one before has left."""
        self.write(_001_a="CREATE TABLE a (id integer PRIMARY KEY);\nALTER ROLE ALL SET work_mem = '8MB';\nSELECT pg_sleep(0.2);")
        all_of_them = [self.executor.start("compile", "--migrations", self.folder, "--plan", self.work / f"plan{i}.json", "--data-dir", self.shadow,
                                           "--pg-bindir", self.cluster.bindir) for i in range(6)]
        for one in all_of_them:
            _, stderr = one.communicate(timeout=120)
            self.assertEqual(one.returncode, executor.DONE, stderr)
        self.assertEqual(len({(self.work / f"plan{i}.json").read_bytes() for i in range(6)}), 1)


class OnANamedServer(Deployment):
    def test_subscriptions(self):
        self.write(_001_a=SUBSCRIPTION)
        for _ in range(2):
            self.compile(quiet=False)
        self.assertEqual(self.psql("postgres", "SELECT count(*) FROM pg_subscription"), "0")
        self.assertEqual(self.psql("postgres", "SELECT count(*) FROM pg_database WHERE datname ~ 'shadow'"), "0")


if __name__ == "__main__":
    unittest.main()
