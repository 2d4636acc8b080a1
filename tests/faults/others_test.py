# SPDX-License-Identifier: Apache-2.0
"""Somebody else changes the schema while migrations are on their way. Files that leave things behind for the next are in
deploy/apply (CleanSessions), settings of the database in deploy/healthy."""

import unittest

from faults_support import FILES, SHORT, Faults, executor


class Others(Faults):
    def setUp(self):
        super().setUp()
        self.migrations(**FILES)
        self.name = self.slow(self.database())

    def meanwhile(self, sql):
        """Done by somebody while 002 runs."""
        running = self.start("apply", self.name)
        self.wait_for_sleep(self.name)
        self.psql(self.name, sql)
        self.psql(self.name, "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
        return self.finished(running)

    def while_it_goes_on(self, sql):
        self.set_sleep(self.name, SHORT)
        running = self.start("apply", self.name)
        self.wait_for_sleep(self.name)
        self.psql(self.name, sql)
        return self.finished(running)

    def test_what_the_plan_does_not_know(self):
        done = self.while_it_goes_on("CREATE TABLE mine (); CREATE INDEX mine_too ON a (n)").require(executor.DONE)
        self.assertTrue(done.stderr.endswith("pgratchet: test is at 003\n"), done)
        self.assert_goes_on(self.name, "003")

    def test_what_an_earlier_file_made(self):
        """It is seen at the end: the migrations are applied, and what is no longer as it was is listed."""
        done = self.while_it_goes_on("ALTER TABLE a ADD extra integer, ALTER n SET NOT NULL").require(executor.STATE_REFUSES)
        self.assertIn("  drift: column public.a.n: not null: expected no, found yes\n", done.stderr)
        self.assertIn("error: the migrations are applied, and the schema is not what they leave: somebody else changed it meanwhile, or", done.stderr)
        self.assertEqual([r["to"] for r in self.receipts()], ["002", "003"])
        self.psql(self.name, "ALTER TABLE a ALTER n DROP NOT NULL")
        self.assert_goes_on(self.name, "003")

    def test_between_two_runs(self):
        self.meanwhile("ALTER TABLE a ALTER n SET NOT NULL").require(executor.SQL_FAILED)
        self.set_sleep(self.name, None)
        self.assert_refused(self.name, "test has drifted from the plan; nothing was changed")
        self.psql(self.name, "ALTER TABLE a ALTER n DROP NOT NULL")
        self.assert_goes_on(self.name)

    def test_what_a_pending_file_makes(self):
        """It waits for the other's name to be free, and then there is no room for its own."""
        self.set_sleep(self.name, SHORT)
        other = self.session(self.name)
        running = self.start("apply", self.name)
        self.wait_for_sleep(self.name)
        other.run("BEGIN; CREATE TABLE c (other text);")
        self.wait_for(self.name, "wait_event_type = 'Lock'")
        other.run("COMMIT;")
        done = self.finished(running).require(executor.SQL_FAILED)
        self.assertIn("DIR/migrations/002_b.sql:4:1: error: ", self.named(done.stderr))
        self.assertIn("  002 was rolled back; test stays at 001\n", done.stderr)
        self.set_sleep(self.name, None)
        self.psql(self.name, "DROP TABLE c")
        self.assert_goes_on(self.name)

    def test_an_earlier_file_changes_meanwhile(self):
        """What a later one does is diagnosed all the same, but for places within routines of that file."""
        self.migrations(**{**FILES, "_003_d": "DO $$ BEGIN IF current_setting('faults.sleep', true) <> '' THEN RAISE 'not here'; END IF; END $$;\nCREATE TABLE d ();"})
        self.set_sleep(self.name, SHORT)
        running = self.start("apply", self.name)
        self.wait_for_sleep(self.name)
        (self.folder / "001_a.sql").write_text("BEGIN;\nCREATE TABLE other ();\nCOMMIT;\n", encoding="utf-8")
        done = self.finished(running).require(executor.SQL_FAILED)
        self.assertRegex(self.named(done.stderr), r"DIR/migrations/003_d\.sql:2:65: error: not here \[P0001\]\n")
        self.assertIn("  003 was rolled back; test stays at 002\n", done.stderr)
        self.assertEqual([r["to"] for r in self.receipts()], ["002"])

    def test_status_beside_an_open_alter(self):
        """What is not committed is not there, and status does not wait for it."""
        self.migrations(_004_v="CREATE VIEW v AS SELECT n FROM a;")
        self.set_sleep(self.name, None)
        self.apply(self.name)
        other = self.session(self.name)
        other.run("SET application_name = 'the_culprit'; BEGIN; ALTER TABLE a ADD other integer;")
        done = self.executor.on("status", self.plan, self.cluster.conninfo(self.name))
        self.assertIn(done.code, (executor.DONE, executor.LOCKED), done)
        self.assertIn("test is at 004" if done.code == executor.DONE else "the_culprit", done.stdout + done.stderr)
        other.run("ROLLBACK;")
        self.assert_goes_on(self.name, "004", "004")


if __name__ == "__main__":
    unittest.main()
