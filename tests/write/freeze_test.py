# SPDX-License-Identifier: Apache-2.0
"""SHA256SUMS: what `freeze` writes, what compile refuses then, and what sha256sum and git make of the file."""

import shutil
import subprocess
import unittest

from write_support import Deployment, executor, wrapped

ONE = "CREATE TABLE a (id integer PRIMARY KEY);"
TWO = "ALTER TABLE a ADD COLUMN note text;"


class Frozen(Deployment):
    def setUp(self):
        super().setUp()
        self.sums = self.folder / "SHA256SUMS"

    def freeze(self, *extra, code=0):
        done = self.executor.run("freeze", "--migrations", self.folder, *extra).require(code)
        return self.named(done.stderr)

    def refused(self, *words, **options):
        done = self.try_compile(**options).require(executor.SQL_FAILED)
        self.assertFalse(self.plan.exists())
        for one in words:
            self.assertIn(one, self.named(done.stderr))
        return done

    def append(self, name, text):
        with self.path(name).open("a", encoding="utf-8") as file:
            file.write(text)


class Freeze(Frozen):
    def test_adds_what_is_new_and_keeps_what_is_there(self):
        self.write(_001_a=ONE)
        done = self.executor.run("freeze", "--migrations", self.folder).require()
        self.assertEqual((done.stdout, done.stderr), ("001_a.sql\n", "pgratchet: 1 migration is frozen, 1 of them new\n"))
        first = self.sums.read_text(encoding="utf-8")
        self.write(_002_b=TWO)
        self.freeze()
        second = self.sums.read_text(encoding="utf-8")
        self.assertTrue(second.startswith(first) and second != first)
        self.assertEqual(self.freeze(), "pgratchet: 2 migrations are frozen, 0 of them new\n")
        self.assertEqual(self.sums.read_text(encoding="utf-8"), second)
        self.compile()

    def test_a_link_stays_one(self):
        self.write(_001_a=ONE)
        kept = self.work / "kept"
        kept.write_text("# of all projects\n", encoding="utf-8")
        self.sums.symlink_to(kept)
        for _ in range(2):
            self.freeze()
            self.assertTrue(self.sums.is_symlink())
            self.assertIn("  001_a.sql\n", kept.read_text(encoding="utf-8"))

    def test_sha256sum_reads_it(self):
        self.write(_001_a=ONE, _002_b=TWO)
        self.freeze()
        check = ["sha256sum", "-c", "--strict", "SHA256SUMS"]
        done = subprocess.run(check, cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        self.assertEqual((done.returncode, done.stdout), (0, "001_a.sql: OK\n002_b.sql: OK\n"))
        self.append("001_a", "-- \n")
        self.assertEqual(subprocess.run(check, cwd=self.folder, capture_output=True, check=False).returncode, 1)

    def test_reads_what_sha256sum_wrote(self):
        self.write(_001_a=ONE)
        with self.sums.open("w", encoding="utf-8") as out:
            subprocess.run(["sha256sum", "001_a.sql"], cwd=self.folder, stdout=out, check=True)
        self.compile()
        self.append("001_a", "-- a remark\n")
        self.plan.unlink()
        self.refused("001_a.sql:1:1: error: a frozen migration was edited [frozen-edited]\n")  # no sum of its meaning

    def test_nothing_is_frozen_that_is_not_sound(self):
        self.write(_001_a="BEGIN;\nSELECT 1;\n")
        self.assertIn("[begin-without-commit]", self.freeze(code=executor.SQL_FAILED))
        self.assertFalse(self.sums.exists())

    def test_an_edited_file_is_not_frozen_again(self):
        self.write(_001_a=ONE)
        self.freeze()
        before = self.sums.read_bytes()
        self.write(_001_a=ONE + TWO, _002_b="CREATE TABLE b ();")
        for extra in ((), ("--accept-layout",)):
            self.assertIn("001_a.sql:1:1: error: a frozen migration was edited: what it does [frozen-edited]\n",
                          self.freeze(*extra, code=executor.SQL_FAILED))
        self.assertEqual(self.sums.read_bytes(), before)

    def test_a_new_comment_can_be_accepted(self):
        self.write(_001_a=ONE, _002_b=TWO)
        self.freeze()
        self.append("001_a", "-- a remark\n")
        self.refused("001_a.sql:1:1: error: a frozen migration was edited: comments or layout alone, what it does is the same "
                     "[frozen-edited]\n  frozen by DIR/migrations/SHA256SUMS:3\n")
        self.assertIn("comments or layout alone", self.freeze(code=executor.SQL_FAILED))
        self.assertEqual(self.freeze("--accept-layout"), "pgratchet: 2 migrations are frozen, 0 of them new, 1 anew\n")
        self.compile()


class Refused(Frozen):
    def setUp(self):
        super().setUp()
        self.write(_001_a=ONE, _002_b=TWO)
        self.freeze()

    def test_another_meaning(self):
        self.write(_001_a=ONE.replace("integer", "bigint"))
        self.refused("DIR/migrations/001_a.sql:1:1: error: a frozen migration was edited: what it does [frozen-edited]\n"
                     "  frozen by DIR/migrations/SHA256SUMS:3\n"
                     "  databases that have it would never get the change\n"
                     "  hint: take it back from version control, and write the change into the next number, 003\n")

    def test_layout(self):
        for text in ("begin;\n\n  create   table A (ID integer primary key); -- the first\nCOMMIT;\n", "\ufeff" + wrapped(ONE),
                     "/* new */ " + wrapped(ONE)):
            self.path("001_a").write_text(text, encoding="utf-8")
            self.refused("what it does is the same")

    def test_what_looks_like_layout_and_is_none(self):
        for text in (wrapped(ONE.replace("a (", '"A" (')), wrapped(ONE + "SELECT 1;"), "-- pgratchet: no-transaction\n" + ONE,
                     "BEGIN ISOLATION LEVEL SERIALIZABLE;\n" + ONE + "\nCOMMIT;\n", wrapped(ONE) + "'"):
            self.path("001_a").write_text(text, encoding="utf-8")
            self.refused("a frozen migration was edited: what it does")

    def test_line_ends(self):
        self.path("001_a").write_bytes(wrapped(ONE).replace("\n", "\r\n").encode())
        self.refused("a frozen migration has other line ends than when it was frozen [frozen-edited]", ".gitattributes")

    def test_missing(self):
        self.path("002_b").unlink()
        self.refused("DIR/migrations/SHA256SUMS:5:1: error: 002_b.sql is frozen and is not there [frozen-missing]\n")

    def test_renamed(self):
        self.path("002_b").rename(self.path("002_c"))
        self.refused("SHA256SUMS:5:1: error: 002_b.sql is frozen and is not there; 002_c.sql has its number [frozen-missing]\n",
                     "give 002_c.sql the next number, 003\n")

    def test_the_list_itself(self):
        good = self.sums.read_text(encoding="utf-8")
        line = good.splitlines()[-1]
        for text, words in ((good + "nonsense\n", "SHA256SUMS:6:1: error: this is no line of sha256sum about a migration"),
                            (good + line.replace("002_b", "x") + "\n", "[frozen-list-line]"),
                            (good + line[1:] + "\n", "[frozen-list-line]"),
                            (good + line + "\n", "002_b.sql stands behind 002_b.sql, which has the same number [frozen-list-order]"),
                            (good + line.replace("002", "001") + "\n", "001_b.sql stands behind 002_b.sql [frozen-list-order]"),
                            (good + "<<<<<<< HEAD\n", "SHA256SUMS:6:1: error: two branches froze migrations, and their merge is not "
                                                      "finished [unmerged-frozen-list]")):
            self.sums.write_text(text, encoding="utf-8")
            self.refused(words)
            self.freeze(code=executor.SQL_FAILED)

    def test_a_time_below_the_newest_frozen_one(self):
        for file in self.folder.iterdir():
            file.unlink()
        self.write(_20260101=ONE)
        self.path("20260101").rename(self.path("20260101_a"))
        self.write(_20260301_b=TWO)
        self.freeze()
        self.write(_20260201_c="CREATE TABLE c ();")
        self.refused("20260201_c.sql:1:1: error: version 20260201 is below the newest frozen one, 20260301 [below-frozen]\n",
                     "give it a number above 20260301: 20260302 is free\n")

    def test_files_up_to_a_schema_dump_may_be_gone(self):
        dump = self.work / "dump.sql"
        dump.write_text("CREATE TABLE public.a (id integer);\n", encoding="utf-8")
        self.path("001_a").unlink()
        self.refused("001_a.sql is frozen and is not there")
        self.compile("--baseline", "001", "--baseline-schema", dump)
        self.path("002_b").write_text(wrapped("CREATE TABLE other ();"), encoding="utf-8")
        self.plan.unlink()
        done = self.try_compile("--baseline", "001", "--baseline-schema", dump).require(executor.SQL_FAILED)
        self.assertIn("002_b.sql:1:1: error: a frozen migration was edited", done.stderr)


class Warned(Frozen):
    def test_frozen_files_are_not_warned_of_again(self):
        self.write(_001_a="CREATE TABLE a ();\nGRANT SELECT ON a TO PUBLIC;")
        self.assertIn("-Wgrant-to-public", self.try_compile().require().stderr)
        self.freeze()
        self.assertNotIn("warning", self.try_compile("--werror").require().stderr)
        self.assertIn("-Wgrant-to-public", self.try_compile("--warn-frozen").require().stderr)
        self.write(_002_b="CREATE TABLE b ();\nGRANT SELECT ON b TO PUBLIC;")
        self.assertIn("002_b.sql:3:22: warning: ", self.try_compile().require().stderr)


@unittest.skipUnless(shutil.which("git"), "git is not installed")
class Branches(Frozen):
    def git(self, *arguments, code=0):
        done = subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", "-c", "init.defaultBranch=main", *arguments],
                              cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        self.assertEqual(done.returncode, code, done.stdout)
        return done.stdout

    def commit(self, branch, **bodies):
        self.git("checkout", "-q", "-b", branch)
        self.write(**bodies)
        self.freeze()
        self.git("add", ".")
        self.git("commit", "-q", "-m", branch)

    def test_two_branches_collide_on_the_last_line(self):
        self.git("init", "-q")
        self.commit("base", _001_a=ONE)
        self.commit("one", _002_b=TWO)
        self.git("checkout", "-q", "base")
        self.commit("two", _002_c="CREATE TABLE c ();")
        self.assertIn("CONFLICT (content): Merge conflict in SHA256SUMS", self.git("merge", "one", code=1))
        self.refused("version 002 is taken by 002_b.sql too [duplicate-version]",
                     "rename one of them; the next free version is 003", "[unmerged-frozen-list]")


if __name__ == "__main__":
    unittest.main()
