# SPDX-License-Identifier: Apache-2.0
"""Somebody presses Ctrl-C, or a scheduler asks the executor to end: it rolls back, says so, and ends as interrupted programs do."""

import re
import signal
import socket
import time
import unittest

from faults_support import FILES, LONG, NO_TRANSACTION, OURS, SLEEP, Faults, executor

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class WhileApplying(Faults):
    def test_in_the_middle_of_a_statement(self):
        self.migrations(**FILES)
        database = self.slow(self.database())
        for number in SIGNALS:
            with self.subTest(number.name):
                running = self.start("apply", database)
                self.wait_for_sleep(database)
                running.send_signal(number)
                done = self.finished(running)
                self.assert_ended_by(done, number)
                self.assertEqual(self.named(done.stderr), f"DIR/migrations/002_b.sql:3:1: error: interrupted by {number.name}\n"
                                                          "  002 was rolled back; test stays at 001\n")
                self.wait_gone(database)
                self.assert_at(database, "001")
        self.assertEqual(self.receipts(), [])
        self.assert_goes_on(database)

    def test_with_much_behind_the_statement(self):
        """More than a connection takes while the server is at the first statement."""
        functions = "".join(f"CREATE FUNCTION f{n}() RETURNS text LANGUAGE sql AS $$ SELECT '{'x' * 1000}' $$;\n" for n in range(400))
        self.migrations(**{**FILES, "_002_b": f"{SLEEP}\n{functions}"})
        database = self.database()
        self.set_sleep(database, LONG)
        running = self.start("apply", database)
        self.wait_for_sleep(database)
        self.assertIn("applied 001_a.sql", running.stderr.readline())
        running.send_signal(signal.SIGINT)
        done = self.finished(running, 20)
        self.assert_ended_by(done, signal.SIGINT)
        self.assertIn("  002 was rolled back; test stays at 001\n", done.stderr)
        self.assert_goes_on(database)

    def test_by_a_shells_count(self):
        """A script that looks at $? sees 128 + the signal's number."""
        import subprocess
        self.migrations(**FILES)
        database = self.slow(self.database())
        shell = subprocess.Popen(["sh", "-c", '"$@" & trap "kill -TERM $!" USR1; wait $!; wait $!; echo "exit code $?"', "sh", self.executor.program,
                                  "apply", "--plan", self.plan, "--environment", "test", "--url-variable", executor.URL_VARIABLE],
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                 env=self.executor.environment(self.cluster.conninfo(database)))
        self.addCleanup(self.end, shell)
        self.wait_for_sleep(database)
        shell.send_signal(signal.SIGUSR1)
        stdout, stderr = shell.communicate(timeout=60)
        self.assertEqual(stdout, "exit code 143\n", stderr)
        self.assert_goes_on(database)

    def test_without_a_transaction(self):
        self.migrations(_001_a="CREATE TABLE a (n integer, m integer);",
                        _002_b=NO_TRANSACTION + "CREATE INDEX CONCURRENTLY a_n ON a (n);\nCREATE INDEX CONCURRENTLY a_m ON a (m);\n",
                        _003_c="CREATE TABLE c ();")
        database = self.database()
        self.by_psql(database, "001_a")
        self.psql(database, "CREATE INDEX CONCURRENTLY a_n ON a (n)")
        holder = self.session(database)
        holder.run("BEGIN; INSERT INTO a VALUES (1, 1);")
        running = self.start("apply", database)
        self.wait_for(database, "query LIKE 'CREATE INDEX%a_m%' AND wait_event_type = 'Lock'")
        running.send_signal(signal.SIGINT)
        done = self.finished(running)
        self.assert_ended_by(done, signal.SIGINT)
        self.assertEqual(self.named(done.stderr), "DIR/migrations/002_b.sql:3:1: error: interrupted by SIGINT\n"
                         "  002 has no transaction: statement 2 of 2 was cut off, those before it stay; test is between 001 and 002\n"
                         "  hint: the next run goes on with this statement\n")
        holder.run("COMMIT;")
        found = self.status(database)
        self.assertEqual((found["state"], found["version"], found["statements_done"]), ("partial", "001", 1))
        self.assertIn("dropped the invalid index public.a_m", self.apply(database).stderr)
        self.assert_at(database, "003")

    def test_while_it_waits_for_another_deployer(self):
        self.migrations(**FILES)
        database = self.database()
        holder = self.session(database)
        holder.run("SELECT pg_advisory_lock(8099568217739192421);")
        running = self.start("apply", database)
        self.assertIn("waiting for another deployer", running.stderr.readline())
        running.send_signal(signal.SIGTERM)
        done = self.finished(running)
        self.assert_ended_by(done, signal.SIGTERM)
        self.assertEqual(done.stderr, "pgratchet: error: interrupted by SIGTERM; nothing was changed\n")
        holder.close()
        self.assert_goes_on(database, None)

    def test_between_two_tries(self):
        self.migrations(_001_a="CREATE TABLE a (n integer);", _002_b="ALTER TABLE a ADD m integer;", _003_c="CREATE TABLE c ();")
        database = self.database()
        self.by_psql(database, "001_a")
        holder = self.session(database)
        holder.run("BEGIN; LOCK TABLE a IN ROW EXCLUSIVE MODE;")
        running = self.start("apply", database, "--lock-timeout", "50ms", "--lock-retries", "100")
        for _ in range(3):  # the pauses grow: by now it is in one
            self.assertIn("is tried again", running.stderr.readline())
        running.send_signal(signal.SIGTERM)
        done = self.finished(running)
        self.assert_ended_by(done, signal.SIGTERM)
        self.assertTrue(done.stderr.endswith("pgratchet: error: interrupted by SIGTERM; test stays at 001\n"), done)
        holder.close()
        self.assert_goes_on(database)

    def test_the_second_of_two_files(self):
        """What is committed stays, and has its receipt."""
        self.migrations(**FILES)
        database = self.database()
        self.set_sleep(database, 60)
        running = self.start("apply", database)
        self.wait_for_sleep(database)
        running.send_signal(signal.SIGINT)
        done = self.finished(running)
        self.assertIn("applied 001_a.sql", done.stderr)
        self.assertIn("  002 was rolled back; test stays at 001\n", done.stderr)
        self.assertEqual([r["to"] for r in self.receipts()], ["001"])
        self.assert_goes_on(database)

    def test_what_is_ignored_stays_ignored(self):
        """As under nohup, or in the background of a script."""
        self.migrations(**FILES)
        database = self.slow(self.database())
        before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
        try:
            running = self.start("apply", database)
        finally:
            signal.signal(signal.SIGHUP, before)
        self.wait_for_sleep(database)
        running.send_signal(signal.SIGHUP)
        running.send_signal(signal.SIGTERM)
        self.assertIn("interrupted by SIGTERM", self.finished(running).stderr)
        self.assert_goes_on(database)


class WhileCommitting(Faults):
    """A standby that has to confirm each commit, and is not there: COMMIT waits."""

    def setUp(self):
        super().setUp()
        self.psql("postgres", "ALTER SYSTEM SET synchronous_commit = local; ALTER SYSTEM SET synchronous_standby_names = 'away'; SELECT pg_reload_conf()")
        self.addCleanup(self.psql, "postgres", "ALTER SYSTEM RESET ALL; SELECT pg_reload_conf()")
        self.migrations(**FILES)
        self.name = self.database()
        self.by_psql(self.name, "001_a")
        self.psql("postgres", f'ALTER DATABASE "{self.name}" SET synchronous_commit = on')
        self.running = self.start("apply", self.name)
        self.wait_for(self.name, "wait_event = 'SyncRep'")

    def standby_comes(self):
        self.psql("postgres", "ALTER SYSTEM RESET synchronous_standby_names; SELECT pg_reload_conf()")

    def test_a_commit_is_not_cancelled(self):
        self.running.send_signal(signal.SIGINT)
        time.sleep(0.3)  # three times as long as the executor needs to cancel something
        self.assertEqual(self.psql(self.name, f"SELECT wait_event {OURS}"), "SyncRep")
        self.standby_comes()
        done = self.finished(self.running)
        self.assert_ended_by(done, signal.SIGINT)
        self.assertRegex(done.stderr, r"\Apgratchet: applied 002_b.sql in [\d.]+ m?s\npgratchet: error: interrupted by SIGINT; test stays at 002\n\Z")
        self.assertEqual([r["to"] for r in self.receipts()], ["002"])
        self.psql("postgres", f'ALTER DATABASE "{self.name}" RESET synchronous_commit')
        self.assert_goes_on(self.name, "002")

    def test_the_second_signal_ends_it_at_once(self):
        """After two seconds: one key that bounces is no second wish."""
        self.running.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        self.running.send_signal(signal.SIGTERM)
        time.sleep(2.2)
        self.assertIsNone(self.running.poll())
        deadline = time.monotonic() + 20  # two seconds from when it noticed the first
        while self.running.poll() is None and time.monotonic() < deadline:
            self.running.send_signal(signal.SIGTERM)
            time.sleep(0.5)
        self.assertEqual(self.finished(self.running, 10).code, 143)
        self.standby_comes()
        self.psql("postgres", f'ALTER DATABASE "{self.name}" RESET synchronous_commit')
        self.assert_goes_on(self.name, "002")


class ElseWhere(Faults):
    def interrupt(self, running, number=signal.SIGTERM):
        running.send_signal(number)
        done = self.finished(running)
        self.assert_ended_by(done, number)
        return done

    def test_a_probe(self):
        self.probe("002_b", SLEEP.rstrip(";") + " IS NOT NULL")
        self.migrations(**FILES)
        database = self.slow(self.database())
        running = self.start("verify", database)
        self.wait_for_sleep(database)
        self.assertEqual(self.interrupt(running).stderr, "pgratchet: error: interrupted by SIGTERM\n")
        self.assert_goes_on(database)

    def test_status_behind_a_lock_on_the_catalog(self):
        self.migrations(**FILES)
        database = self.database()
        self.by_psql(database, "001_a")
        holder = self.session(database)
        holder.run("BEGIN; LOCK TABLE pg_catalog.pg_policy IN ACCESS EXCLUSIVE MODE;")
        running = self.start("status", database)
        self.wait_for(database, "wait_event_type = 'Lock'")
        done = self.interrupt(running, signal.SIGINT)
        self.assertIn("interrupted by SIGINT", done.stderr)
        holder.close()
        self.assert_goes_on(database)

    def test_compile(self):
        self.write(_001_a="CREATE TABLE a ();\nSELECT pg_sleep(60);")
        running = self.executor.start("compile", "--migrations", self.folder, "--plan", self.plan, "--shadow-url-variable", executor.URL_VARIABLE,
                                      url=self.cluster.conninfo("postgres"))
        self.addCleanup(self.end, running)
        self.wait_until("postgres", "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'pgratchet compile' AND wait_event = 'PgSleep')")
        done = self.interrupt(running, signal.SIGINT)
        self.assertEqual(done.stderr, "pgratchet: error: interrupted by SIGINT\n")
        self.assertFalse(self.plan.exists())
        self.assertEqual(self.psql("postgres", "SELECT count(*) FROM pg_database WHERE datname LIKE 'pgratchet%'"), "0")

    def test_compile_on_a_private_server(self):
        """Its server ends with it."""
        self.write(_001_a="CREATE TABLE a ();\nDO $$ BEGIN RAISE NOTICE 'now'; PERFORM pg_sleep(60); END $$;")
        running = self.executor.start("compile", "--migrations", self.folder, "--plan", self.plan, "--data-dir", self.work / "shadow")
        self.addCleanup(self.end, running)
        self.assertIn("now", running.stderr.readline())
        self.interrupt(running)
        self.assertEqual(list((self.work / "shadow").rglob("postmaster.pid")), [])

    def test_a_server_that_says_nothing(self):
        """Somebody listens, and does not speak PostgreSQL's protocol."""
        self.migrations(**FILES)
        listener = socket.socket(socket.AF_UNIX)
        self.addCleanup(listener.close)
        listener.bind(str(self.work / ".s.PGSQL.5432"))
        listener.listen()
        running = self.start("status", None, url=f"host={self.work} dbname=x user=x connect_timeout=600")
        self.addCleanup(listener.accept()[0].close)
        self.assertEqual(self.interrupt(running).stderr, "pgratchet: error: interrupted by SIGTERM\n")

    def test_waiting_for_a_server(self):
        self.migrations(**FILES)
        running = self.start("apply", None, "--wait-for", "1min", url=f"host={self.work} dbname=x user=x")
        self.assertTrue(re.match("pgratchet: waiting for the server of test: ", running.stderr.readline()))
        self.assertEqual(self.interrupt(running).stderr.splitlines()[-1], "pgratchet: error: interrupted by SIGTERM")


if __name__ == "__main__":
    unittest.main()
