# SPDX-License-Identifier: Apache-2.0
"""How pg_dump gets its connection: completely, whatever form it has, and with no secret where others could read it."""

import os
import unittest
from pathlib import Path
from urllib.parse import quote

from backup_support import TWO, Backups, command_line, executor

PASSWORD = "p@ss/w:o%rd#é '\\x"


class Secrets(Backups):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        literal = "'" + PASSWORD.replace("'", "''") + "'"
        cls.cluster.psql("postgres", f"CREATE ROLE deployer LOGIN SUPERUSER PASSWORD {literal}")
        hba = cls.cluster.data_dir / "pg_hba.conf"
        hba.write_text("local all deployer scram-sha-256\n" + hba.read_text(encoding="utf-8"), encoding="utf-8")
        cls.cluster.psql("postgres", "SELECT pg_reload_conf()")

    def setUp(self):
        super().setUp()
        self.migrations(**TWO)
        self.name = self.database()
        self.by_psql(self.name, "001_a")

    def url(self, user="deployer", database=None, more=""):
        return (f"postgresql://{quote(user, safe='')}:{quote(PASSWORD, safe='')}@{quote(str(self.cluster.socket_dir), safe='')}"
                f"/{quote(database or self.name, safe='')}?application_name=mine{more}")

    def keywords(self, more=""):
        value = PASSWORD.replace("\\", "\\\\").replace("'", "\\'")
        return f"host={self.cluster.socket_dir} dbname={self.name} user=deployer password='{value}' {more}"

    def assert_silent(self, *texts):
        """No secret in what was printed and in any file that is left, as it is or as it was written."""
        written = [p.read_bytes() for p in self.work.rglob("*") if p.is_file() and not p.name.endswith(".dump")]
        for secret in (PASSWORD, quote(PASSWORD, safe=""), "o%rd#", "geheim"):
            for text in texts:
                self.assertNotIn(secret, text)
            for content in written:
                self.assertNotIn(secret.encode(), content)

    def test_url_with_escapes(self):
        done = self.backup(self.name, url=self.url())
        self.the_archive()
        self.assert_silent(done.stdout, done.stderr)

    def test_command_lines_while_it_runs(self):
        holder = self.held_up(self.name)
        running = self.start("backup", self.name, url=self.url())
        pid = self.dump_pid(running)
        self.wait_for_dump(self.name)
        for process in (running.pid, pid):
            self.assertNotIn(b"p@ss", command_line(process))
            self.assertNotIn(b"p%40ss", command_line(process))
            self.assertNotIn(b"postgresql://", command_line(process))
        self.assertIn(f"PGPASSWORD={PASSWORD}".encode(), Path(f"/proc/{pid}/environ").read_bytes())
        self.assertEqual(self.psql(self.name, "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pgratchet backup'"), "2")
        holder.close()
        stdout, stderr = running.communicate(timeout=60)
        self.assertEqual(running.returncode, 0, stderr)
        self.assert_silent(stdout, stderr)

    def test_what_has_no_variable_of_its_own(self):
        """sslpassword and keepalives have none: no file is left of them either."""
        done = self.backup(self.name, url=self.keywords("sslpassword=geheim keepalives_idle=77 connect_timeout=9"))
        self.assert_silent(done.stdout, done.stderr)
        holder = self.held_up(self.name)
        running = self.start("backup", self.name, url=self.keywords("sslpassword=geheim keepalives_idle=77"))
        pid = self.dump_pid(running)
        self.wait_for_dump(self.name)
        environment = Path(f"/proc/{pid}/environ").read_bytes()
        service = dict(v.split(b"=", 1) for v in environment.split(b"\0") if b"=" in v)[b"PGSERVICEFILE"]
        self.assertEqual(Path(os.fsdecode(service)).read_text(encoding="utf-8"), "[pgratchet]\nkeepalives_idle=77\nsslpassword=geheim\n")
        holder.close()
        running.communicate(timeout=60)
        self.assertEqual(running.returncode, 0)

    def test_service_and_passfile(self):
        service, passfile = self.work / "service.conf", self.work / "passfile"
        service.write_text(f"[there]\nhost={self.cluster.socket_dir}\ndbname={self.name}\nuser=deployer\n", encoding="utf-8")
        escaped = PASSWORD.replace("\\", "\\\\").replace(":", "\\:")
        passfile.write_text(f"*:*:*:deployer:{escaped}\n", encoding="utf-8")
        passfile.chmod(0o600)
        self.backup(self.name, url="service=there", environment={"PGSERVICEFILE": str(service), "PGPASSFILE": str(passfile)})
        self.assertEqual(self.the_archive()[1]["database"], self.name)

    def test_variables_of_the_caller_do_not_interfere(self):
        """What the connection string says wins; the encoding of the archive is the database's."""
        self.backup(self.name, url=self.url(), environment={
            "PGHOST": "/nonexistent", "PGDATABASE": "postgres", "PGUSER": "nobody", "PGPASSWORD": "wrong", "PGCLIENTENCODING": "LATIN1"})
        self.assertEqual(self.the_archive()[1]["database"], self.name)

    def test_options_reach_pg_dump(self):
        self.psql(self.name, "DO $$BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'weak') THEN CREATE ROLE weak; END IF; END$$")
        done = self.backup(self.name, url=self.url(more="&options=" + quote("-c role=weak", safe="")), code=executor.BACKUP_FAILED)
        self.assertIn("permission denied for table a", done.stderr)
        self.assert_silent(done.stdout, done.stderr)
        self.assert_nothing_left()

    def test_the_first_of_several_hosts_is_away(self):
        self.backup(self.name, url=f"host=/nonexistent,{self.cluster.socket_dir} port=1,5432 dbname={self.name} user=postgres")
        self.assertEqual(self.the_archive()[1]["database"], self.name)

    def test_names_of_databases(self):
        for name in ("dbname=postgres", "postgresql://x/y", "sp ace 'q' \"d\" \\ é"):
            self.cluster.create_database(name)
            self.addCleanup(self.cluster.drop_database, name)
            for how in ((), ("--format", "directory", "--jobs", "2")):
                done = self.backup(name, *how, url=self.url(database=name))
            receipt = Path(done.stdout.strip() + ".json").read_text(encoding="utf-8")
            self.assertIn(name.replace("\\", "\\\\").replace('"', '\\"'), receipt)

    def test_a_wrong_password_is_not_shown(self):
        done = self.backup(self.name, url=self.url().replace("%23", "%24"), code=executor.CONFIGURATION)
        self.assertNotIn("p@ss", done.stderr)
        self.assertNotIn("p%40ss", done.stderr)
        self.assert_nothing_left()


if __name__ == "__main__":
    unittest.main()
