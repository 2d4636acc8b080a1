# SPDX-License-Identifier: Apache-2.0
"""A long transaction reads a table that a migration alters: everybody else goes on meanwhile."""

import threading
import time
import unittest

from faults_support import Faults, executor

LOCK_TIMEOUT = 0.3


class Readers(Faults):
    def setUp(self):
        super().setUp()
        self.migrations(_001_a="CREATE TABLE a (n integer);", _002_b="ALTER TABLE a ADD m integer;", _003_c="CREATE TABLE c ();")
        self.name = self.database()
        self.by_psql(self.name, "001_a")
        self.reader = self.session(self.name)
        self.reader.run("BEGIN; SELECT count(*) FROM a;")

    def others(self, until):
        """How long the queries of another session took, in seconds, until the event."""
        session, took = self.session(self.name), []

        def ask():
            while not until.is_set():
                start = time.monotonic()
                session.run("SELECT count(*) FROM a;")
                took.append(time.monotonic() - start)
        thread = threading.Thread(target=ask)
        thread.start()
        return thread, took

    def test_nobody_else_stands_still(self):
        """Behind an ALTER that waits without a limit they would, for as long as the reader reads."""
        done_reading = threading.Event()
        thread, took = self.others(done_reading)
        running = self.start("apply", self.name, "--lock-timeout", f"{int(LOCK_TIMEOUT * 1000)}ms", "--lock-retries", "20")
        queries = [len(took)]
        for _ in range(3):
            self.assertIn("is tried again", running.stderr.readline())
            queries.append(len(took))
        while len(took) == queries[-1]:  # the reader still reads, and somebody else has got an answer
            time.sleep(0.01)
        done_reading.set()
        thread.join(60)
        self.reader.run("COMMIT;")
        self.finished(running).require(executor.DONE)
        print(f"others: {len(took)} queries, the longest {max(took):.3f} s, with a lock timeout of {LOCK_TIMEOUT} s")
        self.assertTrue(all(a < b for a, b in zip(queries, queries[1:])), queries)  # they went on between the tries
        self.assertLess(max(took), 10 * LOCK_TIMEOUT)
        self.assert_goes_on(self.name, "003")

    def test_a_locked_catalog_is_waited_for(self):
        """The definition of a view cannot be read while its table is locked."""
        self.psql(self.name, "CREATE VIEW v AS SELECT n FROM a")
        holder = self.session(self.name)
        self.reader.run("COMMIT;")
        holder.run("BEGIN; LOCK TABLE a;")
        running = self.start("status", self.name)
        self.assertRegex(running.stderr.readline(), r"^pgratchet: waiting for the catalog, which is locked by process \d+ \(postgres, psql\), it is idle in transaction for \d+ s$")
        holder.run("COMMIT;")
        self.assertIn("test is at 001", self.finished(running).require().stdout)

    def test_a_catalog_that_stays_locked(self):
        self.psql(self.name, "CREATE VIEW v AS SELECT n FROM a")
        holder = self.session(self.name)
        self.reader.run("COMMIT;")
        holder.run("BEGIN; LOCK TABLE a;")
        done = self.executor.on("status", self.plan, self.cluster.conninfo(self.name)).require(executor.LOCKED)
        self.assertRegex(done.stderr, r"pgratchet: error: the catalog cannot be read: it is locked by process \d+ \(postgres, psql\), it is idle in transaction for \d+ s\n")
        self.assertEqual(done.stdout, "")

    def test_the_reader_wins_in_the_end(self):
        done = self.apply(self.name, "--lock-timeout", "50ms", "--lock-retries", "1", code=executor.LOCKED)
        self.assertIn("002 was rolled back; test stays at 001", done.stderr)
        self.reader.close()
        self.assert_goes_on(self.name)


if __name__ == "__main__":
    unittest.main()
