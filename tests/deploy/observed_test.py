# SPDX-License-Identifier: Apache-2.0
"""What statements were seen to do on the shadow: locks as the manual's table has them ("Explicit Locking"), rewrites, scans."""

import json
import unittest

from deploy_support import NO_TRANSACTION, Deployment, executor

BEFORE = """
CREATE TABLE orders (id bigint PRIMARY KEY, customer bigint, state text, amount integer);
CREATE TABLE customers (id bigint PRIMARY KEY, name text);
CREATE INDEX orders_state ON orders (state);
CREATE VIEW open_orders AS SELECT id, customer FROM orders WHERE state = 'open';
CREATE MATERIALIZED VIEW totals AS SELECT customer, sum(amount) AS total FROM orders GROUP BY customer;
CREATE UNIQUE INDEX totals_customer ON totals (customer);
ALTER TABLE orders ADD CONSTRAINT orders_amount CHECK (amount > 0) NOT VALID;
CREATE FUNCTION quiet() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
"""

ACCESS_SHARE, ROW_SHARE, ROW_EXCLUSIVE = "AccessShareLock", "RowShareLock", "RowExclusiveLock"
SHARE_UPDATE, SHARE, SHARE_ROW = "ShareUpdateExclusiveLock", "ShareLock", "ShareRowExclusiveLock"
EXCLUSIVE, ACCESS_EXCLUSIVE = "ExclusiveLock", "AccessExclusiveLock"


class Observed(Deployment):
    def explained(self, version="002"):
        return self.executor.run("explain", version, "--plan", self.plan, "--format", "json").require().json()

    def seen(self, statement):
        """What a file of one statement does to what BEFORE made: relation -> lock and flags, space-separated."""
        if not self.path("001_before").exists():
            self.write(_001_before=BEFORE)
        self.write(_002_it=statement)
        self.probe("002_it", "SELECT true")
        self.compile()
        statements = self.explained()["statements"]
        self.assertLessEqual(len(statements), 1)
        return {one["relation"]: " ".join([one["lock"], *(flag for flag in ("rewritten", "scanned", "index_built") if one[flag])])
                for each in statements for one in each["relations"]}

    def expect(self, cases):
        for statement, expected in cases.items():
            with self.subTest(statement):
                self.assertEqual(self.seen(statement), expected)

    # ---- The manual's table ----

    def test_queries_and_data(self):
        self.expect({
            "SELECT count(*) FROM customers;": {"public.customers": ACCESS_SHARE},
            "SELECT 1 FROM customers FOR UPDATE;": {"public.customers": ROW_SHARE},
            "INSERT INTO customers VALUES (1, 'a');": {"public.customers": ROW_EXCLUSIVE},
            "UPDATE customers SET name = 'b';": {"public.customers": ROW_EXCLUSIVE},
            "DELETE FROM customers;": {"public.customers": ROW_EXCLUSIVE},
        })

    def test_indexes(self):
        self.expect({
            "CREATE INDEX i ON customers (name);": {"public.customers": f"{SHARE} scanned index_built"},
            NO_TRANSACTION + "CREATE INDEX CONCURRENTLY i ON customers (name);": {"public.customers": f"{SHARE_UPDATE} scanned"},
            NO_TRANSACTION + "CREATE INDEX i ON customers (name);": {"public.customers": f"{SHARE} scanned index_built"},
            NO_TRANSACTION + "DROP INDEX CONCURRENTLY orders_state;": {"public.orders": SHARE_UPDATE},
            NO_TRANSACTION + "REINDEX TABLE CONCURRENTLY customers;": {"public.customers": f"{SHARE_UPDATE} scanned"},
            "DROP INDEX orders_state;": {"public.orders": ACCESS_EXCLUSIVE},
            "REINDEX INDEX orders_state;": {"public.orders": f"{SHARE} scanned index_built", "public.orders_state": ACCESS_EXCLUSIVE},
            "ALTER TABLE customers ADD UNIQUE (name);": {"public.customers": f"{ACCESS_EXCLUSIVE} scanned index_built"},
        })

    def test_constraints_and_triggers(self):
        self.expect({
            "CREATE TRIGGER t BEFORE INSERT ON customers FOR EACH ROW EXECUTE FUNCTION quiet();": {"public.customers": SHARE_ROW},
            "ALTER TABLE orders ADD FOREIGN KEY (customer) REFERENCES customers;":
                {"public.orders": f"{SHARE_ROW} scanned", "public.customers": f"{SHARE_ROW} scanned"},
            "ALTER TABLE orders ADD FOREIGN KEY (customer) REFERENCES customers NOT VALID;":
                {"public.orders": SHARE_ROW, "public.customers": SHARE_ROW},
            "ALTER TABLE orders VALIDATE CONSTRAINT orders_amount;": {"public.orders": f"{SHARE_UPDATE} scanned"},
            "ALTER TABLE customers ADD CHECK (name <> '');": {"public.customers": f"{ACCESS_EXCLUSIVE} scanned"},
            "ALTER TABLE customers ADD CHECK (name <> '') NOT VALID;": {"public.customers": ACCESS_EXCLUSIVE},
            "ALTER TABLE customers ALTER name SET NOT NULL;": {"public.customers": f"{ACCESS_EXCLUSIVE} scanned"},
        })

    def test_a_proven_check_saves_the_scan_of_set_not_null(self):
        self.write(_001_before=BEFORE + "ALTER TABLE customers ADD CHECK (name IS NOT NULL);")
        self.assertEqual(self.seen("ALTER TABLE customers ALTER name SET NOT NULL;"), {"public.customers": ACCESS_EXCLUSIVE})

    def test_a_default_partition_is_read_for_rows_of_a_new_one(self):
        self.write(_001_before="""
            CREATE TABLE events (id bigint, day integer) PARTITION BY RANGE (day);
            CREATE TABLE others PARTITION OF events DEFAULT PARTITION BY LIST (id);
            CREATE TABLE "Others, 1" PARTITION OF others FOR VALUES IN (1);
            CREATE TABLE others_rest PARTITION OF others DEFAULT;
            ALTER TABLE others_rest ADD CHECK (day < 10 OR day >= 20);
            CREATE TABLE alone (day integer) PARTITION BY RANGE (day);""")
        locked = {"public.events": ACCESS_EXCLUSIVE, "public.others": ACCESS_EXCLUSIVE}
        self.expect({
            "CREATE TABLE tens PARTITION OF events FOR VALUES FROM (10) TO (20);":
                {**locked, 'public."Others, 1"': f"{ACCESS_EXCLUSIVE} scanned", "public.others_rest": ACCESS_EXCLUSIVE},
            "CREATE TABLE twenties PARTITION OF events FOR VALUES FROM (20) TO (30);":
                {**locked, 'public."Others, 1"': f"{ACCESS_EXCLUSIVE} scanned", "public.others_rest": f"{ACCESS_EXCLUSIVE} scanned"},
            "CREATE TABLE first PARTITION OF alone FOR VALUES FROM (1) TO (2);": {"public.alone": ACCESS_EXCLUSIVE},
        })

    def test_a_domain_has_its_tables_read(self):
        self.write(_001_before="""
            CREATE DOMAIN cents AS bigint CONSTRAINT small CHECK (VALUE < 9);
            CREATE TABLE prices (id bigint PRIMARY KEY, price cents);""")
        self.expect({
            "ALTER DOMAIN cents ADD CHECK (VALUE > 0);": {"public.prices": f"{SHARE} scanned"},
            "ALTER DOMAIN cents SET NOT NULL;": {"public.prices": f"{SHARE} scanned"},
            "ALTER DOMAIN cents ADD CHECK (VALUE > 0) NOT VALID;": {},
            "ALTER DOMAIN cents RENAME CONSTRAINT small TO few;": {},
        })

    def test_access_exclusive(self):
        self.expect({
            "DROP TABLE customers;": {"public.customers": ACCESS_EXCLUSIVE},
            "TRUNCATE customers;": {"public.customers": ACCESS_EXCLUSIVE},
            "ALTER TABLE customers ADD COLUMN x text;": {"public.customers": ACCESS_EXCLUSIVE},
            "ALTER TABLE customers RENAME TO clients;": {"public.customers": ACCESS_EXCLUSIVE},
            "ALTER TABLE customers ALTER id TYPE numeric;": {"public.customers": f"{ACCESS_EXCLUSIVE} rewritten"},
            "ALTER TABLE customers ALTER name TYPE varchar;": {"public.customers": ACCESS_EXCLUSIVE},
            "ALTER TABLE customers ADD COLUMN r double precision DEFAULT random();": {"public.customers": f"{ACCESS_EXCLUSIVE} rewritten"},
            "CLUSTER customers USING customers_pkey;": {"public.customers": f"{ACCESS_EXCLUSIVE} rewritten"},
            NO_TRANSACTION + "VACUUM FULL customers;": {"public.customers": f"{ACCESS_EXCLUSIVE} rewritten"},
            "DROP VIEW open_orders;": {"public.open_orders": ACCESS_EXCLUSIVE},
        })

    def test_vacuum_and_analyze(self):
        self.expect({
            NO_TRANSACTION + "VACUUM customers;": {"public.customers": SHARE_UPDATE},
            "ANALYZE customers;": {"public.customers": SHARE_UPDATE},
            NO_TRANSACTION + "ANALYZE customers;": {"public.customers": SHARE_UPDATE},
        })

    def test_materialized_views(self):
        refreshed = self.seen("REFRESH MATERIALIZED VIEW totals;")
        self.assertEqual(refreshed["public.totals"].split()[:2], [ACCESS_EXCLUSIVE, "rewritten"])
        self.assertEqual(refreshed["public.orders"], ACCESS_SHARE)
        self.assertEqual(self.seen("REFRESH MATERIALIZED VIEW CONCURRENTLY totals;")["public.totals"], EXCLUSIVE)

    # ---- What counts ----

    def test_what_the_file_makes_itself_does_not_count(self):
        self.assertEqual(self.seen("CREATE TABLE own (id bigint PRIMARY KEY, c bigint REFERENCES customers);\n"
                                   "ALTER TABLE own ADD COLUMN x text;\nCREATE INDEX ON own (x);"),
                         {"public.customers": SHARE_ROW})

    def test_a_namesake_in_another_schema(self):
        self.assertEqual(self.seen("CREATE SCHEMA other;\nCREATE TABLE other.customers (id bigint PRIMARY KEY);\n"
                                   "INSERT INTO other.customers SELECT id FROM public.customers;"),
                         {"public.customers": ACCESS_SHARE})

    def test_locks_that_are_held_are_not_taken_again(self):
        self.migrations(_001_before=BEFORE, _002_it="ALTER TABLE customers ADD COLUMN x text;\nUPDATE customers SET x = '';\n"
                        "ALTER TABLE customers ADD COLUMN y text;\nALTER TABLE customers ADD CHECK (y <> '');")
        self.assertEqual([(each["statement"], each["line"], each["command"], each["relations"][0]["lock"], each["relations"][0]["scanned"])
                          for each in self.explained()["statements"]],
                         [(1, 2, "ALTER TABLE", ACCESS_EXCLUSIVE, False), (2, 3, "UPDATE", ROW_EXCLUSIVE, False),
                          (4, 5, "ALTER TABLE", ACCESS_EXCLUSIVE, True)])

    def test_inside_a_do_block(self):
        self.assertEqual(self.seen("DO $$ BEGIN EXECUTE 'CREATE INDEX i ON customers (name)'; END $$;"),
                         {"public.customers": f"{SHARE} scanned index_built"})

    def test_a_file_that_silences_messages(self):
        self.write(_001_before=BEFORE)
        self.write(_002_it="SET LOCAL client_min_messages = warning;\nDO $$ BEGIN RAISE NOTICE 'unheard'; END $$;\n"
                           "ALTER TABLE customers ADD CHECK (name <> '');")
        done = self.compile()
        self.assertNotIn("unheard", done.stderr)
        self.assertTrue(self.explained()["statements"][0]["relations"][0]["scanned"])

    def test_names_that_need_quotes(self):
        self.write(_001_before='CREATE TABLE "Große Tabelle" (id bigint, "select" text);')
        self.assertEqual(self.seen('CREATE INDEX ON "Große Tabelle" (id);'), {'public."Große Tabelle"': f"{SHARE} scanned index_built"})

    def test_the_plan_is_the_same_each_time(self):
        self.migrations(_001_before=BEFORE, _002_it="ALTER TABLE orders ADD FOREIGN KEY (customer) REFERENCES customers;")
        first = self.plan.read_bytes()
        self.compile()
        self.assertEqual(self.plan.read_bytes(), first)

    # ---- The command ----

    def test_table(self):
        self.migrations(_001_before=BEFORE, _002_it="CREATE INDEX i ON customers (name);\nALTER TABLE orders ADD COLUMN x text;")
        done = self.executor.run("explain", "002", "--plan", self.plan).require()
        lines = [line.split("  ") for line in done.stdout.rstrip("\n").split("\n")]
        self.assertEqual(lines[0], ["002_it.sql: in one transaction"])
        self.assertEqual([word.strip() for word in lines[1] if word.strip()],
                         ["#", "line", "statement", "relation", "lock", "rewrite", "scan", "blocks", "until"])
        self.assertEqual([word.strip() for word in lines[2] if word.strip()],
                         ["1", "2", "CREATE INDEX", "public.customers", "SHARE", "no", "for an index", "writes", "end of transaction"])

    def test_nothing_to_say(self):
        self.migrations(_001_before=BEFORE)
        done = self.executor.run("explain", "001", "--plan", self.plan).require()
        self.assertEqual(done.stdout, "001_before.sql: no statement touches a relation that was there before\n")

    def test_wrong_arguments(self):
        self.migrations(_001_before=BEFORE)
        for arguments, said in ((["009"], "the plan has no migration '009'"), ([], "takes one migration"),
                                (["001", "002"], "takes one migration"), (["001", "--format", "xml"], "--format is 'xml'")):
            done = self.executor.run("explain", *arguments, "--plan", self.plan).require(executor.USAGE)
            self.assertIn(said, done.stderr)

    def test_a_plan_with_a_lock_that_is_none(self):
        self.migrations(_001_before=BEFORE, _002_it="DROP TABLE customers;")
        text = self.plan.read_text(encoding="utf-8")
        self.plan.write_text(text.replace('"AccessExclusiveLock"', '"BicycleLock"'), encoding="utf-8")
        done = self.executor.run("explain", "002", "--plan", self.plan).require(executor.CONFIGURATION)
        self.assertIn("what was observed of 002 has no statement, relation or lock", done.stderr)
        self.assertEqual(json.loads(text)["format"], "pgratchet plan")


if __name__ == "__main__":
    unittest.main()
