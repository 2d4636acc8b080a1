# SPDX-License-Identifier: Apache-2.0
"""States in the middle of a file without a transaction: one that could be taken for another version is refused when compiling, if work
lies between that does not show; all others are told from what other files leave, and gone on from."""

import unittest

from deploy_support import NO_TRANSACTION, Deployment, executor

TABLE = "CREATE TABLE t (id integer PRIMARY KEY, a integer, b integer);"
TWO = NO_TRANSACTION + "CREATE INDEX CONCURRENTLY ia ON t (a);\nCREATE UNIQUE INDEX CONCURRENTLY ub ON t (b);\n"


class Refused(Deployment):
    def refused(self, line, looks_like, *extra, **files):
        self.write(**files)
        done = self.try_compile(*extra).require(executor.SQL_FAILED)
        self.assertIn(f"{line}: error: cut off before this statement, the schema looks as it does at {looks_like}, and work that lies between does not "
                      "show in it [no-trace-half-way]\n  the run after that would do the work again, or never\n"
                      "  hint: give this statement, and those behind it, a file of their own\n", done.stderr)

    def test_work_on_data_before_it(self):
        """What the file takes away first is what the file with the work made: cut off, that would run again."""
        files = {"_001_t": TABLE, "_002_fee": "CREATE INDEX ia ON t (a);\nUPDATE t SET b = b - 5;",
                 "_003_swap": NO_TRANSACTION + "DROP INDEX CONCURRENTLY ia;\nVACUUM t;\nCREATE UNIQUE INDEX CONCURRENTLY ua ON t (a);\n"}
        self.refused("003_swap.sql:3:1", "001", **files)
        self.compile("--baseline", "003", quiet=False)
        self.path("003_swap").unlink()
        self.write(_003_drop=NO_TRANSACTION + "DROP INDEX CONCURRENTLY ia;\n", _004_make=NO_TRANSACTION + "CREATE UNIQUE INDEX CONCURRENTLY ua ON t (a);\n")
        self.probe("003_fee", "SELECT NOT EXISTS (SELECT FROM t WHERE b > 0)")
        self.compile(quiet=False)

    def test_work_on_data_behind_it(self):
        self.refused("002_two.sql:3:1", "003", _001_t=TABLE, _002_two=TWO, _003_fee="UPDATE t SET b = b - 5;\nDROP INDEX ub;")

    def test_a_grant(self):
        for last in ("DROP INDEX ub;", NO_TRANSACTION + "DROP INDEX CONCURRENTLY ub;\n"):
            self.refused("002_two.sql:3:1", "003", _001_t=TABLE, _003_less=last,
                         _002_two=TWO.replace("CREATE UNIQUE", "GRANT SELECT ON t TO app;\nCREATE UNIQUE"))

    def test_in_the_file_itself(self):
        self.refused("002_two.sql:3:1", "002", _001_t=TABLE, _002_two=TWO + "GRANT SELECT ON t TO app;\nDROP INDEX CONCURRENTLY ub;\n")

    def test_what_a_rule_ignores_is_no_trace(self):
        self.write(_001_t=TABLE, _002_two=TWO)
        done = self.try_compile("--ignore", "index|public.ub|*|the administrator's").require(executor.SQL_FAILED)
        self.assertIn("002_two.sql:3:1: error: the last statement of a file without a transaction leaves no trace in the schema that is compared: owners, "
                      "privileges, comments and what IGNORE names are not [no-trace-at-end]", done.stderr)
        self.compile("--ignore", "index|public.ia|*|the administrator's", quiet=False)


class GoneOn(Deployment):
    """What is to follow takes back what was not made yet, or more: that is no part of it."""
    FOLLOWS = {"table": "DROP TABLE t;", "both": "DROP INDEX ia, ub;", "columns": "ALTER TABLE t DROP a, DROP b;", "one": "DROP INDEX ub;\nCREATE TABLE more ();",
               "concurrently": NO_TRANSACTION + "DROP INDEX CONCURRENTLY ia;\nDROP INDEX CONCURRENTLY ub;\n",
               "concurrently, the other way": NO_TRANSACTION + "DROP INDEX CONCURRENTLY ub;\nDROP INDEX CONCURRENTLY ia;\n"}

    def test_in_the_file_that_was_cut_off(self):
        for name, follows in self.FOLLOWS.items():
            with self.subTest(name):
                self.write(_001_t=TABLE, _002_two=TWO, _003_less=follows)
                self.compile(quiet=False)
                database = self.database("_" + name.split(",")[0] + str(len(name)))
                self.by_psql(database, "001_t")
                self.psql(database, "CREATE INDEX ia ON t (a)")
                found = self.status(database)
                self.assertEqual((found["state"], found["version"], found["statements_done"]), ("partial", "001", 1), found)
                self.apply(database)
                self.assert_at(database, "003", unmanaged=[])


if __name__ == "__main__":
    unittest.main()
