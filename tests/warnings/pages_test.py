# SPDX-License-Identifier: Apache-2.0
"""Runs what the pages of docs/warnings and docs/errors say: the first block of SQL gets the page's warning or error, the
second none.

How a block names its files is said in docs/warnings/README.md.
"""

import concurrent.futures
import json
import re
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
PAGES = PROJECT / "docs" / "warnings"
sys.path.insert(0, str(PROJECT / "tests" / "support"))

import executor  # noqa: E402
import postgres  # noqa: E402


def pages():
    return sorted(page for page in PAGES.glob("*.md") if page.name not in ("README.md", "comparison.md"))


def major_of(block):
    """The major version of the server that a block asks for; None for any."""
    asked = re.search(r"^-- server: (\d+)$", block, re.M)
    return int(asked.group(1)) if asked else None


def blocks_of(page):
    return re.findall(r"^```sql\n(.*?)^```$", page.read_text(encoding="utf-8"), re.M | re.S)


def files_in(block):
    """(name, text) of each file of a block; one without a name is 001_file.sql."""
    parts = re.split(r"^-- file: (\S+)\n", block, flags=re.M)
    named = list(zip(parts[1::2], parts[2::2]))
    return named if named else [("001_file.sql", parts[0])]


class Pages(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.executor = executor.Executor()
        cls.clusters = {}

    @classmethod
    def cluster(cls, major):
        if major not in cls.clusters:
            cluster = postgres.Cluster(major) if major else postgres.Cluster()
            cluster.start()
            cls.addClassCleanup(cluster.stop)
            cls.clusters[major] = cluster
        return cls.clusters[major]

    def diagnostics_of(self, block, *extra):
        work = Path(tempfile.mkdtemp(prefix="pgr-pages-"))
        self.addCleanup(shutil.rmtree, work, ignore_errors=True)
        for file, text in files_in(block):
            path = work / "migrations" / file if "/" not in file else work / file
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        url = self.clusters[major_of(block)].conninfo("postgres")
        done = self.executor.compile(work / "migrations", work / "plan.json", probes=work / "probes", shadow_url=url,
                                     extra=["--format", "json", *extra])
        return json.loads(done.stdout)["diagnostics"]

    def warnings_of(self, block, name):
        """The names of the warnings that a block gets."""
        found = self.diagnostics_of(block, "--warn", name)
        self.assertEqual([one for one in found if one["severity"] == "error" and not one["option"]], [])
        return {one["option"].split("=")[-1].replace("-W", "", 1) for one in found if one["option"]}

    def test_each_page(self):
        blocks = {page.stem: blocks_of(page) for page in pages()}
        self.assertTrue(blocks)
        majors = {major_of(block) for some in blocks.values() for block in some}
        for major in majors:
            self.cluster(major)  # from the main thread
        with concurrent.futures.ThreadPoolExecutor(3) as pool:
            found = {(name, i): pool.submit(self.warnings_of, block, name)
                     for name, some in blocks.items() for i, block in enumerate(some[:2])}
        for page in pages():
            with self.subTest(page.name):
                self.assertGreaterEqual(len(blocks[page.stem]), 2, "a page has an unsafe file and its safer twin")
                self.assertTrue(page.read_text(encoding="utf-8").startswith(f"# {page.stem}\n"))
                self.assertIn(page.stem, found[page.stem, 0].result())
                self.assertEqual(found[page.stem, 1].result(), set())

    def test_each_error(self):
        self.cluster(None)
        for page in (PAGES.parent / "errors").glob("*.md"):
            with self.subTest(page.name):
                unsafe, safe = blocks_of(page)
                self.assertTrue(page.read_text(encoding="utf-8").startswith(f"# {page.stem}\n"))
                self.assertEqual([one["name"] for one in self.diagnostics_of(unsafe) if one["severity"] == "error"], [page.stem])
                self.assertEqual([one["name"] for one in self.diagnostics_of(safe) if one["severity"] == "error"], [])

    def test_each_warning_has_a_page_and_is_in_the_list(self):
        listed = self.executor.run("compile", "--list-warnings").require().stdout.splitlines()
        table = [(line.split()[0], re.sub(r" \((off unless --warn|an error)\)$", "", line.split(None, 1)[1])) for line in listed]
        self.assertEqual([name for name, _ in table], [page.stem for page in pages()])
        readme = (PAGES / "README.md").read_text(encoding="utf-8")
        rows = re.findall(r"^\| \[([a-z-]+)\]\(\1\.md\) \| (.*) \|$", readme, re.M)
        self.assertEqual(table, rows)

    def test_the_comparison_knows_each_warning(self):
        listed = {line.split()[0] for line in self.executor.run("compile", "--list-warnings").require().stdout.splitlines()}
        rows = [line for line in (PAGES / "comparison.md").read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
        linked = set(re.findall(r"\[([a-z-]+)\]\(\1\.md\)", "\n".join(rows)))
        self.assertEqual(linked - listed, set())
        self.assertEqual(listed - linked - set(re.findall(r"`([a-z-]+)`", "\n".join(rows))), set())
        subjects = [line.split(" | ")[0] for line in rows if not line.startswith("| ---")]
        self.assertEqual(len(subjects), len(set(subjects)), "a row stands there twice")


if __name__ == "__main__":
    unittest.main()
