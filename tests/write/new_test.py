# SPDX-License-Identifier: Apache-2.0
"""`new`: the next number, a file that compiles once it is written, nothing written over."""

import datetime
import unittest

from write_support import Deployment, executor

UNWRITTEN = "[empty-body]"


class New(Deployment):
    def new(self, *arguments, code=0, **options):
        return self.executor.run("new", "--migrations", self.folder, *arguments, **options).require(code)

    def made(self, *arguments):
        """The name of the file that is made."""
        done = self.new(*arguments)
        self.assertEqual(done.stderr, "")
        path = done.stdout.rstrip("\n")
        self.assertEqual(path, str(self.folder / path.rsplit("/", 1)[1]))
        return path.rsplit("/", 1)[1]

    def test_first_and_next(self):
        self.assertEqual(self.made("the first"), "001_the_first.sql")
        self.assertEqual(self.made("Add case-notes!"), "002_add_case_notes.sql")
        self.assertEqual(self.made("größe & Maß"), "003_größe_maß.sql")

    def test_it_compiles_once_it_is_written(self):
        path = self.folder / self.made("add case notes")
        text = path.read_text(encoding="utf-8")
        self.assertTrue(text.startswith("-- add case notes\n--\n"), text)
        self.assertIn(UNWRITTEN, self.try_compile().require(executor.SQL_FAILED).stderr)
        path.write_text(text.replace("BEGIN;\n", "BEGIN;\nCREATE TABLE notes ();"), encoding="utf-8")
        self.compile()
        self.assertNotIn("warning", self.try_compile().stderr)

    def test_without_a_transaction(self):
        self.write(_001_a="CREATE TABLE a (n integer);")
        path = self.folder / self.made("index", "--no-transaction")
        with path.open("a", encoding="utf-8") as file:
            file.write("CREATE INDEX CONCURRENTLY a_n ON a (n);\n")
        self.compile()

    def test_a_description_stays_one_comment(self):
        path = self.folder / self.made("x\nDROP TABLE a;\r\x0b y")
        self.assertEqual(path.name, "001_x_drop_table_a_y.sql")
        self.assertTrue(path.read_text(encoding="utf-8").startswith("-- x DROP TABLE a; y\n--\n"))

    def test_width_and_times(self):
        self.write(_0001_a="SELECT 1;")
        self.assertEqual(self.made("b"), "0002_b.sql")
        self.path("0001_a").rename(self.path("20200101120000_a"))
        self.path("0002_b").unlink()
        before = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%d%H%M%S")
        time = self.made("b").split("_")[0]
        self.assertTrue(before <= time <= datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%d%H%M%S"), time)
        self.path(f"{time}_b").rename(self.path("99990101120000_b"))
        self.assertEqual(self.made("c"), "99990101120001_c.sql")

    def test_days_as_numbers(self):
        self.write(_20200101_a="SELECT 1;")
        first = self.made("b")
        second = self.made("c")  # of the same day
        self.assertEqual(len(first), len("20200101_b.sql"))
        self.assertLess(first, second)

    def test_no_number_is_left(self):
        self.write(_999_a="SELECT 1;")
        done = self.new("b", "--baseline", "998", code=executor.CONFIGURATION)
        self.assertIn("there is no number after 999 in 3 digits", done.stderr)

    def test_after_what_is_frozen(self):
        self.write(_001_a="SELECT 1;", _002_b="SELECT 1;")
        self.executor.run("freeze", "--migrations", self.folder).require()
        self.path("002_b").unlink()  # on another branch, say
        self.assertEqual(self.made("c"), "003_c.sql")

    def test_after_a_baseline(self):
        self.assertEqual(self.made("c", "--baseline", "041"), "042_c.sql")
        self.assertEqual(self.made("d", "--baseline", "041"), "043_d.sql")

    def test_a_folder_out_of_order(self):
        self.write(_001_a="SELECT 1;", _003_b="SELECT 1;")
        self.assertIn("[skipped-version]", self.new("c", code=executor.CONFIGURATION).stderr)
        self.assertEqual(sorted(file.name for file in self.folder.iterdir()), ["001_a.sql", "003_b.sql"])

    def test_description_in_a_variable(self):
        done = self.new("--description-variable", "WHAT_FOR", environment={"WHAT_FOR": "add case notes"})
        self.assertIn("001_add_case_notes.sql", done.stdout)
        said = self.new("--description-variable", "WHAT_FOR", code=executor.USAGE).stderr
        self.assertIn("new: the variable WHAT_FOR, which is to hold the description, is not set", said)

    def test_bad_descriptions(self):
        for bad in ("", "!!!", "x" * 201):
            self.new(bad, code=executor.USAGE)
        self.new(code=executor.USAGE)
        self.new("a", "--description-variable", "X", code=executor.USAGE)
        self.executor.run("new", "--migrations", self.work / "nowhere", "a").require(executor.CONFIGURATION)
        self.assertEqual(list(self.folder.iterdir()), [])


if __name__ == "__main__":
    unittest.main()
