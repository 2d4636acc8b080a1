# SPDX-License-Identifier: Apache-2.0
"""COMMIT is sent and no answer comes. The executor finds out what became of it; only where nobody can tell it says so."""

import signal
import unittest

from faults_support import Faults, executor, wrapped
from proxy import Proxy

MARK = b"COMMIT WORK"


def marked(body):
    return wrapped(body).replace("COMMIT;", "COMMIT WORK;")


FILES = {"_001_a": "CREATE TABLE a (n integer);", "_002_b": marked("CREATE TABLE b ();"), "_003_c": "CREATE TABLE c ();"}
TRACELESS = {**FILES, "_002_b": marked("INSERT INTO a VALUES (1);")}


class Doubt(Faults):
    def setUp(self):
        super().setUp()
        self.name = self.database()

    def lose(self, files, is_done, *extra, **options):
        """An apply whose COMMIT of 002 gets no answer."""
        if files is TRACELESS:
            self.probe("002_b", "SELECT EXISTS (SELECT FROM a)")
        self.migrations(**files)
        self.by_psql(self.name, "001_a")
        self.psql(self.name, "CHECKPOINT")  # for the test that crashes: commits of a test's cluster do not wait for the disk
        self.proxy = Proxy(self.cluster.socket_dir, MARK, is_done, **options)
        self.addCleanup(self.proxy.close)
        return self.start("apply", self.name, *extra, url=self.cluster.conninfo(self.name).replace(str(self.cluster.socket_dir), str(self.proxy.folder)))

    def test_it_is_done(self):
        """Known to be done, with its receipt; the connection is gone for the file after it."""
        for number, files in enumerate((FILES, TRACELESS)):
            with self.subTest(files["_002_b"]):
                self.name = self.database(f"_{number}")
                done = self.finished(self.lose(files, True)).require(executor.CONFIGURATION)
                self.assertTrue(self.proxy.lost.is_set())
                self.assertIn("pgratchet: applied 002_b.sql in ", done.stderr)
                self.assertIn("test stays at 002\n", done.stderr)
                self.assertEqual([r["to"] for r in self.receipts()], ["002"])
                self.assert_goes_on(self.name, "002")
                self.receipts_file().unlink(missing_ok=True)

    def test_the_last_file_is_done(self):
        done = self.finished(self.lose({k: v for k, v in FILES.items() if k != "_003_c"}, True)).require(executor.DONE)
        self.assertTrue(self.proxy.lost.is_set())
        self.assertTrue(done.stderr.endswith("pgratchet: test is at 002\n"), done)
        self.assert_goes_on(self.name, "002", "002")

    def test_it_is_not_done(self):
        for number, files in enumerate((FILES, TRACELESS)):
            with self.subTest(files["_002_b"]):
                self.name = self.database(f"_{number}")
                done = self.finished(self.lose(files, False)).require(executor.CONFIGURATION)
                self.assertTrue(self.proxy.lost.is_set())
                self.assertIn("  002 was rolled back; test stays at 001\n", done.stderr)
                self.assertEqual(self.receipts(), [])
                self.assert_goes_on(self.name, "001")
                self.receipts_file().unlink(missing_ok=True)

    def test_nobody_can_tell(self):
        # Behind TRACELESS the session is cleaned: more is on its way than COMMIT. Patience with a server is for the start.
        for number, (files, is_done, extra) in enumerate(((FILES, True, ()), (FILES, False, ("--wait-for", "60min")), (TRACELESS, True, ()), (TRACELESS, False, ()))):
            with self.subTest(number):
                self.name, version = self.database(f"_{number}"), "002" if is_done else "001"
                running = self.lose(files, is_done, *extra, then_away=True)
                self.assertTrue(self.proxy.lost.wait(30))
                running.send_signal(signal.SIGTERM)  # half a minute is long for a test
                done = self.finished(running).require(executor.IN_DOUBT)
                self.assertRegex(done.stderr, r"error: COMMIT was sent and no answer came; what became of transaction \d+ cannot be learnt\n")
                self.assertIn("hint: when the server answers again, ask for the status", done.stderr)
                self.assert_goes_on(self.name, version)

    def test_the_server_crashes_with_it(self):
        """And comes back: it has lost the transaction, or its answer."""
        running = self.lose(FILES, False)
        self.assertTrue(self.proxy.lost.wait(30))
        self.cluster.crash()
        self.cluster.start_again()
        done = self.finished(running).require(executor.CONFIGURATION)
        self.assertIn("  002 was rolled back; test stays at 001\n", done.stderr)
        self.assert_goes_on(self.name, "001")


if __name__ == "__main__":
    unittest.main()
