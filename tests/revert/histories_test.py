# SPDX-License-Identifier: Apache-2.0
"""Migrations of made-up histories are taken back, each with those before it, and each file is proven.

PGRATCHET_TEST_SEED chooses the histories.
"""

import json
import os
import shutil
import unittest

from revert_support import Reverts, answered, executor

import histories

WANTED = 25
FILES = 9  # of a history: each is taken back with those before it
SEED = os.environ.get("PGRATCHET_TEST_SEED", "first half")


class Histories(Reverts):
    def test_each_of_many(self):
        self.cluster.create_roles([histories.ROLE])
        taken_back, lost, number = 0, 0, 0
        while taken_back < WANTED:
            number += 1
            made = histories.generate(self.work / f"made {number}", FILES, f"{SEED} {number}", self.cluster.major)
            for k in range(1, FILES + 1):
                if taken_back < WANTED:
                    with self.subTest(seed=f"{SEED} {number}", file=made.files[k - 1].name):
                        result = self.take_back(made, k)
                        taken_back += result is not None
                        lost += result or 0
        print(f"{taken_back} migrations of {number} histories were taken back; {lost} of them left something", flush=True)
        self.assertLess(lost, WANTED // 5)

    def take_back(self, made, k):
        """None if the file leaves no trace in the schema; else whether something could not be brought back."""
        for folder in (self.folder, self.probes):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
        for path in made.paths[:k]:
            shutil.copy(path, self.folder)
        for file in made.files[:k]:
            if file.probe:
                shutil.copy(made.probes / f"{file.version}_rows_arrived.sql", self.probes)
        self.try_compile().require()
        plan = json.loads(self.plan.read_text(encoding="utf-8"))
        if not plan["migrations"][-1]["effect"]:
            return None
        done = self.try_revert(made.files[k - 1].version).require()
        path = self.folder / done.stdout.rstrip("\n").rsplit("/", 1)[1]
        text = path.read_text(encoding="utf-8")
        path.write_text(answered(text), encoding="utf-8")
        if made.files[k - 1].moves_data or "unanswered work " in text:
            # Where rows were worked on, somebody has to say by a probe how both states are told apart.
            self.probe(f"{path.name[:3]}_taken_back", "SELECT true")
        compiled = self.try_compile()
        self.assertEqual(compiled.code, executor.DONE, f"{compiled}\n---- {path.name}\n{text}")
        return "nothing was found that" in text


if __name__ == "__main__":
    unittest.main()
