# SPDX-License-Identifier: Apache-2.0
"""The server ends a session, crashes, or is away."""

import unittest

from faults_support import FILES, Faults, executor


class Servers(Faults):
    def setUp(self):
        super().setUp()
        self.migrations(**FILES)
        self.name = self.database()

    def test_the_session_is_ended(self):
        self.slow(self.name)
        running = self.start("apply", self.name)
        self.wait_for_sleep(self.name)
        self.psql(self.name, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
        done = self.finished(running).require(executor.CONFIGURATION)
        self.assertEqual(self.named(done.stderr), "DIR/migrations/002_b.sql:3:1: error: terminating connection due to administrator command [57P01]\n"
                                                  "  002 was rolled back; test stays at 001\n")
        self.assert_goes_on(self.name)

    def test_somebody_cancels_the_statement(self):
        self.slow(self.name)
        running = self.start("apply", self.name)
        self.wait_for_sleep(self.name)
        self.psql(self.name, "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
        done = self.finished(running).require(executor.SQL_FAILED)
        self.assertEqual(self.named(done.stderr), "DIR/migrations/002_b.sql:3:1: error: canceling statement due to user request [57014]\n"
                                                  "  002 was rolled back; test stays at 001\n")
        self.assert_goes_on(self.name)

    def test_it_crashes(self):
        self.slow(self.name)
        running = self.start("apply", self.name)
        self.wait_for_sleep(self.name)
        self.psql(self.name, "CHECKPOINT")  # commits of a test's cluster do not wait for the disk
        self.cluster.crash()
        done = self.finished(running).require(executor.CONFIGURATION)
        self.assertIn("DIR/migrations/002_b.sql:3:1: error: ", self.named(done.stderr))
        self.assertIn("  002 was rolled back; test stays at 001\n", done.stderr)
        self.cluster.start_again()
        self.assert_goes_on(self.name)

    def test_away_at_the_start(self):
        self.cluster.stop_server()
        done = self.executor.apply(self.plan, self.cluster.conninfo(self.name)).require(executor.CONFIGURATION)
        self.assertIn("test cannot be reached", done.stderr)
        running = self.start("apply", self.name, "--wait-for", "1min")
        said = running.stderr.readline()
        self.assertTrue(said.startswith("pgratchet: waiting for the server of test: "), said)
        self.cluster.start_again()
        done = self.finished(running).require(executor.DONE)
        self.assertTrue(done.stderr.endswith("pgratchet: test is at 003\n"), done)

    def test_away_for_too_long(self):
        self.cluster.stop_server()
        done = self.executor.on("status", self.plan, self.cluster.conninfo(self.name), "--wait-for", "1s").require(executor.CONFIGURATION)
        self.assertEqual(done.stderr.count("waiting for the server of test: "), 1, done)
        self.assertIn("pgratchet: error: test cannot be reached", done.stderr)
        self.cluster.start_again()
        self.assert_goes_on(self.name, None)

    def test_what_does_not_pass_is_not_waited_for(self):
        done = self.executor.on("status", self.plan, self.cluster.conninfo("no_such_database"), "--wait-for", "1min").require(executor.CONFIGURATION)
        self.assertNotIn("waiting for", done.stderr)


if __name__ == "__main__":
    unittest.main()
