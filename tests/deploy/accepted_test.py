# SPDX-License-Identifier: Apache-2.0
"""--accept-drift where a file also does what the compared schema does not show: has it run?"""

import unittest

from deploy_support import Deployment

ORDERS = "CREATE TABLE items (a integer PRIMARY KEY);\nCREATE INDEX ia ON items (a);\nCREATE TABLE orders (b integer);\n"
ACCEPT = ("--accept-drift", "index public.ia")


class Accepted(Deployment):
    def without_index(self, first, by=("001_items", "002_more"), name=""):
        """At 002, but for an index of 001."""
        self.write(_001_items=first, _002_more="CREATE TABLE more ();", _003_next="CREATE TABLE next ();")
        self.compile(quiet=False)
        database = self.database(name)
        self.by_psql(database, *by)
        self.psql(database, "DROP INDEX ia")
        return database

    def goes_on(self, database):
        done = self.apply(database, *ACCEPT)
        self.assertIn("pgratchet: accepted drift: index public.ia: expected, and is missing\n", done.stderr)
        self.assertEqual(self.psql(database, "SELECT to_regclass('next') IS NOT NULL"), "t")
        self.assertEqual([(r["did"], r.get("object")) for r in self.receipts()], [("accept drift", "index public.ia"), ("apply", None)])

    def in_doubt(self, database, *versions):
        done = self.assert_refused(database, "which version test is at cannot be told from its schema; nothing was changed", extra=ACCEPT)
        self.assertIn(f"test is ambiguous: the schema is that of {', '.join(versions)}\n", done.stderr)

    def test_work_that_does_not_show(self):
        self.goes_on(self.without_index(ORDERS + "ALTER TABLE orders REPLICA IDENTITY FULL;"))

    def test_work_on_data(self):
        self.goes_on(self.without_index(ORDERS + "INSERT INTO orders VALUES (1);"))

    def test_a_probe_says_no(self):
        self.probe("001_filled", "SELECT EXISTS (SELECT FROM orders)")
        database = self.without_index(ORDERS + "INSERT INTO orders VALUES (1);")
        self.psql(database, "DELETE FROM orders")
        self.in_doubt(database, "empty", "002")
        self.psql(database, "INSERT INTO orders VALUES (1)")
        self.goes_on(database)

    def test_an_index_on_a_table_of_an_earlier_file(self):
        """There may have been no such index, and nothing else tells of the file."""
        self.write(_001_items="CREATE TABLE items (a integer PRIMARY KEY);", _002_index="CREATE INDEX ia ON items (a);\nALTER TABLE items REPLICA IDENTITY FULL;",
                   _003_more="CREATE TABLE more ();", _004_next="CREATE TABLE next ();")
        self.compile(quiet=False)
        database = self.database()
        self.by_psql(database, "001_items", "002_index", "003_more")
        self.psql(database, "DROP INDEX ia")
        self.in_doubt(database, "001", "003")
        self.apply(database, *ACCEPT, "--assume", "003")

    def test_if_not_exists(self):
        """Such a table may have been there before."""
        first = ORDERS.replace("TABLE items", "TABLE IF NOT EXISTS items").replace("TABLE orders", "TABLE IF NOT EXISTS orders")
        self.in_doubt(self.without_index(first + "INSERT INTO orders VALUES (1);"), "empty", "002")


if __name__ == "__main__":
    unittest.main()
