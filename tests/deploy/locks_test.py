# SPDX-License-Identifier: Apache-2.0
"""Several at once: executors that start together, and sessions that hold locks."""

import unittest

from deploy_support import NO_TRANSACTION, Deployment, executor

FILES = {f"_{k:03d}_t{k}": f"CREATE TABLE t{k} (id integer);\nINSERT INTO t{k} VALUES ({k});" for k in range(1, 7)}


class Together(Deployment):
    def start_together(self, count):
        self.migrations(**FILES)
        database = self.database()
        running = [self.start_apply(database) for _ in range(count)]
        for one in running:
            stdout, stderr = one.communicate(timeout=120)
            self.assertEqual((one.returncode, stdout), (executor.DONE, ""), stderr)
            self.assertTrue(stderr.endswith("pgratchet: test is at 006\n") or "pgratchet: test is at 006, nothing is pending\n" in stderr, stderr)
        for k in range(1, 7):
            self.assertEqual(self.psql(database, f"SELECT count(*) FROM t{k}"), "1")
        self.assertEqual([r["to"] for r in self.receipts()], [f"{k:03d}" for k in range(1, 7)])
        self.assert_at(database, "006")

    def test_two(self):
        self.start_together(2)

    def test_eight(self):
        self.start_together(8)

    def test_out_of_patience(self):
        self.migrations(_001_a="CREATE TABLE a ();")
        database = self.database()
        holder = self.session(database)
        holder.run("SELECT pg_advisory_lock(8099568217739192421);")
        done = self.assert_refused(database, "another deployer works on this database: psql, process ", code=executor.LOCKED,
                                   extra=("--patience", "300ms"))
        self.assertIn("pgratchet: waiting for another deployer: ", done.stderr)
        self.assertIn("hint: run it again when that one is done", done.stderr)

    def test_two_databases_do_not_wait_for_each_other(self):
        self.migrations(_001_a="CREATE TABLE a ();")
        one, other = self.database("_1"), self.database("_2")
        self.session(one).run("SELECT pg_advisory_lock(8099568217739192421);")
        self.apply(other, "--patience", "1ms")


class LockTimeouts(Deployment):
    def setUp(self):
        super().setUp()
        self.migrations(_001_a="CREATE TABLE a (n integer);", _002_b="CREATE TABLE b ();\nALTER TABLE a ADD m integer;")

    def test_runs_out(self):
        database = self.database()
        self.by_psql(database, "001_a")
        holder = self.session(database)
        holder.run("BEGIN; LOCK TABLE a IN ROW EXCLUSIVE MODE;")
        before = self.schema(database)
        done = self.apply(database, "--lock-timeout", "100ms", "--lock-retries", "1", code=executor.LOCKED)
        self.assertEqual(self.named(done.stderr),
                         "DIR/migrations/002_b.sql:3:1: note: canceling statement due to lock timeout; 002 was rolled back and is tried again [55P03]\n"
                         "DIR/migrations/002_b.sql:3:1: error: canceling statement due to lock timeout [55P03]\n"
                         "  002 was rolled back; test stays at 001\n"
                         "  hint: after 2 tries; end the long transaction that holds the lock, or raise --lock-timeout\n")
        self.assertEqual(self.schema(database), before)
        self.assert_at(database, "001", pending=["002"])
        self.assertEqual(self.receipts(), [])

    def test_a_file_without_a_transaction_has_a_timeout_of_its_own(self):
        """One that it sets stays; a comment on CONCURRENTLY takes none away."""
        cases = [("SET lock_timeout = '1min';\nALTER TABLE a ADD m integer;", executor.DONE),
                 ("SET lock_timeout = '1min';\nVACUUM (TRUNCATE off) b;\nALTER TABLE a ADD m integer;", executor.DONE),
                 ("VACUUM (TRUNCATE off) b;\nALTER TABLE a /* which cannot be done CONCURRENTLY */ ADD m integer;", executor.LOCKED),
                 ("ALTER TABLE a ADD m text DEFAULT 'concurrently';", executor.LOCKED)]
        for number, (body, code) in enumerate(cases):
            with self.subTest(body):
                self.migrations(_001_a="CREATE TABLE a (n integer);\nCREATE TABLE b ();", _002_b="-- pgratchet: no-transaction\n" + body + "\n")
                database = self.database(f"_{number}")
                self.apply(database, to="001")
                holder = self.session(database)
                holder.run("BEGIN; LOCK TABLE a IN ROW EXCLUSIVE MODE;")
                running = self.start_apply(database, "--lock-timeout", "200ms")
                self.wait_until(database, "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted) "
                                          "OR NOT EXISTS (SELECT FROM pg_stat_activity WHERE application_name LIKE 'pgratchet%')")
                if code == executor.DONE:
                    self.psql(database, "SELECT pg_sleep(1)")
                    self.assertIsNone(running.poll())
                    holder.run("COMMIT;")
                _, said = running.communicate(timeout=60)
                holder.close()
                self.assertEqual(running.returncode, code, said)

    def test_a_retry_succeeds(self):
        database = self.database()
        self.by_psql(database, "001_a")
        holder = self.session(database)
        holder.run("BEGIN; LOCK TABLE a IN ROW EXCLUSIVE MODE;")
        running = self.start_apply(database, "--lock-timeout", "200ms")
        self.assertIn("is tried again", running.stderr.readline())
        holder.run("COMMIT;")
        _, stderr = running.communicate(timeout=60)
        self.assertEqual(running.returncode, executor.DONE, stderr)
        self.assert_at(database, "002")

    def test_reading_the_catalog_waits_for_an_open_alter(self):
        """pg_get_viewdef blocks behind an ALTER: status says who is in the way."""
        database = self.database()
        self.by_psql(database, "001_a")
        holder = self.session(database)
        holder.run("SET application_name = 'the_culprit'; CREATE VIEW v AS SELECT * FROM a; BEGIN; ALTER TABLE a ADD other integer;")
        done = self.executor.on("status", self.plan, self.cluster.conninfo(database))
        if done.code != executor.DONE:
            self.assertEqual(done.code, executor.LOCKED, done)
            self.assertIn("the_culprit", done.stderr)
        holder.run("ROLLBACK;")
        self.assert_at(database, "001")


class WithoutTransaction(Deployment):
    FILE = (NO_TRANSACTION + "CREATE INDEX CONCURRENTLY a_n ON a (n);\nCREATE INDEX CONCURRENTLY a_m ON a (m);\nCREATE INDEX CONCURRENTLY a_nm ON a (n, m);\n")

    def setUp(self):
        super().setUp()
        self.migrations(_001_a="CREATE TABLE a (n integer, m integer);", _002_indexes=self.FILE, _003_c="CREATE TABLE c ();")

    def test_straight_through(self):
        database = self.database()
        self.apply(database)
        self.assert_at(database, "003")

    def test_what_is_there_already_is_left_out(self):
        """A later index was made by hand, or an earlier one of a finished file was dropped."""
        for name, first, second in (("_later", "CREATE INDEX a_m ON a (m)", ""), ("_dropped", "", "DROP INDEX a_n")):
            with self.subTest(name):
                database = self.database(name)
                self.by_psql(database, "001_a", *(["002_indexes"] if second else []))
                self.psql(database, first or second)
                done = self.apply(database)
                self.assertIn("002_indexes.sql:3:1: note: index public.a_m is there already; the statement is left out [made-beforehand]\n", done.stderr)
                self.assertEqual(self.psql(database, "SELECT count(*) FROM pg_index WHERE indrelid = 'a'::regclass AND indisvalid"), "3")
                self.assert_at(database, "003", drift=[])

    def test_a_label_that_is_there_already_is_left_out(self):
        self.migrations(_002_indexes=NO_TRANSACTION + "CREATE INDEX CONCURRENTLY a_n ON a (n);\nALTER TYPE mood ADD VALUE 'meh';\n",
                        _001_a="CREATE TABLE a (n integer);\nCREATE TYPE mood AS ENUM ('good');")
        database = self.database()
        self.by_psql(database, "001_a", "002_indexes")
        self.psql(database, "DROP INDEX a_n")
        self.apply(database)
        self.assert_at(database, "003", drift=[])

    def test_cut_off_while_it_waits(self):
        database = self.database()
        self.by_psql(database, "001_a")
        self.psql(database, "CREATE INDEX CONCURRENTLY a_n ON a (n)")
        found = self.status(database)
        self.assertEqual((found["state"], found["version"], found["statements_done"]), ("partial", "001", 1))
        holder = self.session(database)
        holder.run("BEGIN; INSERT INTO a VALUES (1, 1);")
        running = self.start_apply(database)
        building = "FROM pg_stat_activity WHERE application_name LIKE 'pgratchet%' AND query LIKE 'CREATE INDEX%a_m%' AND wait_event_type = 'Lock'"
        self.wait_until(database, f"SELECT EXISTS (SELECT {building})")
        self.psql(database, f"SELECT pg_terminate_backend(pid) {building}")
        _, stderr = running.communicate(timeout=60)
        self.assertNotEqual(running.returncode, executor.DONE)
        self.assertIn("statement 2 of 3", stderr)
        holder.run("ROLLBACK;")
        self.assertEqual(self.psql(database, "SELECT indisvalid FROM pg_index WHERE indexrelid = 'a_m'::regclass"), "f")
        found = self.status(database)
        self.assertEqual((found["state"], found["version"], found["statements_done"]), ("partial", "001", 1))
        done = self.apply(database)
        self.assertIn("dropped the invalid index public.a_m that a cut-off run left behind", done.stderr)
        self.assertEqual(self.psql(database, "SELECT count(*) FROM pg_index WHERE indrelid = 'a'::regclass AND indisvalid"), "3")
        self.assert_at(database, "003")

    def test_killed_executor(self):
        database = self.database()
        self.by_psql(database, "001_a")
        holder = self.session(database)
        holder.run("BEGIN; INSERT INTO a VALUES (1, 1);")
        running = self.start_apply(database)
        building = "FROM pg_stat_activity WHERE application_name LIKE 'pgratchet%' AND query LIKE 'CREATE INDEX%a_n%' AND wait_event_type = 'Lock'"
        self.wait_until(database, f"SELECT EXISTS (SELECT {building})")
        running.kill()
        running.communicate()
        gone = "SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE application_name LIKE 'pgratchet%')"
        if self.cluster.major >= 14:
            self.wait_until(database, gone)
        holder.run("ROLLBACK;")
        self.wait_until(database, gone)  # 13 knows no client_connection_check_interval: its backend ends with the statement
        self.apply(database)
        self.assertEqual(self.psql(database, "SELECT count(*) FROM pg_index WHERE indrelid = 'a'::regclass AND indisvalid"), "3")

    def test_fails_half_way(self):
        database = self.database()
        self.by_psql(database, "001_a")
        self.psql(database, "INSERT INTO a VALUES (1, 1), (1, 1)")
        self.write(_002_indexes=self.FILE.replace("INDEX CONCURRENTLY a_m", "UNIQUE INDEX CONCURRENTLY a_m"))
        self.compile()
        done = self.apply(database, code=executor.SQL_FAILED)
        self.assertEqual(self.named(done.stderr), 'DIR/migrations/002_indexes.sql:3:1: error: could not create unique index "a_m" [23505]\n'
                         "  detail: Key (m)=(1) is duplicated.\n"
                         "  002 has no transaction: statement 2 of 3 failed, those before it stay; test is between 001 and 002\n"
                         "  hint: the next run goes on with this statement\n")
        self.psql(database, "DELETE FROM a")
        self.apply(database)
        self.assert_at(database, "003")

    def test_a_statement_that_is_done_and_not_as_it_should_be(self):
        """It has committed itself: nobody may say that it failed, or goes on with it."""
        self.write(_002_indexes=NO_TRANSACTION + "DISCARD ALL;\nCREATE TABLE b ();")
        self.compile()
        database = self.database()
        self.by_psql(database, "001_a")
        done = self.apply(database, code=executor.SQL_FAILED)
        self.assertEqual(self.named(done.stderr), "DIR/migrations/002_indexes.sql:2:1: error: the deployer lock is gone after this statement [deployer-lock]\n"
                         "  002 has no transaction: statement 1 of 2 was done and stays; test is between 001 and 002\n"
                         "  hint: ask for the status: the schema tells what is there\n")

    def test_the_last_statement_is_done_and_not_as_it_should_be(self):
        self.write(_002_indexes=NO_TRANSACTION + "CREATE TABLE b (n integer);")
        self.compile()
        database = self.database()
        self.by_psql(database, "001_a")
        self.psql(database, "CREATE FUNCTION meddle() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN ALTER TABLE b ALTER n SET DEFAULT 5; END';"
                            "CREATE EVENT TRIGGER meddles ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION meddle()")
        done = self.apply(database, code=executor.SQL_FAILED)
        self.assertIn("column public.b.n: default: expected (none), found 5\n"
                      "  002 has no transaction: statement 1 of 1 was done and stays; test is past 001\n"
                      "  hint: ask for the status: the schema tells what is there\n", done.stderr)

    def test_the_connection_is_lost(self):
        database = self.database()
        self.by_psql(database, "001_a")
        holder = self.session(database)
        holder.run("BEGIN; INSERT INTO a VALUES (1, 1);")
        running = self.executor.start("apply", "--plan", self.plan, "--environment", "test", "--url-variable", executor.URL_VARIABLE, url=self.cluster.conninfo(database))
        building = "FROM pg_stat_activity WHERE application_name LIKE 'pgratchet%' AND query LIKE 'CREATE INDEX%' AND wait_event_type = 'Lock'"
        self.wait_until(database, f"SELECT EXISTS (SELECT {building})")
        self.psql(database, f"SELECT pg_terminate_backend(pid) {building}")
        _, stderr = running.communicate(timeout=60)
        self.assertEqual(running.returncode, executor.CONFIGURATION)
        self.assertEqual(self.named(stderr), "DIR/migrations/002_indexes.sql:2:1: error: terminating connection due to administrator command [57P01]\n"
                         "  002 has no transaction: statement 1 of 3 may have been done or not; test was at 001\n"
                         "  hint: ask for the status: the schema tells what is there\n")
        holder.run("ROLLBACK;")
        self.apply(database)

    def test_dry_run_is_refused(self):
        database = self.database()
        self.by_psql(database, "001_a")
        self.assert_refused(database, "002_indexes.sql has no transaction, so it cannot be played and rolled back", extra=("--dry-run",))

    def test_enum_values_and_vacuum(self):
        self.write(_004_mood="CREATE TYPE mood AS ENUM ('good');", _005_bad=NO_TRANSACTION + "ALTER TYPE mood ADD VALUE 'bad';\n",
                   _006_use="CREATE TABLE moods (m mood DEFAULT 'bad');",
                   _007_vacuum=NO_TRANSACTION + "CREATE INDEX CONCURRENTLY moods_m ON moods (m);\nVACUUM (FREEZE) moods;\n")
        self.compile()
        database = self.database()
        self.apply(database)
        self.assert_at(database, "007")

    def test_a_last_statement_without_a_trace_is_refused(self):
        self.write(_004_mixed=NO_TRANSACTION + "CREATE INDEX CONCURRENTLY a_mn ON a (m, n);\nCREATE PUBLICATION pub FOR TABLE a;\n")
        done = self.try_compile().require(4)
        self.assertIn("004_mixed.sql:3:1: error: the last statement of a file without a transaction leaves no trace in the schema [no-trace-at-end]",
                      done.stderr)

    def test_settings_are_made_again_when_a_run_goes_on(self):
        self.write(_004_schema="CREATE SCHEMA app; CREATE TABLE app.t (n integer); CREATE TABLE t (n integer);",
                   _005_indexes=NO_TRANSACTION + "SET search_path = app;\nCREATE INDEX CONCURRENTLY t_a ON t (n);\n"
                                                 "CREATE UNIQUE INDEX CONCURRENTLY t_b ON t (n);\n")
        self.compile()
        database = self.database()
        self.apply(database, to="004")
        self.psql(database, "INSERT INTO app.t VALUES (1), (1)")
        self.apply(database, code=4)
        self.psql(database, "TRUNCATE app.t")
        self.apply(database)
        self.assert_at(database, "005")
        self.assertEqual(self.psql(database, "SELECT count(*) FROM pg_indexes WHERE tablename = 't' AND schemaname = 'public'"), "0")

    def test_data_beside_other_statements_is_refused(self):
        self.write(_004_mixed=NO_TRANSACTION + "CREATE INDEX CONCURRENTLY a_mn ON a (m, n);\nUPDATE a SET n = 1;\n")
        done = self.try_compile().require(4)
        self.assertIn("004_mixed.sql:3:1: error: work on data beside other statements in a file without a transaction [data-without-transaction]", done.stderr)


if __name__ == "__main__":
    unittest.main()
