# SPDX-License-Identifier: Apache-2.0
"""Files that are too large, too many, not readable, or not what they were when the plan was made. What is refused within a file has
its cases in tests/unit (script_refusals, script_parse, script_limits)."""

import json
import os
import resource
import subprocess
import unittest

from faults_support import FILES, Faults, executor, wrapped


class Large(Faults):
    def goes_through(self, name, text, check, answer):
        self.write(_001_a="CREATE TABLE a (n integer, t text);", **{name: text})
        self.probe(name.lstrip("_"), check)
        self.compile(quiet=False)
        database = self.database()
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        self.apply(database)
        self.assertLess(max(before, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss), 1_500_000)  # kB
        self.assertEqual(self.psql(database, check), answer)
        self.assert_goes_on(database, "002", "002")

    def test_ten_thousand_statements(self):
        body = "".join(f"CREATE TABLE t{k} ();\n" if k % 100 == 0 else f"INSERT INTO a VALUES ({k});\n" for k in range(10_000))
        self.goes_through("_002_many", body, "SELECT count(*) = 9900 FROM a", "t")

    def test_one_statement_of_five_megabytes(self):
        self.goes_through("_002_long", f"INSERT INTO a VALUES (1, '{'x' * 5_000_000}');\nCREATE TABLE b ();", "SELECT EXISTS (SELECT FROM a WHERE length(t) = 5000000)", "t")

    def test_fifty_megabytes(self):
        line = f"INSERT INTO a VALUES (1, '{'y' * 9950}');\n"
        self.goes_through("_002_large", line * 5000 + "CREATE TABLE b ();", "SELECT count(*) = 5000 FROM a", "t")


class Names(Faults):
    def test_three_hundred_characters(self):
        """PostgreSQL cuts names at 63 bytes, and says so."""
        name = "n" * 300
        self.write(_001_a=f"CREATE TABLE {name} ({name} integer);\nCREATE INDEX {name}x ON {name} ({name});".replace(f"{name}x", "short"),
                   _002_b=f"ALTER TABLE {name} ADD other integer;")
        self.compile(quiet=False)
        database = self.database()
        self.apply(database)
        self.assertEqual(self.psql(database, "SELECT to_regclass('%s') IS NOT NULL" % ("n" * 63)), "t")
        self.assert_goes_on(database, "002", "002")

    def test_a_file_name_that_is_too_long_for_the_system(self):
        self.write(**{"_001_" + "a" * 240: "CREATE TABLE a ();"})
        self.compile()
        database = self.database()
        self.apply(database)
        self.assert_goes_on(database, "001", "001")


class Folders(Faults):
    def refused(self, words, code):
        done = self.try_compile().require(code)
        self.assertIn(words, self.named(done.stderr))
        self.assertFalse(self.plan.exists())

    def test_a_file_that_may_not_be_read(self):
        self.write(**FILES)
        self.path("002_b").chmod(0)
        if os.geteuid() == 0:  # root may read everything: as somebody else
            for folder in (self.work, self.folder):
                os.chown(folder, 65534, 65534)
            done = subprocess.run(["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", self.executor.program, "compile", "--migrations", self.folder,
                                   "--plan", self.plan, "--data-dir", self.work / "shadow"], stderr=subprocess.PIPE, text=True,
                                  env=self.executor.environment(), check=False)
            self.assertEqual(done.returncode, executor.CONFIGURATION, done.stderr)
            self.assertIn("cannot read DIR/migrations/002_b.sql: Permission denied", self.named(done.stderr))
        else:
            self.refused("cannot read DIR/migrations/002_b.sql: Permission denied", executor.CONFIGURATION)
        self.path("002_b").chmod(0o644)
        self.compile()
        self.assert_goes_on(self.database(), None)

    def test_links(self):
        """To a file they count as the file; one that leads nowhere, or in a circle, is an error."""
        self.write(**FILES)
        elsewhere = self.work / "elsewhere.sql"
        self.path("002_b").rename(elsewhere)
        self.path("002_b").symlink_to(elsewhere)
        self.compile()
        database = self.database()
        self.apply(database, to="001")
        elsewhere.write_text(wrapped("CREATE TABLE other ();"), encoding="utf-8")
        done = self.assert_refused(database, "the plan is stale: 002_b.sql was changed")
        self.assertIn("hint: ", done.stderr)
        self.plan.unlink()
        for target in ("nowhere.sql", "002_b.sql"):
            self.path("002_b").unlink()
            self.path("002_b").symlink_to(target)
            self.refused("002_b.sql", executor.CONFIGURATION)
        self.path("002_b").unlink()
        self.write(_002_b=FILES["_002_b"])
        self.compile()
        self.assert_goes_on(database, "001")

    def test_a_folder_in_place_of_a_file(self):
        self.write(**FILES)
        self.path("002_b").unlink()
        self.path("002_b").mkdir()
        self.refused("002_b.sql", executor.CONFIGURATION)

    def test_it_changes_between_compiling_and_applying(self):
        self.migrations(**FILES)
        database = self.database()
        self.apply(database, to="001")
        changes = (lambda: self.write(_003_d="CREATE TABLE other ();"), lambda: self.path("003_d").unlink(), lambda: self.write(_004_e="CREATE TABLE e ();"))
        for change in changes:
            change()
            self.assert_refused(database, "error: the plan is stale: ")
            for path in self.folder.iterdir():
                path.unlink()
            self.write(**FILES)
        self.assert_goes_on(database)

    def test_a_file_that_changes_while_others_are_applied(self):
        """Its bytes are read again, and are not what the plan knows."""
        self.migrations(**FILES)
        database = self.slow(self.database(), 1)
        running = self.start("apply", database, "--to", "002")
        self.wait_for_sleep(database)
        self.write(_003_d="CREATE TABLE other ();")
        self.finished(running).require(executor.DONE)
        self.assert_refused(database, "the plan is stale: 003_d.sql was changed")
        self.write(**FILES)
        self.assert_goes_on(database, "002")


class Plans(Faults):
    def test_not_this_plan(self):
        self.migrations(**FILES)
        database = self.database()
        self.apply(database, to="001")
        good = self.plan.read_text(encoding="utf-8")
        newer = json.loads(good)
        newer["format_version"] = 1000
        for name, text in (("truncated", good[:len(good) // 2]), ("empty", ""), ("foreign", '{"format": "something else"}'), ("no JSON", "\x00\xff"),
                           ("newer", json.dumps(newer))):
            with self.subTest(name):
                self.plan.write_text(text, encoding="latin-1")
                done = self.executor.apply(self.plan, self.cluster.conninfo(database))
                self.assertIn(done.code, (executor.CONFIGURATION, executor.STATE_REFUSES), done)
                self.assertIn("plan.json", done.stderr)
                self.assertIn("hint: ", done.stderr)
        self.plan.write_text(good, encoding="utf-8")
        self.assert_goes_on(database)


if __name__ == "__main__":
    unittest.main()
