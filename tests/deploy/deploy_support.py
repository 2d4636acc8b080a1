# SPDX-License-Identifier: Apache-2.0
"""What the tests of a deployment share: one cluster for a module, one folder of migrations for a test.

Plans are compiled on the same cluster (by --shadow-url-variable), which is quicker than a server of their own.
Environment databases are named after the test. PGRATCHET_EXECUTOR names the program.
"""

import json
import os
import shutil
import sys
import tempfile
import time
import unittest
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "tests" / "support"))

import executor  # noqa: E402
import postgres  # noqa: E402

NO_TRANSACTION = "-- pgratchet: no-transaction\n"


def wrapped(body):
    return f"BEGIN;\n{body.strip()}\nCOMMIT;\n"


class Deployment(unittest.TestCase):
    """A test of its own folder, plan and databases."""
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.cluster = postgres.Cluster()
        cls.cluster.start()
        cls.addClassCleanup(cls.cluster.stop)
        cls.cluster.create_roles(["app", "app_owner"])

    def setUp(self):
        self.work = Path(tempfile.mkdtemp(prefix="pgr-deploy-"))
        self.addCleanup(shutil.rmtree, self.work, ignore_errors=True)
        self.work.chmod(0o755)  # as root a shadow runs as another user
        self.executor = executor.Executor(environment={"XDG_STATE_HOME": str(self.work / "state")})
        self.folder, self.probes, self.plan = self.work / "migrations", self.work / "probes", self.work / "plan.json"
        self.folder.mkdir()

    # ---- Files ----

    def write(self, **bodies):
        """write(_001_a="CREATE TABLE a ();"): migrations in BEGIN and COMMIT, unless the text says that it has none."""
        for name, body in bodies.items():
            text = body if body.startswith("--") or body.lstrip().startswith("BEGIN") else wrapped(body)
            (self.folder / f"{name.lstrip('_')}.sql").write_text(text, encoding="utf-8")

    def probe(self, name, sql):
        self.probes.mkdir(exist_ok=True)
        (self.probes / f"{name}.sql").write_text(sql + ";\n", encoding="utf-8")

    def path(self, name):
        return self.folder / f"{name}.sql"

    # ---- The executor ----

    def try_compile(self, *extra, **options):
        options.setdefault("shadow_url", self.cluster.conninfo("postgres"))
        return self.executor.compile(self.folder, self.plan, probes=self.probes, extra=extra, **options)

    def compile(self, *extra, quiet=True, **options):
        done = self.try_compile(*extra, **options).require()
        if quiet:
            self.assertRegex(done.stderr, r"\A(.*: warning: .*\[-W[a-z-]+\]\n(  .*\n)*)*pgratchet: compiled \d+ migrations? on PostgreSQL [\d.]+(: \d+ warnings?)?\n\Z")
        return done

    def migrations(self, *extra, **bodies):
        """Writes and compiles them."""
        self.write(**bodies)
        return self.compile(*extra)

    def apply(self, database, *extra, to=None, code=executor.DONE):
        done = self.executor.apply(self.plan, self.cluster.conninfo(database), to=to, extra=extra).require(code)
        if "--dry-run" not in extra:
            self.assertEqual(done.stdout, "")
        return done

    def status(self, database):
        done = self.executor.on("status", self.plan, self.cluster.conninfo(database), "--format", "json").require()
        self.assertEqual(done.stderr, "")
        return done.json()

    def start_apply(self, database, *extra):
        return self.executor.start("apply", "--plan", self.plan, "--environment", "test", "--url-variable", executor.URL_VARIABLE,
                                   *extra, url=self.cluster.conninfo(database))

    def receipts_file(self):
        return self.work / "state" / "pgratchet" / "test" / "receipts.jsonl"

    def receipts(self):
        path = self.receipts_file()
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []

    # ---- Databases ----

    def database(self, suffix="", template="template0"):
        name = self.id().rsplit(".", 1)[-1][:50] + suffix
        self.cluster.create_database(name, template)
        self.addCleanup(self.cluster.drop_database, name)
        return name

    def closed_database(self, suffix="", owner=None):
        """Where not everybody may make objects in public, as it is from PostgreSQL 15 on; its owner may."""
        name = self.database(suffix)
        if self.cluster.major < 15:
            self.psql(name, "REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        if owner:
            self.psql("postgres", f'ALTER DATABASE "{name}" OWNER TO {owner}')
            if self.cluster.major < 15:
                self.psql(name, f"ALTER SCHEMA public OWNER TO {owner}")
        return name

    def by_psql(self, database, *names):
        for name in names:
            self.cluster.psql_file(database, self.path(name))

    def psql(self, database, sql):
        return self.cluster.psql(database, sql)

    def schema(self, database):
        return self.cluster.dump_schema(database)

    def wait_until(self, database, sql, seconds=20):
        """Until a query gives t."""
        deadline = time.monotonic() + seconds
        while self.psql(database, sql) != "t":
            self.assertLess(time.monotonic(), deadline, f"still not true: {sql}")
            time.sleep(0.05)

    def session(self, database):
        """A second session by psql, to hold locks with."""
        return Session(self, database)

    # ---- Expectations ----

    def assert_at(self, database, version, **fields):
        found = self.status(database)
        self.assertEqual((found["version"], found["state"]), (version, "applied" if version else "empty"), found)
        for name, value in fields.items():
            self.assertEqual(found[name], value, found)
        return found

    def assert_drift(self, database, *expected):
        """Each (kind, identity, attribute, what was expected, what is there); None for an absent one."""
        found = self.status(database)
        self.assertEqual(found["state"], "drift", found)
        self.assertEqual([(d["kind"], d["identity"], d.get("attribute"), d["expected"], d["actual"]) for d in found["drift"]],
                         list(expected))

    def assert_refused(self, database, words, code=executor.STATE_REFUSES, extra=()):
        """Apply refuses and changes nothing."""
        before = self.schema(database)
        done = self.apply(database, *extra, code=code)
        self.assertEqual(before, self.schema(database))
        self.assertIn(words, done.stderr)
        return done

    def named(self, text):
        """Without this machine's folders."""
        return text.replace(os.path.relpath(self.work), "DIR").replace(str(self.work), "DIR")


class Session:
    """psql with an open pipe."""

    def __init__(self, test, database):
        import subprocess
        cluster = test.cluster
        self._process = subprocess.Popen(
            [str(cluster.clients / "psql"), "-X", "-q", "-A", "-t", "-d", cluster.conninfo(database)], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=cluster.environment(), text=True)
        test.addCleanup(self.close)

    def run(self, sql):
        self.begin(sql)
        return self.end()

    def begin(self, sql):
        """Sends it, and does not wait for its end."""
        self._process.stdin.write(f"{sql}\n\\echo done\n")
        self._process.stdin.flush()

    def end(self):
        """Waits for what was begun, and gives its output."""
        lines = []
        for line in self._process.stdout:
            if line == "done\n":
                return lines
            lines.append(line.rstrip("\n"))
        raise AssertionError(f"psql ended: {lines}")

    def kill(self):
        self._process.kill()
        self._process.wait(20)

    def close(self):
        try:
            self._process.stdin.close()
        except BrokenPipeError:
            pass  # it was killed
        self._process.wait(20)
        self._process.stdout.close()
