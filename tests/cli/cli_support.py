# SPDX-License-Identifier: Apache-2.0
"""Runs the executor and compares all of what it prints. Where nothing is expected on a stream, nothing may be there."""

import os
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "tests" / "support"))

import executor  # noqa: E402
import postgres  # noqa: E402


class CommandLine(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.work = Path(tempfile.mkdtemp(prefix="pgr-cli-"))
        self.addCleanup(shutil.rmtree, self.work, ignore_errors=True)
        self.work.chmod(0o755)  # as root a shadow runs as another user
        self.executor = executor.Executor(environment={"XDG_STATE_HOME": str(self.work / "state")})

    def run_it(self, *arguments, environment=None):
        return self.executor.run(*arguments, environment=environment)

    def expect(self, arguments, code, stdout="", stderr="", environment=None):
        done = self.run_it(*arguments, environment=environment)
        self.assertEqual((done.code, self.named(done.stdout), self.named(done.stderr)), (code, stdout, stderr), done)
        return done

    def expect_error(self, arguments, code, message, hint=None, environment=None):
        text = f"pgratchet: error: {message}\n" + (f"pgratchet: hint: {hint}\n" if hint else "")
        return self.expect(arguments, code, stderr=text, environment=environment)

    def named(self, text):
        """Without this machine's folders."""
        return text.replace(os.path.relpath(self.work), "DIR").replace(str(self.work), "DIR")


class WithServer(CommandLine):
    """With a database, and a plan of two migrations and a probe."""

    @classmethod
    def setUpClass(cls):
        cls.cluster = postgres.Cluster(settings={"log_statement": "all"})
        cls.cluster.start()
        cls.addClassCleanup(cls.cluster.stop)

    def setUp(self):
        super().setUp()
        self.folder, self.probes, self.plan = self.work / "migrations", self.work / "probes", self.work / "plan.json"
        self.folder.mkdir()
        self.probes.mkdir()
        self.write("001_items", "CREATE TABLE items (id integer);")
        self.write("002_more", "CREATE TABLE more ();")
        (self.probes / "001_items.sql").write_text("SELECT to_regclass('items') IS NOT NULL;\n", encoding="utf-8")
        self.database = self.id().rsplit(".", 1)[-1][:60]
        self.cluster.create_database(self.database)
        self.addCleanup(self.cluster.drop_database, self.database)
        self.url = self.cluster.conninfo(self.database)
        self.compile()

    def write(self, name, body):
        (self.folder / f"{name}.sql").write_text(f"BEGIN;\n{body}\nCOMMIT;\n", encoding="utf-8")

    def compile(self):
        self.executor.compile(self.folder, self.plan, probes=self.probes, shadow_url=self.cluster.conninfo("postgres")).require()

    def arguments(self, command, *extra):
        return [command, "--plan", self.plan, "--environment", "prod", "--url-variable", executor.URL_VARIABLE, *extra]

    def at(self):
        """What the environment's variables hold."""
        return {executor.URL_VARIABLE: self.url}
