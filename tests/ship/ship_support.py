# SPDX-License-Identifier: Apache-2.0
"""Runs programs in a folder of its own, without what could reach a test from outside."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "tests" / "support"))

import executor  # noqa: E402

BUILD = Path(os.environ["PGRATCHET_BUILD"])


class Ship(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.work = Path(tempfile.mkdtemp(prefix="pgr-ship-"))
        self.addCleanup(shutil.rmtree, self.work, ignore_errors=True)
        self.work.chmod(0o755)
        self.executor = executor.Executor(environment={"XDG_STATE_HOME": str(self.work / "state")})

    def run_it(self, *command, cwd=None, fails=False, **variables):
        command = [str(word) for word in command]
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "MAKE", "CTEST_", "CMAKE_"))}
        done = subprocess.run(command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              env={**kept, "XDG_STATE_HOME": str(self.work / "state"), **variables}, text=True,
                              encoding="utf-8", errors="replace", check=False)
        self.assertEqual(done.returncode != 0, fails, f"$ {' '.join(command)}\n{done.stdout}")
        return done.stdout
