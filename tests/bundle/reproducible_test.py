# SPDX-License-Identifier: Apache-2.0
"""Two builds of one source, in two folders, at two times, under two umasks and on two file systems, give equal bytes."""

import os
import shutil
import tempfile
import unittest
from pathlib import Path

from bundle_support import MADE, Bundles, install, make_project, pack


def another_file_system():
    """A folder on another one than the temporary folder's, if there is any: it lists its files in another order."""
    here = os.stat(tempfile.gettempdir()).st_dev
    for folder in ("/dev/shm", "/var/tmp", os.path.expanduser("~")):
        if os.path.isdir(folder) and os.access(folder, os.W_OK) and os.stat(folder).st_dev != here:
            return folder
    return None


class Reproducible(Bundles):
    def test_packages(self):
        elsewhere = Path(tempfile.mkdtemp(prefix="pgr-another-", dir=another_file_system()))
        self.addCleanup(shutil.rmtree, elsewhere, ignore_errors=True)
        project = make_project(elsewhere / "a folder of another name, and longer", 4)
        # Written in another order, with other modes and times.
        for file in sorted((project / "migrations").rglob("*.sql"), reverse=True):
            content = file.read_bytes()
            file.unlink()
            file.write_bytes(content)
            file.chmod(0o600)
            os.utime(file, (946684800, 946684800))
        prefix = install(elsewhere / "installed elsewhere")
        for made in pack(project, prefix, key=MADE / "ops.key", umask=0o077):
            first = next((MADE / "4").glob("*" + "".join(made.suffixes[-1:])))
            self.assertEqual(first.name, made.name)
            self.assertEqual(first.read_bytes(), made.read_bytes(), f"{first} {made}")


if __name__ == "__main__":
    unittest.main()
