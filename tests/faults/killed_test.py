# SPDX-License-Identifier: Apache-2.0
"""The executor is killed, with no chance to say anything: the server ends its session, and a rerun goes on."""

import os
import signal
import unittest

from faults_support import FILES, NO_TRANSACTION, SHORT, SLEEP, Faults, executor

MANY = "CREATE TABLE b (n integer);\n" + SLEEP + "\n" + "".join(f"CREATE TABLE b{k} (n integer);\n" for k in range(400))


class Killed(Faults):
    def kill(self, process):
        process.kill()
        process.communicate()

    def test_in_the_middle_of_a_statement(self):
        self.migrations(**FILES)
        database = self.slow(self.database())
        running = self.start("apply", database)
        self.wait_for_sleep(database)
        self.kill(running)
        if self.cluster.major < 14:  # knows no client_connection_check_interval: its backend ends with the statement
            self.psql(database, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
        self.wait_gone(database)
        self.assert_goes_on(database)

    def test_what_was_done_before_is_on_record(self):
        """Word of a migration is given while the server works on the next one, and not behind it."""
        for mark, concurrently in (("", ""), (NO_TRANSACTION, "CONCURRENTLY ")):
            with self.subTest(concurrently):
                self.migrations(_001_a="CREATE TABLE a (n integer);", _002_b="CREATE TABLE b ();", _003_c=f"{mark}CREATE INDEX {concurrently}a_n ON a (n);")
                database = self.database(concurrently.strip().lower())
                self.by_psql(database, "001_a")
                self.receipts_file().unlink(missing_ok=True)
                holder = self.session(database)
                holder.run("BEGIN; INSERT INTO a VALUES (1);")
                running = self.start("apply", database)
                self.wait_for(database, "query LIKE 'CREATE INDEX%' AND wait_event_type = 'Lock'")
                self.assertRegex(running.stderr.readline(), r"^pgratchet: applied 002_b\.sql in ")
                self.kill(running)
                self.assertEqual([r["to"] for r in self.receipts()], ["002"])
                holder.run("COMMIT;")

    def killed_while_the_server_waits(self, database, condition):
        """Stopped while the server works on what it has got, and killed once that is done."""
        running = self.start("apply", database)
        self.wait_for_sleep(database)
        os.kill(running.pid, signal.SIGSTOP)
        self.wait_for(database, f"wait_event = 'ClientRead' AND {condition}")
        self.kill(running)
        self.wait_gone(database)

    def test_between_two_statements(self):
        self.migrations(**{**FILES, "_002_b": MANY})
        database = self.slow(self.database(), SHORT)
        self.killed_while_the_server_waits(database, "query LIKE 'CREATE TABLE b%'")
        self.assert_goes_on(database)
        self.assertEqual(self.psql(database, "SELECT count(*) FROM pg_class WHERE relname ~ '^b[0-9]'"), "400")

    def test_just_before_the_commit(self):
        self.migrations(**FILES)
        database = self.database()
        self.set_sleep(database, SHORT)
        self.killed_while_the_server_waits(database, "state LIKE 'idle in transaction%'")
        self.assert_goes_on(database)

    def test_a_rerun_says_whom_it_waits_for(self):
        """The backend of an executor that is gone still works, and holds the lock."""
        self.migrations(**FILES)
        database = self.slow(self.database())
        first = self.start("apply", database)
        self.wait_for_sleep(database)
        pid = self.psql(database, "SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
        second = self.start("apply", database)
        self.assertRegex(second.stderr.readline(),
                         rf"\Apgratchet: waiting for another deployer: pgratchet apply, process {pid} of postgres \(local\) "
                         r"since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC; its statement runs for \d+ s\n\Z")
        self.kill(first)
        if self.cluster.major < 14:
            self.psql(database, f"SELECT pg_terminate_backend({pid})")
        self.set_sleep(database, None)
        # The second session has begun under the old setting, which a new one has not.
        self.psql(database, "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND pid <> " + pid)
        second.terminate()
        self.finished(second)
        self.assert_goes_on(database)

    def test_a_holder_of_the_lock_that_died(self):
        self.migrations(**FILES)
        database = self.database()
        holder = self.session(database)
        holder.run("SELECT pg_advisory_lock(8099568217739192421);")
        running = self.start("apply", database)
        self.assertIn("waiting for another deployer: psql, process ", running.stderr.readline())
        holder.kill()
        done = self.finished(running).require(executor.DONE)
        self.assertIn("applied 003_d.sql", done.stderr)
        self.assert_goes_on(database, "003")


if __name__ == "__main__":
    unittest.main()
