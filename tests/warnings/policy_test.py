# SPDX-License-Identifier: Apache-2.0
"""How warnings are chosen, allowed and counted, and the formats that programs read."""

import json
import os
import pty
import re
import subprocess
import sys
import unittest
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "tests" / "deploy"))

from deploy_support import Deployment, executor  # noqa: E402

GRANT = "CREATE TABLE a ();\nGRANT SELECT ON a TO PUBLIC;"
TEXT = "every role there is, and every one to come, gets these privileges"
HINT = "  hint: grant to a role of the application, and make users members of it\n"


class Choice(Deployment):
    def said(self, *extra, code=0):
        done = self.try_compile(*extra).require(code)
        self.assertEqual(done.stdout, "")
        self.assertEqual(self.plan.exists(), code == 0)
        self.plan.unlink(missing_ok=True)
        return self.named(done.stderr)

    def test_warning(self):
        self.write(_001_a=GRANT)
        self.assertRegex(self.said(), re.escape(f"DIR/migrations/001_a.sql:3:22: warning: {TEXT} [-Wgrant-to-public]\n{HINT}") +
                         r"pgratchet: compiled 1 migration on PostgreSQL [\d.]+: 1 warning\n\Z")

    def test_as_errors(self):
        self.write(_001_a=GRANT, _002_b="TRUNCATE a CASCADE;\nCREATE TABLE b ();")
        error = f"DIR/migrations/001_a.sql:3:22: error: {TEXT} [-Werror=grant-to-public]\n{HINT}"
        self.assertIn(error, self.said("--werror", code=4))
        said = self.said("--werror=grant-to-public", code=4)
        self.assertIn(error, said)
        self.assertIn(": warning: TRUNCATE CASCADE ", said)
        self.assertTrue(said.endswith("pgratchet: 1 error, 1 warning\n"), said)
        self.said("--werror", "--no-warn", "grant-to-public", "--no-warn", "truncate-cascade")

    def test_switched_off(self):
        self.write(_001_a=GRANT)
        self.assertRegex(self.said("--no-warn", "grant-to-public"), r"\Apgratchet: compiled 1 migration on PostgreSQL [\d.]+\n\Z")

    def test_unknown_names(self):
        self.write(_001_a=GRANT)
        for option in ("--no-warn=grant-to-publik", "--werror=grant-to-publik", "--warn=grant-to-publik"):
            said = self.said(option, code=1)
            self.assertTrue(said.startswith("pgratchet: error: there is no warning 'grant-to-publik'\n"
                                            "pgratchet: hint: did you mean grant-to-public? there are: "), said)

    def test_allowed(self):
        self.write(_001_a="CREATE TABLE a ();\n-- pgratchet: allow grant-to-public: by law\nGRANT SELECT ON a TO PUBLIC;")
        self.assertNotIn("warning", self.said("--werror"))

    def test_allowance_of_nothing(self):
        self.write(_001_a="\n-- pgratchet: allow grant-to-public: by law\nCREATE TABLE a ();\nGRANT SELECT ON a TO PUBLIC;")
        said = self.said()
        self.assertIn("DIR/migrations/001_a.sql:2:1: warning: nothing here gives the warning grant-to-public [-Wunused-allow]\n", said)
        self.assertIn("[-Wgrant-to-public]", said)

    def test_wrong_allowances(self):
        self.write(_001_a="\n-- pgratchet: allow grant-to-all: by law\nCREATE TABLE a ();")
        self.assertIn("001_a.sql:2:1: error: there is no warning 'grant-to-all' to allow [unknown-warning]\n", self.said(code=4))
        self.write(_001_a="\n-- pgratchet: allow grant-to-public\nCREATE TABLE a ();")
        self.assertIn("001_a.sql:2:1: error: an allowance names one warning and gives a reason [incomplete-allow]\n", self.said(code=4))

    def test_allowed_in_a_probe(self):
        self.write(_001_a="CREATE TABLE a (n integer PRIMARY KEY);", _002_b="UPDATE a SET n = 1 WHERE n = 0;")
        self.probe("002_b", "-- words\nSELECT NOT EXISTS (SELECT FROM a WHERE n <> 1)")
        self.assertIn("DIR/probes/002_b.sql:2:1: warning: the probe is true already", self.said())
        self.probe("002_b", "-- pgratchet: allow early-probe: nothing to tell without rows\nSELECT NOT EXISTS (SELECT FROM a WHERE n <> 1)")
        self.assertNotIn("warning", self.said("--werror"))

    def test_up_to_the_baseline_nothing_is_said(self):
        self.write(_001_a=GRANT, _002_b="CREATE TABLE b ();\nGRANT SELECT ON b TO PUBLIC;")
        said = self.said("--baseline", "001")
        self.assertNotIn("001_a", said)
        self.assertIn("002_b.sql:3:22: warning", said)

    def test_warnings_of_files_before_an_error(self):
        self.write(_001_a=GRANT, _002_b="CREATE TABLE a ();")
        said = self.said(code=4)
        self.assertIn("[-Wgrant-to-public]", said)
        self.assertTrue(said.endswith("pgratchet: 1 error, 1 warning\n"))


class Formats(Deployment):
    def setUp(self):
        super().setUp()
        self.write(_001_größe=GRANT, _002_b="SELECT 50 % 0;")

    def document(self, form, code=4):
        done = self.try_compile("--format", form).require(code)
        self.assertIn(": error: division by zero [22012]\n", done.stderr)  # for people, as ever
        return done.stdout

    def test_json(self):
        found = json.loads(self.document("json"))
        self.assertEqual((found["errors"], found["warnings"], found["exit_code"]), (1, 1, 4))
        first = dict(found["diagnostics"][0])
        self.assertEqual(self.named(first.pop("file")), "DIR/migrations/001_größe.sql")
        self.assertEqual(first, {"severity": "warning", "line": 3, "column": 22, "message": TEXT, "name": "grant-to-public",
                                 "option": "-Wgrant-to-public", "details": [], "hint": HINT.strip()[6:]})

    def test_github(self):
        lines = self.named(self.document("github")).splitlines()
        self.assertEqual(lines[0], f"::warning file=DIR/migrations/001_größe.sql,line=3,col=22,title=-Wgrant-to-public::{TEXT}%0A{HINT.strip()}")
        self.assertEqual(lines[1:], ["::error file=DIR/migrations/002_b.sql,line=2,col=1,title=22012::division by zero"])

    def test_unknown_format(self):
        done = self.try_compile("--format", "xml").require(1)
        self.assertIn("the formats are gcc, json, sarif and github", done.stderr)

    def test_a_server_that_is_not_there(self):
        for form in ("json", "sarif"):
            done = self.try_compile("--format", form, shadow_url="host=/nowhere").require(2)
            self.assertIn("pgratchet: error: ", done.stderr)
            found = json.loads(done.stdout)
            if form == "json":
                self.assertEqual((found["errors"], found["exit_code"], found["diagnostics"][-1]["file"]), (1, 2, None))
            else:
                self.assertFalse(found["runs"][0]["invocations"][0]["executionSuccessful"])

    def test_sarif(self):
        run = json.loads(self.document("sarif"))["runs"][0]
        self.assertEqual([(one["ruleId"], one["level"]) for one in run["results"]], [("grant-to-public", "warning"), ("22012", "error")])
        for one in run["results"]:
            self.assertEqual(run["tool"]["driver"]["rules"][one["ruleIndex"]]["id"], one["ruleId"])
        rule = next(one for one in run["tool"]["driver"]["rules"] if one["id"] == "grant-to-public")
        self.assertEqual(rule["shortDescription"]["text"], "privileges for every role there is")
        rules = {one["id"]: one for one in run["tool"]["driver"]["rules"]}
        for line in self.executor.run("compile", "--list-warnings").require().stdout.splitlines():
            name, summary = line.split(None, 1)
            self.assertIn(rules[name]["shortDescription"]["text"], summary)
            page = f"/docs/warnings/{name}.md"  # in a build of a project without a home page there is no link
            self.assertTrue(rules[name].get("helpUri", page).endswith(page), rules[name])

    def test_sarif_is_valid(self):
        import sarif_schema
        documents = [self.document("sarif")]
        self.write(_001_größe="CREATE TABLE a ();", _002_b="CREATE TABLE b ();")
        documents.append(self.try_compile("--format", "sarif").require().stdout)
        documents.append(self.try_compile("--format", "sarif", shadow_url="host=/nowhere").require(2).stdout)
        self.path("002_b").write_text("\\i x\n\x00", encoding="utf-8")
        documents.append(self.try_compile("--format", "sarif").require(4).stdout)
        for document in documents:
            sarif_schema.validate(document)
        broken = json.loads(documents[0])
        broken["runs"][0]["results"][0]["level"] = "bad"
        with self.assertRaises(sarif_schema.NotValid):
            sarif_schema.validate(json.dumps(broken))


class Terminal(Deployment):
    def on_terminal(self, columns=80, **environment):
        """What compile says to a terminal, as text."""
        master, slave = pty.openpty()
        import fcntl
        import struct
        import termios
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 25, columns, 0, 0))
        arguments = [str(self.executor.program), "compile", "--migrations", str(self.folder), "--plan", str(self.plan),
                     "--shadow-url-variable", executor.URL_VARIABLE]
        environment = {"TERM": "xterm", **environment}
        process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=slave,
                                   env=self.executor.environment(self.cluster.conninfo("postgres"), environment))
        os.close(slave)
        said = b""
        try:
            while part := os.read(master, 65536):
                said += part
        except OSError:
            pass  # the other end is closed
        os.close(master)
        process.wait(60)
        return self.named(said.decode("utf-8").replace("\r\n", "\n"))

    def test_excerpt(self):
        self.write(_001_a="CREATE TABLE a (\n\tö text, größe nosuch);")
        self.assertEqual(self.on_terminal(NO_COLOR="1"), 'DIR/migrations/001_a.sql:3:16: error: type "nosuch" does not exist [42704]\n'
                         "    3 |         ö text, größe nosuch);\n      |                       ^~~~~~\n")

    def test_colour(self):
        self.write(_001_a="CREATE TABLE a (x nosuch);")
        said = self.on_terminal()
        self.assertIn("\033[1;31merror:\033[0m ", said)
        self.assertIn("\033[1;31m^~~~~~\033[0m\n", said)
        self.assertNotIn("\033", self.on_terminal(TERM="dumb"))
        self.assertIn("\033", self.on_terminal(NO_COLOR=""))

    def test_long_line(self):
        columns = ", ".join(f"c{i} integer" for i in range(900))
        self.write(_001_a=f"CREATE TABLE a ({columns}, x nosuch, y text) /* {'words ' * 30} */;")
        lines = self.on_terminal(columns=60, NO_COLOR="1").splitlines()
        self.assertLessEqual(len(lines[1]), 60)
        self.assertEqual(lines[1][lines[2].index("^"):][:6], "nosuch")

    def test_first_line_and_byte_order_mark(self):
        self.path("001_a").write_bytes(b"\xef\xbb\xbfBEGIN; CREATE TABLE a (x nosuch); COMMIT;\r\n")
        self.assertIn("    1 | BEGIN; CREATE TABLE a (x nosuch); COMMIT;\n      |                          ^~~~~~\n", self.on_terminal(NO_COLOR="1"))

    def test_no_terminal_no_excerpt(self):
        self.write(_001_a="CREATE TABLE a (x nosuch);")
        self.assertEqual(self.named(self.try_compile().require(4).stderr),
                         'DIR/migrations/001_a.sql:2:19: error: type "nosuch" does not exist [42704]\n')


if __name__ == "__main__":
    unittest.main()
