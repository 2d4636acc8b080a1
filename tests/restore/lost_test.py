# SPDX-License-Identifier: Apache-2.0
"""The connection is lost while the databases are swapped: it is found out which one has the name."""

import sys
import unittest

from restore_support import PROJECT, TWO, Restores, executor

sys.path.insert(0, str(PROJECT / "tests" / "faults"))

from proxy import Proxy  # noqa: E402

SWAP = b"RENAME TO"


class Lost(Restores):
    def setUp(self):
        super().setUp()
        self.migrations(**TWO)
        self.name = self.database()
        self.by_psql(self.name, "001_a")
        self.psql(self.name, "INSERT INTO a SELECT n, 'x' FROM generate_series(1, 10) n")
        self.backup(self.name)
        self.psql(self.name, "DELETE FROM a")

    def restored_through(self, code, **how):
        proxy = Proxy(self.cluster.socket_dir, SWAP, **how)
        self.addCleanup(proxy.close)
        done = self.restore(self.name, code=code, url=self.cluster.conninfo(self.name).replace(str(self.cluster.socket_dir), str(proxy.folder)))
        self.assertTrue(proxy.lost.is_set())
        return done

    def test_it_is_done(self):
        done = self.restored_through(executor.DONE, is_done=True)
        self.addCleanup(self.cluster.drop_database, self.assert_restored(self.name, done))
        self.assertEqual(self.psql(self.name, "SELECT count(*) FROM a"), "10")

    def test_it_is_not_done(self):
        server, picture = self.server(), self.picture(self.name)
        done = self.restored_through(executor.BACKUP_FAILED, is_done=False)
        self.assertRegex(done.stderr, r"(?s)error: the connection was lost while the databases were swapped: .*; nothing was changed\n")
        self.assertEqual(self.server(), server)
        self.assert_picture(self.name, picture)

    def test_nobody_answers(self):
        done = self.restored_through(executor.IN_DOUBT, is_done=True, then_away=True)
        self.assertIn(f"whether {self.name} is the restored one cannot be told", done.stderr)
        kept = self.kept(self.name)
        self.assertEqual(len(kept), 1)
        self.assertIn(f"{kept[0]} in pg_database: with the second one there it is done", done.stderr)
        self.addCleanup(self.cluster.drop_database, kept[0])
        self.assertEqual(self.psql(self.name, "SELECT count(*) FROM a"), "10")


if __name__ == "__main__":
    unittest.main()
