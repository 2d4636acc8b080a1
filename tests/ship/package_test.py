# SPDX-License-Identifier: Apache-2.0
"""The package of pgratchet itself: lintian has no errors, and it installs and works on a clean Debian 12."""

import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from ship_support import BUILD, Ship

import clean_root

PROJECT_FILES = {
    "CMakeLists.txt": "cmake_minimum_required(VERSION 3.25)\nproject(shop LANGUAGES NONE)\nenable_testing()\n"
                      "find_package(PgRatchet 1.0 REQUIRED)\npgratchet_add_migrations(shop DIRECTORY migrations)\n",
    "migrations/001_first.sql": "BEGIN;\nCREATE TABLE first ();\nCOMMIT;\n",
}


class Package(Ship):
    @classmethod
    def setUpClass(cls):
        packed = Path(tempfile.mkdtemp(prefix="pgr-packed-"))
        cls.addClassCleanup(shutil.rmtree, packed, ignore_errors=True)
        subprocess.run(["cpack", "--config", str(BUILD / "pgratchet.cpack.cmake"), "-G", "DEB", "-B", str(packed)], cwd=BUILD,
                       check=True, stdout=subprocess.DEVNULL)
        cls.deb = next(packed.glob("*.deb"))

    def test_clean_root(self):
        root = clean_root.CleanRoot()
        self.addCleanup(root.remove)
        shutil.copy(self.deb, root.home)
        root.run(f"apt-get install --yes --no-install-recommends ./{self.deb.name}", as_root=True)
        self.assertRegex(root.run("pgratchet --version"), r"^pgratchet \d")
        root.run("pgratchet init shop")
        root.run("test -f shop/migrations/001_initial_schema.sql")
        for name, text in PROJECT_FILES.items():
            file = root.home / "plain" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        root.run("cmake -G Ninja -S plain -B build")
        self.assertIn("no PostgreSQL server programs found", root.run("cmake --build build", fails=True))
        for file in ("man/man1/pgratchet-apply.1.gz", "bash-completion/completions/pgratchet",
                     "zsh/vendor-completions/_pgratchet", "fish/vendor_completions.d/pgratchet.fish",
                     "doc/pgratchet/copyright", "doc/pgratchet/changelog.gz",
                     "doc/pgratchet/README.md", "doc/pgratchet/docs/operations.md", "doc/pgratchet/docs/warnings/all-rows.md"):
            root.run(f"test -s /usr/share/{file}")
        root.run("apt-get purge --yes pgratchet", as_root=True)
        root.run("command -v pgratchet", fails=True)

    def test_lintian(self):
        if not shutil.which("lintian"):
            self.skipTest("lintian is not installed: ./bootstrap")
        done = subprocess.run(["lintian", "--fail-on", "error", "--allow-root", str(self.deb)], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout)


if __name__ == "__main__":
    unittest.main()
