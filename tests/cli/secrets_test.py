# SPDX-License-Identifier: Apache-2.0
"""Connections that fail: exit 2, what is wrong, and no password anywhere, in no spelling of it."""

import json
import unittest
from urllib.parse import quote

from cli_support import WithServer, executor, postgres

PASSWORD = "s3cr/et@w0:rd%"


class Connections(WithServer):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cluster.psql("postgres", f"SET password_encryption = 'scram-sha-256'; CREATE ROLE guarded LOGIN PASSWORD {postgres.literal(PASSWORD)}")
        hba = cls.cluster.data_dir / "pg_hba.conf"
        hba.write_text("local all guarded scram-sha-256\n" + hba.read_text(encoding="utf-8"), encoding="utf-8")
        cls.cluster.psql("postgres", "SELECT pg_reload_conf()")

    def check(self, url, words, password=PASSWORD, commands=("status", "apply", "verify")):
        for command in commands:
            with self.subTest(command):
                done = self.run_it(*self.arguments(command), environment={executor.URL_VARIABLE: url})
                self.assertEqual((done.code, done.stdout), (executor.CONFIGURATION, ""), done)
                self.assertTrue(done.stderr.startswith("pgratchet: error: "), done)
                for spelling in {password, quote(password, safe=""), quote(password), password.replace("@", "\\@"), json.dumps(password)[1:-1]}:
                    self.assertNotIn(spelling, done.stderr)
                self.assertIn(words, done.stderr)

    def socket(self):
        return quote(str(self.cluster.socket_dir), safe="")

    def test_variable_not_set(self):
        for command in ("status", "apply", "verify"):
            self.expect_error(self.arguments(command), 2,
                              f"the variable {executor.URL_VARIABLE}, which is to hold the connection string of prod, is not set",
                              f"set it in your shell or your CI's secrets: {executor.URL_VARIABLE}='postgresql://USER@HOST/DATABASE?sslmode=verify-full'")

    def test_variable_empty(self):
        done = self.run_it(*self.arguments("status"), environment={executor.URL_VARIABLE: ""})
        self.assertEqual(done.code, 2)
        self.assertIn("is not set", done.stderr)

    def test_shadow_variable_not_set(self):
        self.expect_error(["compile", "--migrations", self.folder, "--plan", self.plan, "--shadow-url-variable", "NO_SUCH_VARIABLE"], 2,
                          "the variable NO_SUCH_VARIABLE, which is to name the shadow's server, is not set",
                          "set it to the connection string of a server on which databases may be made")

    def test_wrong_password(self):
        self.check(f"postgresql://guarded:{quote(PASSWORD + 'x', safe='')}@/{self.database}?host={self.socket()}",
                   "password authentication failed", PASSWORD + "x")
        self.check(f"host={self.cluster.socket_dir} user=guarded password='wrong{PASSWORD}' dbname={self.database}",
                   "password authentication failed", "wrong" + PASSWORD)

    def test_right_password(self):
        url = f"postgresql://guarded:{quote(PASSWORD, safe='')}@/{self.database}?host={self.socket()}"
        done = self.run_it(*self.arguments("status"), environment={executor.URL_VARIABLE: url})
        self.assertEqual((done.code, done.stderr), (0, ""), done)

    def test_unknown_host(self):
        self.check(f"postgresql://guarded:{quote(PASSWORD, safe='')}@no-such-host.invalid/{self.database}", "no-such-host.invalid")

    def test_nobody_listens(self):
        self.check(f"postgresql://guarded:{quote(PASSWORD, safe='')}@127.0.0.1:1/{self.database}", "127.0.0.1")

    def test_unknown_database(self):
        self.check(f"postgresql://guarded:{quote(PASSWORD, safe='')}@/nowhere?host={self.socket()}", 'database "nowhere" does not exist')

    def test_password_as_a_parameter(self):
        self.check(f"postgresql://guarded@/nowhere?host={self.socket()}&password={quote(PASSWORD, safe='')}", "nowhere")

    def test_not_quoted_as_it_should_be(self):
        """An @ in a password that nobody encoded: libpq takes the rest for the host."""
        self.check(f"postgresql://guarded:hunt@er2secret@/{self.database}", "error", "er2secret")

    def test_no_connection_string(self):
        self.check("hunter2secret", "error", "hunter2secret")
        self.check("postgresql://guarded:hunter2secret@[bad/x", "error", "hunter2secret")
        self.check("user=guarded password=hunter2secret frob=1", "error", "hunter2secret")

    def test_a_failing_migration_does_not_show_it(self):
        self.write("003_fails", "SELECT 1 / (SELECT count(*) FROM items WHERE current_database() LIKE 'pgratchet%');")
        url = f"host={self.cluster.socket_dir} user=guarded password='{PASSWORD}' dbname={self.database}"
        done = self.run_it(*self.arguments("apply"), environment={executor.URL_VARIABLE: url})
        self.assertNotIn(PASSWORD, done.stdout + done.stderr)

    def test_the_shadow(self):
        url = f"postgresql://guarded:{quote(PASSWORD + 'x', safe='')}@/postgres?host={self.socket()}"
        done = self.run_it("compile", "--migrations", self.folder, "--plan", self.plan, "--shadow-url-variable", executor.URL_VARIABLE,
                           environment={executor.URL_VARIABLE: url})
        self.assertEqual((done.code, done.stdout), (2, ""), done)
        self.assertNotIn(PASSWORD, done.stderr)
        self.assertNotIn(quote(PASSWORD, safe=""), done.stderr)

    def test_nothing_written_down_holds_it(self):
        self.run_it(*self.arguments("apply"), environment={executor.URL_VARIABLE: self.url + " password=hunter2secret"})
        for file in self.work.rglob("*"):
            if file.is_file():
                self.assertNotIn(b"hunter2secret", file.read_bytes(), file)


if __name__ == "__main__":
    unittest.main()
