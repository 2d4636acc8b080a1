# SPDX-License-Identifier: Apache-2.0
"""What `revert` finds no statement for has its place in the file, and the file compiles once that is written."""

import unittest

from revert_support import Reverts, answered, executor


class ByHand(Reverts):
    def test_what_is_to_be_made_by_hand(self):
        """The file says where, and compiles once that is written."""
        for name, made in (("foreign-data wrapper w", "CREATE FOREIGN DATA WRAPPER w"),
                           ("language l", "CREATE TRUSTED LANGUAGE l HANDLER plpgsql_call_handler"),
                           ("text search dictionary public.d", "CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = simple)")):
            with self.subTest(name):
                for path in self.folder.glob("*.sql"):
                    path.unlink()
                kind = name.rsplit(" ", 1)[0].replace("-", " ")
                self.migrations(_001_first=made + ";", _002_second=f"DROP {kind} {name.rsplit(' ', 1)[1]};")
                path = self.revert("002")
                text = path.read_text(encoding="utf-8")
                question = f"-- pgratchet: unanswered {name}: it does not come back: nothing was found that makes it\n"
                self.assertIn(question, text)
                place = f"-- {name}: write its CREATE statement here, and remove its line above.\n"
                self.assertEqual(text[text.index("BEGIN;"):], "BEGIN;\n\n" + place + "-- Without any statement the file is refused: if nothing is to be "
                                 "taken back, remove it.\n\nCOMMIT;\n")
                self.assertIn("[empty-body]", self.try_answered(path, text))
                path.write_text(text.replace(question, "").replace(place, made + ";\n"), encoding="utf-8")
                self.compile()

    def try_answered(self, path, text):
        path.write_text(answered(text), encoding="utf-8")
        return self.try_compile().require(executor.SQL_FAILED).stderr

    def test_what_comes_with_what_is_made_by_hand(self):
        self.migrations(_001_first="CREATE FOREIGN DATA WRAPPER w;\nCREATE SERVER s FOREIGN DATA WRAPPER w;\n"
                        "CREATE FOREIGN TABLE f (a integer) SERVER s OPTIONS (x '1');\nCREATE TABLE t (a integer PRIMARY KEY);",
                        _002_second="DROP FOREIGN TABLE f;\nDROP TABLE t;")
        body, _ = self.reverted("002")
        self.assertTrue(body.endswith("-- foreign table public.f: write its CREATE statement here, and remove its line above."), body)
        self.assertEqual(body.count("-- "), 1)


class MovedData(Reverts):
    """The schema does not show it, so the file that takes it back has no statement for it, and asks."""

    def test_it_is_asked_about(self):
        asked = "what is under a name that was there before is other data since, and that is not taken back"
        rows = "what it did to rows is not taken back"
        for name, lines, work in (
                ("a table made anew", [f"3: DROP TABLE: {asked}"], "DROP TABLE u;\nCREATE TABLE u (id integer PRIMARY KEY);"),
                ("beside other work on data", [f"4: DROP TABLE: {asked}", f"3: UPDATE: {rows}"],
                 "UPDATE t SET a = 'x';\nDROP TABLE u;\nCREATE TABLE u (id integer PRIMARY KEY);")):
            with self.subTest(name):
                for path in self.folder.glob("*.sql"):
                    path.unlink()
                self.migrations(_001_first="CREATE TABLE t (id integer PRIMARY KEY, a text, b text);\nCREATE TABLE u (id integer PRIMARY KEY);",
                                _002_second=f"CREATE INDEX ta ON t (id);\n{work}", _003_third="CREATE TABLE third (id integer PRIMARY KEY);")
                text = self.revert("002").read_text(encoding="utf-8")
                self.assertEqual({line for line in text.splitlines() if "unanswered work" in line},
                                 {f"-- pgratchet: unanswered work 002:{line}" for line in lines})

    def test_a_conversion_is_work_on_rows(self):
        self.migrations(_001_first="CREATE TABLE t (id integer PRIMARY KEY, n integer);",
                        _002_second="ALTER TABLE t ALTER n TYPE integer USING n * 100;\nCREATE INDEX ta ON t (id);")
        self.assertIn("-- pgratchet: unanswered work 002:2: ALTER TABLE: ", self.revert("002").read_text(encoding="utf-8"))


class OldNames(Reverts):
    """What has another name gets its old one again, with its rows, where something else has taken that name since."""
    BEFORE = "CREATE TABLE orders (id integer PRIMARY KEY, a text, b text);\nCREATE TABLE other (id integer);\nCREATE SCHEMA away;\nCREATE SCHEMA one;\nCREATE TABLE one.t (n integer);\nINSERT INTO one.t VALUES (7);\nINSERT INTO orders VALUES (1, 'a', 'b');"
    ROWS = "SELECT id, a, b, n FROM orders, one.t"
    CASES = {
        "a view": ("ALTER TABLE orders RENAME TO purchases;\nCREATE VIEW orders AS SELECT * FROM purchases;", []),
        "a table": ("ALTER TABLE orders RENAME CONSTRAINT orders_pkey TO old_pkey;\nALTER TABLE orders RENAME TO old;\nCREATE TABLE orders (id integer PRIMARY KEY);", ["table public.orders"]),
        "a view, from another schema": ("ALTER TABLE orders SET SCHEMA away;\nCREATE VIEW orders AS SELECT * FROM away.orders;", []),
        "a view that another reads": ("ALTER TABLE orders RENAME TO purchases;\nCREATE VIEW orders AS SELECT * FROM purchases;\nCREATE VIEW big AS SELECT id FROM orders;", []),
        "a table that another refers to": ("ALTER TABLE orders RENAME CONSTRAINT orders_pkey TO old_pkey;\nALTER TABLE orders RENAME TO old;\nCREATE TABLE orders (id integer PRIMARY KEY);\n"
                                           "ALTER TABLE other ADD FOREIGN KEY (id) REFERENCES orders;", ["table public.orders"]),
        "a schema with a table": ("ALTER SCHEMA one RENAME TO two;\nCREATE SCHEMA one;\nCREATE TABLE one.x (id integer PRIMARY KEY);", ["table one.x"]),
        "nothing of before": ("CREATE TABLE n (id integer PRIMARY KEY);\nALTER TABLE n RENAME TO m;", ["table public.m"]),
        "a column": ("ALTER TABLE orders RENAME a TO a_old;\nALTER TABLE orders ADD a text;", ["column public.orders.a"]),
        "another table": ("ALTER TABLE orders RENAME TO purchases;\nALTER TABLE other RENAME TO orders;\nALTER TABLE purchases ADD c text;", ["column public.orders.c"]),
        "another column": ("ALTER TABLE orders RENAME a TO c;\nALTER TABLE orders RENAME b TO a;\nALTER TABLE orders RENAME c TO b;", []),
    }

    def test_its_rows_are_there(self):
        for number, (name, (work, asked)) in enumerate(self.CASES.items()):
            with self.subTest(name):
                for folder in (self.folder, self.probes):
                    for path in folder.glob("*.sql"):
                        path.unlink()
                self.migrations(_001_before=self.BEFORE, _002_work=f"{work}\nCREATE TABLE more (id integer PRIMARY KEY);")
                self.probe("003_revert_002_work", "SELECT to_regclass('more') IS NULL")
                _, questions = self.reverted("002")
                self.assertEqual(set(questions), {"table public.more", *asked})
                database = self.database(str(number))
                self.apply(database, to="002")
                self.apply(database)
                self.assertEqual(self.psql(database, self.ROWS), "1|a|b|7")


class InTheWay(Reverts):
    def test_only_what_bears_the_same_kind_of_name(self):
        self.migrations(_001_before="CREATE TABLE t (id integer CONSTRAINT chk CHECK (id > 0));\nCREATE POLICY chk ON t;",
                        _002_work="ALTER TABLE t RENAME CONSTRAINT chk TO chk2;\nALTER TABLE t ADD CONSTRAINT chk CHECK (id > 1);")
        body, _ = self.reverted("002")
        self.assertEqual(body, "ALTER TABLE public.t DROP CONSTRAINT chk;\nALTER TABLE public.t RENAME CONSTRAINT chk2 TO chk;")


class OfAType(Reverts):
    def test_an_attribute_that_goes_is_asked_about(self):
        self.migrations(_001_before="CREATE TYPE addr AS (street text);\nCREATE TABLE c (a addr);", _002_work="ALTER TYPE addr ADD ATTRIBUTE zip text;")
        body, questions = self.reverted("002")
        self.assertEqual((body, questions), ("ALTER TYPE public.addr DROP ATTRIBUTE zip;", ["type public.addr"]))


if __name__ == "__main__":
    unittest.main()
