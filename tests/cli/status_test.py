# SPDX-License-Identifier: Apache-2.0
"""status and verify: one JSON document and nothing else, field by field; the text for people; nothing is changed."""

import unittest

from cli_support import WithServer, executor

FIELDS = ["environment", "database", "server_version", "state", "version", "pending", "drift", "anticipated", "unmanaged"]


class Status(WithServer):
    def document(self, more=()):
        done = self.run_it(*self.arguments("status", "--format", "json"), environment=self.at())
        self.assertEqual((done.code, done.stderr), (0, ""), done)
        found = done.json()
        self.assertEqual(list(found), [*FIELDS, *more])
        self.assertEqual((found["environment"], found["database"]), ("prod", self.database))
        self.assertEqual(found["server_version"], self.cluster.psql("postgres", "SHOW server_version"))
        for name in ("pending", "drift", "anticipated", "unmanaged"):
            self.assertIsInstance(found[name], list)
        return found

    def text(self, *lines):
        self.expect(self.arguments("status"), 0, "".join(f"{line}\n" for line in lines), environment=self.at())

    def apply(self, *extra):
        self.run_it(*self.arguments("apply", *extra), environment=self.at()).require()

    def test_empty(self):
        found = self.document()
        self.assertEqual((found["state"], found["version"], found["pending"], found["drift"], found["anticipated"], found["unmanaged"]),
                         ("empty", None, ["001", "002"], [], [], []))
        self.text("prod is empty: no migration has been applied", "  pending: 001_items.sql", "  pending: 002_more.sql")

    def test_applied(self):
        self.apply("--to", "001")
        found = self.document()
        self.assertEqual((found["state"], found["version"], found["pending"]), ("applied", "001", ["002"]))
        self.text("prod is at 001", "  pending: 002_more.sql")
        self.apply()
        self.assertEqual(self.document()["pending"], [])
        self.text("prod is at 002")

    def test_drift(self):
        self.apply()
        self.cluster.psql(self.database, "ALTER TABLE items ALTER id TYPE bigint; DROP TABLE more; CREATE TABLE mine ();")
        found = self.document()
        self.assertEqual(found["state"], "drift")
        for one in found["drift"]:
            self.assertLessEqual({"kind", "identity", "expected", "actual"}, set(one))
            self.assertLessEqual(set(one), {"kind", "identity", "attribute", "expected", "actual"})
        self.assertIn({"kind": "column", "identity": "public.items.id", "attribute": "type", "expected": "integer", "actual": "bigint"}, found["drift"])
        self.assertEqual(found["unmanaged"], [{"kind": "table", "identity": "public.mine"}])

    def test_partial(self):
        self.write("003_two", "CREATE TABLE one ();\nCREATE TABLE two ();")
        self.compile()
        self.apply("--to", "002")
        self.cluster.psql(self.database, "CREATE TABLE two ()")
        found = self.document(["missing"])
        self.assertEqual((found["state"], found["version"], found["pending"]), ("partial", "002", ["003"]))
        self.assertEqual(found["drift"], [{"kind": "table", "identity": "public.two", "expected": None, "actual": "present"}])
        self.text("prod is between 002 and 003: partial", "  pending: 003_two.sql", "  partial: table public.two: is there, and is not expected",
                  "  missing: table public.one",
                  "  hint: was the file edited since it was run? undo that, and write the next one; if 003 has run, bring back what is missing, or let "
                  "it pass: --accept-drift 'KIND IDENTITY'; if it has not, take back what is there, or let the file make that IF NOT EXISTS; what only "
                  "has the same name can be renamed")

    def test_anticipated(self):
        self.write("003_later", "CREATE TABLE IF NOT EXISTS later (id integer);")
        self.compile()
        self.apply("--to", "001")
        self.cluster.psql(self.database, "CREATE TABLE later (id integer)")
        found = self.document()
        self.assertEqual((found["state"], found["version"]), ("applied", "001"))
        self.assertIn({"kind": "table", "identity": "public.later"}, found["anticipated"])

    def test_very_many_unmanaged(self):
        """In words the first fifty; as JSON all of them."""
        self.apply()
        self.cluster.psql(self.database, "".join(f"CREATE TABLE tenant_{number:02} ();" for number in range(53)))
        self.assertEqual(len(self.document()["unmanaged"]), 53)
        self.text("prod is at 002", *(f"  unmanaged: table public.tenant_{number:02}" for number in range(50)),
                  "  unmanaged: and 3 more (status --format json has them all)")

    def test_utf8_names(self):
        self.cluster.psql(self.database, 'CREATE TABLE "größe 日本" ()')
        self.assertEqual(self.document()["unmanaged"], [{"kind": "table", "identity": 'public."größe 日本"'}])

    def test_it_changes_nothing(self):
        self.apply()
        before = self.cluster.dump(self.database)
        writes = "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_all_tables"
        count = self.cluster.psql(self.database, writes)
        for command in ("status", "verify"):
            self.run_it(*self.arguments(command), environment=self.at()).require()
        self.assertEqual(self.cluster.dump(self.database), before)
        self.assertEqual(self.cluster.psql(self.database, writes), count)
        self.assertFalse((self.work / "state" / "pgratchet" / "prod" / "missing").exists())


class Verify(WithServer):
    NAMES = ["schema.version", "schema.drift", "migration.001", "migration.002", "probe.001_items"]

    def test_all_pass(self):
        self.run_it(*self.arguments("apply"), environment=self.at()).require()
        self.expect(self.arguments("verify"), 0, "".join(f"passed {name}\n" for name in self.NAMES), environment=self.at())

    def test_pending_fails(self):
        done = self.run_it(*self.arguments("verify"), environment=self.at()).require(executor.STATE_REFUSES)
        self.assertEqual([line for line in done.stdout.splitlines() if not line.startswith(" ")],
                         ["FAILED schema.version", "passed schema.drift", *(f"FAILED {name}" for name in self.NAMES[2:])])
        self.assertIn("  001_items.sql is pending: prod is empty\n  expected: column public.items.id\n  expected: table public.items\n", done.stdout)
        self.assertEqual(done.stderr, "")

    def test_report(self):
        self.run_it(*self.arguments("apply", "--to", "001"), environment=self.at()).require()
        report = self.work / "report.json"
        self.expect(self.arguments("verify", "--save", report), 0, environment=self.at())
        expected = dict.fromkeys(self.NAMES, 0) | {"schema.version": 3, "migration.002": 3}
        for name, code in expected.items():
            with self.subTest(name):  # no variable is needed for these
                done = self.run_it("verify", "--plan", self.plan, "--report", report, "--only", name)
                self.assertEqual((done.code, done.stderr), (code, ""), done)
                self.assertTrue(done.stdout.startswith(("FAILED " if code else "passed ") + name + "\n"), done)
        self.expect_error(["verify", "--plan", self.plan, "--report", report, "--only", "migration.009"], 2, "the plan has no check migration.009",
                          "were files added since CMake configured? configure again")
        report.write_text("{}", encoding="utf-8")
        self.expect_error(["verify", "--plan", self.plan, "--report", report, "--only", "schema.drift"], 2,
                          "DIR/report.json is no report of a verification")
        report.unlink()
        self.expect_error(["verify", "--plan", self.plan, "--report", report, "--only", "schema.drift"], 2, "there is no report at DIR/report.json",
                          "the test schema.snapshot writes it: did that fail?")

    def test_report_of_another_plan(self):
        report = self.work / "report.json"
        self.expect(self.arguments("verify", "--save", report), 0, environment=self.at())
        self.write("003_new", "CREATE TABLE new ();")
        self.compile()
        self.expect_error(["verify", "--plan", self.plan, "--report", report, "--only", "schema.drift"], 3,
                          "DIR/report.json is about another plan than DIR/plan.json", "run the test schema.snapshot again")


if __name__ == "__main__":
    unittest.main()
