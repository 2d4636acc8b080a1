# SPDX-License-Identifier: Apache-2.0
"""status --history: what was done to an environment, from its receipts; without a connection."""

import json
import unittest

from cli_support import WithServer, executor


class History(WithServer):
    def setUp(self):
        super().setUp()
        self.file = self.work / "state" / "pgratchet" / "prod" / "receipts.jsonl"

    def ask(self, *extra, plan=None):
        return self.run_it("status", "--history", "--plan", plan or self.plan, "--environment", "prod", *extra)

    def apply(self, *extra):
        return self.run_it(*self.arguments("apply", *extra), environment=self.at()).require()

    def test_nothing_yet(self):
        self.assertEqual(self.named(self.ask().require().stdout), "there are no receipts of prod for plan in DIR/state/pgratchet/prod/receipts.jsonl\n")
        self.assertEqual(self.ask("--format", "json").json()["receipts"], [])

    def test_text(self):
        self.apply()
        done = self.ask().require()
        self.assertEqual(done.stderr, "")
        self.assertRegex(done.stdout, r"\A(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ  apply: migration 00\d_\w+\.sql, from (empty|001), to 00[12], seconds [\d.e-]+  "
                         r"\(by \S+@\S+ as postgres, database test_text\)\n){2}\Z")

    def test_json(self):
        self.apply()
        found = self.ask("--format", "json").require().json()
        self.assertEqual((found["environment"], found["project"], found["damaged"]), ("prod", "plan", []))
        self.assertEqual([(r["did"], r["to"], r["project"], r["role"]) for r in found["receipts"]], [("apply", "001", "plan", "postgres"), ("apply", "002", "plan", "postgres")])
        self.assertEqual(found["receipts"], [json.loads(line) for line in self.file.read_text(encoding="utf-8").splitlines()])
        self.assertRegex(found["receipts"][0]["system_identifier"], r"^\d+$")

    def test_accepted_drift_with_its_kind_and_of_an_older_version_without(self):
        self.file.parent.mkdir(parents=True)
        self.file.write_text("".join('{"at":"2026-01-02T03:04:05Z","who":"a@b","environment":"prod","did":"accept drift","object":"%s",'
                                     '"difference":"index public.ia: expected, and is missing","database":"d","role":"r","project":"plan"}\n' % name
                                     for name in ("public.ia", "index public.ia")), encoding="utf-8")
        line = "2026-01-02T03:04:05Z  accept drift: object %s, difference index public.ia: expected, and is missing  (by a@b as r, database d)\n"
        self.assertEqual(self.ask().require().stdout, line % "public.ia" + line % "index public.ia")

    def test_it_needs_neither_plan_nor_variable(self):
        self.apply()
        self.plan.unlink()
        self.assertEqual(len(self.ask("--format", "json").require().json()["receipts"]), 2)

    def test_two_projects_with_one_environment_name(self):
        self.apply("--to", "001")
        other = self.work / "shop.plan.json"
        other.write_bytes(self.plan.read_bytes())
        self.run_it("apply", "--plan", other, "--environment", "prod", "--url-variable", executor.URL_VARIABLE, environment=self.at()).require()
        self.assertEqual([r["to"] for r in self.ask("--format", "json").json()["receipts"]], ["001"])
        found = self.ask("--format", "json", plan=other).json()
        self.assertEqual((found["project"], [r["to"] for r in found["receipts"]]), ("shop", ["002"]))
        self.assertEqual(len(self.file.read_text(encoding="utf-8").splitlines()), 2)

    def test_damaged_lines(self):
        self.apply("--to", "001")
        with open(self.file, "a", encoding="utf-8") as file:
            file.write('not json\n\n[1]\n{"at":"x"}\n{"did":"apply","at":"2020-01-01T00:00:00Z","who":"old@host"}\n{"at":"2026-')
        self.apply()
        done = self.ask().require()
        place = "DIR/state/pgratchet/prod/receipts.jsonl"
        self.assertEqual(self.named(done.stderr), "".join(f"pgratchet: warning: {place}:{n} is no receipt and is passed over\n" for n in (2, 3, 4, 5, 7)))
        lines = done.stdout.splitlines()
        self.assertEqual(len(lines), 3)
        self.assertEqual(lines[1], "2020-01-01T00:00:00Z  apply  (by old@host)")
        self.assertIn("to 002", lines[2])  # the line that was cut off did not take it along
        self.assertEqual(self.ask("--format", "json").json()["damaged"], [2, 3, 4, 5, 7])

    def test_a_folder_of_its_own(self):
        folder = self.work / "receipts"
        self.apply("--receipts-dir", folder)
        self.assertFalse(self.file.exists())
        self.assertEqual(len(self.ask("--receipts-dir", folder, "--format", "json").json()["receipts"]), 2)

    def test_bytes_that_are_no_text(self):
        self.file.parent.mkdir(parents=True)
        self.file.write_bytes(b'{"at":"2020-01-01T00:00:00Z","did":"apply \xff"}\n')
        done = self.ask().require()
        self.assertIn(":1 is no receipt", done.stderr)
        self.ask("--format", "json").require().json()


if __name__ == "__main__":
    unittest.main()
