# SPDX-License-Identifier: Apache-2.0
"""The rules of the warnings, on the cases of rules_cases.py and at their places."""

import json
import sys
import threading
import time
import unittest
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "tests" / "deploy"))

from deploy_support import Deployment  # noqa: E402
from rules_cases import LOCKS, ORDINARY, WHOLE_CATALOG  # noqa: E402

# They rest on the locks and rewrites that were observed.
OBSERVED = {"table-rewrite", "validation-scan", "index-not-concurrent", "second-strong-lock", "work-under-lock"}


class Rules(Deployment):
    def warnings(self):
        """The warnings of each file by its number, and the whole diagnostics."""
        diagnostics = json.loads(self.try_compile("--format", "json").stdout)["diagnostics"]
        self.assertEqual([one for one in diagnostics if one["severity"] == "error"], [])
        found = [one for one in diagnostics if one["severity"] == "warning"]
        by_file = {}
        for one in found:
            by_file.setdefault(int(Path(one["file"]).name[:3]), set()).add(one["option"].replace("-W", "", 1))
        return by_file, found

    def expect(self, cases):
        self.write(_001_before="\n".join(given for given, _, _ in cases) + "\nCREATE TABLE mark (id bigint PRIMARY KEY);")
        for number, (_, body, _) in enumerate(cases, 2):
            self.write(**{f"_{number:03}_case": f"{body}\nALTER TABLE mark ADD COLUMN of_{number} integer;"})
        by_file, _ = self.warnings()
        for number, (_, body, expected) in enumerate(cases, 2):
            with self.subTest(body):
                self.assertEqual(by_file.get(number, set()) - OBSERVED, expected)

    def test_ordinary(self):
        self.expect(ORDINARY)

    def test_whole_catalog(self):
        self.expect(WHOLE_CATALOG)

    def test_locks(self):
        self.write(_001_before="\n".join(given for given, _, _ in LOCKS))
        for number, (_, body, _) in enumerate(LOCKS, 2):
            self.write(**{f"_{number:03}_case": body})
        by_file, _ = self.warnings()
        for number, (_, body, expected) in enumerate(LOCKS, 2):
            with self.subTest(body):
                self.assertEqual(by_file.get(number, set()) & OBSERVED, expected)

    def test_place_and_words_of_a_lock(self):
        self.write(_001_a="CREATE TABLE a (id bigint PRIMARY KEY);\nCREATE TABLE b (id bigint PRIMARY KEY, a bigint);",
                   _002_b="ALTER TABLE b ADD COLUMN x text;\n  ALTER TABLE b\n  ADD FOREIGN KEY (a) REFERENCES a;")
        found = {one["name"]: one for one in self.warnings()[1]}
        scan, second = found["validation-scan"], found["second-strong-lock"]
        self.assertEqual((scan["line"], scan["column"]), (3, 3))
        self.assertEqual(scan["message"], "public.a is read in full under SHARE ROW EXCLUSIVE: nobody writes to it meanwhile")
        self.assertEqual(scan["details"], ["so is public.b"])
        self.assertEqual(second["message"], "this waits for public.a while the transaction holds public.b (ACCESS EXCLUSIVE)")

    def places(self, *names):
        """(line, column) of the warnings of those names, in order."""
        return [(one["line"], one["column"]) for one in self.warnings()[1] if one["name"] in names]

    def test_places(self):
        before = "CREATE TABLE \"the orders\" (id bigint PRIMARY KEY, n integer, \"a \"\"b\" text);"
        self.write(_001_a=before, _002_b="ALTER TABLE \"the orders\"\n  DROP COLUMN n,\n  DROP COLUMN \"a \"\"b\";\nCREATE TABLE x (\n  id integer\n"
                                         "    GENERATED ALWAYS AS IDENTITY PRIMARY KEY,\n  j json\n);")
        self.assertEqual(self.places("column-dropped"), [(3, 15), (4, 15)])
        self.assertEqual(self.places("narrow-key", "json-column"), [(6, 3), (8, 3)])
        self.write(_001_a=before + " SELECT 'session_replication_role';")  # the whole catalog is read
        self.assertEqual(self.places("column-dropped"), [(3, 15), (4, 15)])

    def test_allowed_where_it_stands(self):
        self.write(_001_a="CREATE TABLE a (id bigint PRIMARY KEY, n integer, m integer);",
                   _002_b="\n-- pgratchet: allow column-dropped: nobody uses it\nALTER TABLE a\n  DROP COLUMN n;\nALTER TABLE a DROP COLUMN m;")
        self.assertEqual(self.places("column-dropped", "unused-allow"), [(5, 27)])

    def test_details(self):
        self.write(_001_a="CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1';\n-- whatever session_replication_role is\nREVOKE ALL ON FUNCTION f FROM PUBLIC;\nGRANT EXECUTE ON FUNCTION f TO app;",
                   _002_b="DROP FUNCTION f;\nCREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint';")
        lost = next(one for one in self.warnings()[1] if one["name"] == "privileges-lost")
        self.assertEqual(lost["details"], ["gone: EXECUTE for app", "given: EXECUTE for PUBLIC"])

    def test_while_others_commit_on_the_server(self):
        # The second statement waits until another session has committed a transaction with a higher number.
        wait = "DO $$ BEGIN WHILE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'others_commit') LOOP PERFORM pg_sleep(0.01); END LOOP; END $$;"
        self.write(_001_a=f"CREATE TABLE a (id bigint PRIMARY KEY);\nCREATE VIEW v AS SELECT id FROM a;\n{wait}\n"
                          "COMMENT ON TABLE a IS 'x';\nGRANT SELECT ON v TO app;",
                   _002_b="DROP VIEW v;\nCREATE VIEW v AS SELECT id, 1 AS n FROM a;")
        is_waiting = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'DO %others_commit%' AND state = 'active'"

        def commit():
            while self.cluster.psql("postgres", is_waiting).strip() == "0":
                time.sleep(0.02)
            self.cluster.psql("postgres", "CREATE ROLE others_commit NOLOGIN")
        other = threading.Thread(target=commit, daemon=True)
        other.start()
        self.assertEqual(self.places("privileges-lost"), [(2, 11)])
        other.join(60)

    def test_a_new_enum_value_in_its_own_transaction(self):
        self.write(_001_a="CREATE TYPE mood AS ENUM ('glad');",
                   _002_b="ALTER TYPE mood ADD VALUE 'sad';\nCREATE TABLE a (m mood DEFAULT 'sad');")
        said = self.try_compile().require(4).stderr
        self.assertIn("[55P04]\n", said)
        self.assertIn("  hint: add the value in a file of its own", said)


if __name__ == "__main__":
    unittest.main()
