# SPDX-License-Identifier: Apache-2.0
"""Two builds of the executor, in two folders and without a compiler cache, give equal bytes once stripped."""

import os
import shutil
import tempfile
import unittest
from pathlib import Path

from bundle_support import PROJECT, run

# Without optimization, and with one source for a target, it is soon built; where paths could leak is the same.
FLAGS = ["-DCMAKE_BUILD_TYPE=RelWithDebInfo", "-DCMAKE_CXX_FLAGS_RELWITHDEBINFO=-O0 -g",
         "-DCMAKE_UNITY_BUILD_BATCH_SIZE=0"]


class Executor(unittest.TestCase):
    def build(self, folder):
        source = folder / "pgratchet"
        source.mkdir(parents=True)
        for name in ("CMakeLists.txt", "LICENSE", "README.md", "CHANGELOG.md"):
            shutil.copy(PROJECT / name, source)
        for name in ("cmake", "docs", "tool", "migrations"):
            shutil.copytree(PROJECT / name, source / name)
        run("cmake", "-G", "Ninja", *FLAGS, "-S", source, "-B", folder / "build")
        run("cmake", "--build", folder / "build", "--target", "pgratchet", CCACHE_DISABLE="1")
        program = folder / "build" / "tool" / "pgratchet"
        run("strip", "--strip-all", program)
        return program.read_bytes()

    def test_equal_bytes(self):
        work = Path(tempfile.mkdtemp(prefix="pgr-executor-"))
        self.addCleanup(shutil.rmtree, work, ignore_errors=True)
        first = self.build(work / "one")
        second = self.build(work / "another folder, with a longer name")
        self.assertNotIn(os.fsencode(str(work)), first)
        self.assertTrue(first == second, "the two programs differ")


if __name__ == "__main__":
    unittest.main()
