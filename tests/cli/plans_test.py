# SPDX-License-Identifier: Apache-2.0
"""No plan, a damaged one, a stale one; and each exit code at least once."""

import json
import os
import subprocess
import unittest

from cli_support import WithServer, executor

HINT = "compile the plan again: build the target schema_plan"


class Plans(WithServer):
    def refuse(self, code, message, hint=None):
        for command in ("status", "apply", "verify"):
            with self.subTest(command):
                self.expect_error(self.arguments(command), code, message, hint, environment=self.at())
        self.assertEqual(self.cluster.psql(self.database, "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"), "0")

    def stale(self, what):
        self.refuse(executor.STATE_REFUSES, f"the plan is stale: {what}", HINT)

    def test_none(self):
        self.plan.unlink()
        self.refuse(executor.CONFIGURATION, "there is no plan at DIR/plan.json", "compile the migrations: build the target schema_plan")

    def test_changed(self):
        self.write("002_more", "CREATE TABLE more (id integer);")
        self.stale("002_more.sql was changed")

    def test_changed_for_one_with_an_older_time(self):
        """mv x.bak x.sql, rsync -t: the build takes it for unchanged."""
        self.write("002_more", "CREATE TABLE more (id integer);")
        os.utime(self.folder / "002_more.sql", (0, 0))
        self.refuse(executor.STATE_REFUSES, "the plan is stale: 002_more.sql was changed",
                    HINT + "; touch 002_more.sql before, whose time is no newer than the plan's: the build would take that for unchanged")

    def test_changed_in_a_comment_only(self):
        self.write("002_more", "CREATE TABLE more (); -- why")
        self.stale("002_more.sql was changed")

    def test_added(self):
        self.write("003_new", "CREATE TABLE new ();")
        self.stale("003_new.sql was added")

    def test_removed(self):
        (self.folder / "002_more.sql").unlink()
        self.stale("002_more.sql was removed")

    def test_renamed(self):
        (self.folder / "002_more.sql").rename(self.folder / "002_much_more.sql")
        self.stale("002_more.sql was removed, 002_much_more.sql was added")

    def test_changed_probe(self):
        (self.probes / "001_items.sql").write_text("SELECT true;\n", encoding="utf-8")
        self.stale("001_items.sql was changed")

    def test_added_and_removed_probe(self):
        (self.probes / "001_items.sql").rename(self.probes / "001_things.sql")
        self.stale("001_items.sql was removed, 001_things.sql was added")

    def test_other_files_do_not_count(self):
        (self.folder / "README.md").write_text("x", encoding="utf-8")
        self.run_it(*self.arguments("apply"), environment=self.at()).require()

    def test_damaged(self):
        whole = self.plan.read_text(encoding="utf-8")
        broken = {"empty": "", "cut": whole[:len(whole) // 2], "other json": "[]", "other object": "{}", "number": "7", "binary": "\x00\x01",
                  "deep": "[" * 100000}
        document = json.loads(whole)
        for key in document.keys() - {"probes_directory"}:  # a plan may be without probes
            broken[f"without {key}"] = json.dumps({k: v for k, v in document.items() if k != key})
            broken[f"wrong {key}"] = json.dumps({**document, key: 12345678901234567890123 if not isinstance(document[key], (int, float)) else "x"})
        for name, text in broken.items():
            with self.subTest(name):
                self.plan.write_text(text, encoding="utf-8")
                done = self.run_it(*self.arguments("status"), environment=self.at())
                self.assertEqual((done.code, done.stdout), (executor.CONFIGURATION, ""), done)
                self.assertIn("plan.json", done.stderr)
                self.assertIn("pgratchet: hint: ", done.stderr)

    def test_of_a_newer_format(self):
        document = json.loads(self.plan.read_text(encoding="utf-8"))
        name = next(k for k in document if "version" in k and k != "server_version")
        self.plan.write_text(json.dumps({**document, name: 99}), encoding="utf-8")
        self.assertEqual(self.run_it(*self.arguments("status"), environment=self.at()).code, executor.CONFIGURATION)


class ExitCodes(WithServer):
    def code(self, *arguments):
        return self.run_it(*arguments, environment=self.at()).code

    def test_done(self):
        self.assertEqual(self.code(*self.arguments("apply")), 0)

    def test_usage(self):
        self.assertEqual(self.code("apply"), 1)

    def test_configuration(self):
        self.assertEqual(self.run_it(*self.arguments("apply")).code, 2)

    def test_state_refuses(self):
        self.code(*self.arguments("apply"))
        self.cluster.psql(self.database, "ALTER TABLE items ADD x integer; ALTER TABLE items ALTER id SET DEFAULT 1")
        self.assertEqual(self.code(*self.arguments("apply")), 3)

    def test_sql_failed(self):
        self.write("003_fails", "DO $$ BEGIN IF current_database() NOT LIKE 'pgratchet%' THEN RAISE 'no'; END IF; END $$;\nCREATE TABLE t ();")
        self.compile()
        self.assertEqual(self.code(*self.arguments("apply")), 4)

    def test_locked(self):
        blocker = subprocess.Popen([self.cluster.clients / "psql", "-X", "-q", "-d", self.url], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   env=self.cluster.environment(), text=True)
        blocker.stdin.write("SELECT pg_advisory_lock(8099568217739192421);\n\\echo held\n")
        blocker.stdin.flush()
        while "held" not in blocker.stdout.readline():
            pass
        self.assertEqual(self.code(*self.arguments("apply", "--patience", "100ms")), 5)
        blocker.communicate()


if __name__ == "__main__":
    unittest.main()
