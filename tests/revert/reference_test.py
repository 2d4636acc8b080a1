# SPDX-License-Identifier: Apache-2.0
"""Each migration of the reference schema is taken back, and the dump is that of the version before."""

import shutil
import unittest

from revert_support import PROJECT, Reverts


class Reference(Reverts):
    def take_back(self, count):
        for file in sorted((PROJECT / "migrations").glob("*.sql"))[:count]:
            shutil.copy(file, self.folder)
        self.compile("--role", "sandgnat_app")
        self.reverted(f"{count:03}")
        names = sorted(file.stem for file in self.folder.glob("*.sql"))
        before, after = self.database("_before"), self.database("_after")
        self.by_psql(before, *names[:count - 1])
        self.by_psql(after, *names)
        self.assertEqual(self.schema(before), self.schema(after))
        self.assertNotEqual(names[count], names[count - 1])

    def test_001(self):
        self.take_back(1)

    def test_002(self):
        self.take_back(2)

    def test_003(self):
        self.take_back(3)

    def test_004(self):
        self.take_back(4)


if __name__ == "__main__":
    unittest.main()
