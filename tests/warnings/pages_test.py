# SPDX-License-Identifier: Apache-2.0
"""Runs what the pages of docs/warnings say: the first block of SQL gets the page's warning, the second none.

How a block names its files is said in docs/warnings/README.md.
"""

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

    def warnings_of(self, block, name):
        """The names of the warnings that a block gets."""
        major = re.search(r"^-- server: (\d+)$", block, re.M)
        work = Path(tempfile.mkdtemp(prefix="pgr-pages-"))
        self.addCleanup(shutil.rmtree, work, ignore_errors=True)
        for file, text in files_in(block):
            path = work / "migrations" / file if "/" not in file else work / file
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        url = self.cluster(int(major.group(1)) if major else None).conninfo("postgres")
        done = self.executor.compile(work / "migrations", work / "plan.json", probes=work / "probes", shadow_url=url,
                                     extra=["--format", "json", "--warn", name])
        found = json.loads(done.stdout)["diagnostics"]
        self.assertEqual([one for one in found if one["severity"] == "error" and not one["option"]], [], done)
        return {one["option"].split("=")[-1].replace("-W", "", 1) for one in found if one["option"]}

    def test_each_page(self):
        pages = sorted(page for page in PAGES.glob("*.md") if page.name != "README.md")
        self.assertTrue(pages)
        for page in pages:
            with self.subTest(page.name):
                blocks = blocks_of(page)
                self.assertGreaterEqual(len(blocks), 2, "a page has an unsafe file and its safer twin")
                self.assertTrue(page.read_text(encoding="utf-8").startswith(f"# {page.stem}\n"))
                self.assertIn(page.stem, self.warnings_of(blocks[0], page.stem))
                self.assertEqual(self.warnings_of(blocks[1], page.stem), set())

    def test_each_warning_has_a_page_and_is_in_the_list(self):
        listed = self.executor.run("compile", "--list-warnings").require().stdout.splitlines()
        table = [(line.split()[0], re.sub(r" \((off unless --warn|an error)\)$", "", line.split(None, 1)[1])) for line in listed]
        pages = sorted(page.stem for page in PAGES.glob("*.md") if page.name != "README.md")
        self.assertEqual([name for name, _ in table], pages)
        readme = (PAGES / "README.md").read_text(encoding="utf-8")
        rows = re.findall(r"^\| \[([a-z-]+)\]\(\1\.md\) \| (.*) \|$", readme, re.M)
        self.assertEqual(table, rows)


if __name__ == "__main__":
    unittest.main()
