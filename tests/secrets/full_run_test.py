# SPDX-License-Identifier: Apache-2.0
"""A whole day with an environment behind a password: neither what is printed, nor any file left behind, nor the command line of any
process that runs meanwhile holds the password, in no spelling of it.

PGRATCHET_EXECUTOR names the program, PGRATCHET_TEST_CMAKE the cmake and PGRATCHET_TEST_CTEST the ctest to use (from PATH).
"""

import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path
from urllib.parse import quote

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "tests" / "support"))

import postgres  # noqa: E402

PASSWORD = "s3cr/et@w0:rd'%q\\x é"
WRONG = "Wr0ng/" + PASSWORD
VARIABLE = "SHOP_PROD_URL"
CMAKE = os.environ.get("PGRATCHET_TEST_CMAKE", "cmake")
CTEST = os.environ.get("PGRATCHET_TEST_CTEST", "ctest")
FILES = {
    "001_customers": "CREATE TABLE customers (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text);\nGRANT SELECT, INSERT, UPDATE ON customers TO shop_app;",
    "002_slow": "CREATE TABLE slow (id integer);\nGRANT SELECT, INSERT, UPDATE ON slow TO shop_app;\nDO $$ BEGIN RAISE NOTICE 'as % in %', current_user, current_database(); "
                "IF current_database() NOT LIKE 'pgratchet%' THEN PERFORM pg_sleep(1); END IF; END $$;",
}
LISTS = f"""cmake_minimum_required(VERSION 3.25)
project(shop LANGUAGES NONE)
enable_testing()
include([==[{PROJECT}/cmake/PgRatchet.cmake]==])
add_executable(PgRatchet::pgratchet IMPORTED GLOBAL)
set_target_properties(PgRatchet::pgratchet PROPERTIES IMPORTED_LOCATION "$ENV{{PGRATCHET_EXECUTOR}}")
pgratchet_add_migrations(shop DIRECTORY migrations RUNTIME_ROLE shop_app)
"""


def spellings(password):
    """All ways in which a password may be written down on its way through URLs, libpq, JSON, shells and logs."""
    keyword = password.replace("\\", "\\\\").replace("'", "\\'")
    texts = {password, keyword, keyword.replace("\\'", "''"), quote(password, safe=""), quote(password), quote(password, safe="").lower(), quote(password, safe="/:@"),
             json.dumps(password)[1:-1], json.dumps(password, ensure_ascii=False)[1:-1], repr(password)[1:-1], password.replace("'", "'\\''"),
             quote(quote(password, safe=""), safe="")}
    found = {text.encode() for text in texts} | {base64.b64encode(password.encode())}
    # A part gives the whole away: what libpq takes for a host or a port when an @ or / is not encoded.
    return found | {b"w0:rd", b"w0%3Ard", b"w0%3ard", b"s3cr/et", b"s3cr%2Fet"}


SECRETS = spellings(PASSWORD) | spellings(WRONG)


def leaks_in(data):
    return [secret for secret in SECRETS if secret in data]


def leaks_below(folder):
    return [(path, found) for path in Path(folder).rglob("*") if path.is_file() and (found := leaks_in(path.read_bytes()))]


class Watch(threading.Thread):
    """Looks at the command lines of all processes of the machine, over and over."""

    def __init__(self):
        super().__init__(daemon=True)
        self.seen, self.found, self._stop_it = set(), set(), threading.Event()

    def run(self):
        while not self._stop_it.is_set():
            for entry in os.listdir("/proc"):
                if entry.isdigit():
                    try:
                        line = Path("/proc", entry, "cmdline").read_bytes()
                    except OSError:
                        continue
                    if line not in self.seen:
                        self.seen.add(line)
                        if leaks_in(line) or leaks_in(line.replace(b"\0", b" ")):
                            self.found.add(line)
            self._stop_it.wait(0.002)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self._stop_it.set()
        self.join()


class FullRun(unittest.TestCase):
    def setUp(self):
        self.cluster = postgres.Cluster()
        self.cluster.start()
        self.addCleanup(self.cluster.stop)
        self.cluster.psql("postgres", f"CREATE ROLE guarded LOGIN CREATEDB PASSWORD {postgres.literal(PASSWORD)}; CREATE ROLE shop_app; CREATE DATABASE shop OWNER guarded")
        (self.cluster.data_dir / "pg_hba.conf").write_text("local all guarded scram-sha-256\nlocal all all trust\n", encoding="utf-8")
        self.cluster.psql("postgres", "SELECT pg_reload_conf()")
        self.work = Path(tempfile.mkdtemp(prefix="pgr-secrets-"))
        self.addCleanup(shutil.rmtree, self.work, ignore_errors=True)
        self.work.chmod(0o755)  # as root a shadow runs as another user
        self.source, self.build = self.work / "source", self.work / "build"
        (self.source / "migrations").mkdir(parents=True)
        (self.source / "CMakeLists.txt").write_text(LISTS, encoding="utf-8")
        for name, body in FILES.items():
            self.write(name, body)
        self.output = b""

    def write(self, name, body):
        (self.source / "migrations" / f"{name}.sql").write_text(f"BEGIN;\n{body}\nCOMMIT;\n", encoding="utf-8")

    def url(self, password=PASSWORD, database="shop"):
        return f"postgresql://guarded:{quote(password, safe='')}@/{database}?host={quote(str(self.cluster.socket_dir), safe='')}"

    def keywords(self, password=PASSWORD):
        value = password.replace("\\", "\\\\").replace("'", "\\'")
        return f"host={self.cluster.socket_dir} user=guarded dbname=shop password='{value}'"

    def run_it(self, *command, url=None, fails=False, **variables):
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PG") or k == "PGRATCHET_EXECUTOR"}
        environment |= {"HOME": str(self.work / "home"), "XDG_STATE_HOME": str(self.work / "state"), VARIABLE: url or self.url(), **variables}
        done = subprocess.run([str(one) for one in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment,
                              cwd=self.work, timeout=300, check=False)
        self.output += done.stdout
        self.assertEqual(leaks_in(done.stdout), [], done.stdout.decode("utf-8", "replace"))
        self.assertEqual(done.returncode != 0, fails, done.stdout.decode("utf-8", "replace"))
        return done.stdout.decode("utf-8", "replace")

    def make(self, *targets, **options):
        return self.run_it(CMAKE, "--build", self.build, "--verbose", "--target", *targets, **options)

    def day(self):
        backups = "PGRATCHET_BACKUP_DIR" in "".join(p.read_text(encoding="utf-8") for p in (PROJECT / "cmake").glob("*.cmake"))
        self.run_it(CMAKE, "-S", self.source, "-B", self.build, "-G", "Ninja", "-DPGRATCHET_ENVIRONMENT=prod", f"-DPGRATCHET_URL_VARIABLE={VARIABLE}", "-DPGRATCHET_PROTECTED=ON",
                    "-DPGRATCHET_EXPECT_DATABASE=shop", *([f"-DPGRATCHET_BACKUP_DIR={self.work / 'backups'}"] if backups else []))
        self.make("all")
        self.make("migrate_dry_run")
        self.make("migrate_001", url=self.keywords())
        self.run_it(CTEST, "--test-dir", self.build, "-L", "schema", "-VV", fails=True)
        self.make("migrate_all")
        if backups:
            self.make("backup_prod")
            self.make("rehearse_prod")
            archive = max((self.work / "backups").glob("*.dump"))
            self.make("restore_prod", PGRATCHET_RESTORE_FROM=str(archive), PGRATCHET_RESTORE_CONFIRM="prod")
            self.make("restore_prod", PGRATCHET_RESTORE_FROM=str(archive), PGRATCHET_RESTORE_CONFIRM="staging", fails=True)
        self.make("migrate_status", "migrate_history")
        self.run_it(CTEST, "--test-dir", self.build, "-L", "schema", "-VV")

    def errors(self):
        for url in (self.url(WRONG), self.keywords(WRONG), self.url(database="nowhere"), self.url().replace("/shop", "/postgres"), self.url() + "&nonsense=1",
                    f"postgresql://guarded:{PASSWORD}@/shop", self.keywords()[:-1], f"password={PASSWORD}", PASSWORD, self.url() + "&sslmode=" + quote(PASSWORD, safe="")):
            self.make("migrate_all", url=url, fails=True)
            self.run_it(CTEST, "--test-dir", self.build, "-R", "schema.snapshot", "-VV", url=url, fails=True)
        self.write("003_fails", "SELECT 1 / (SELECT count(*) FROM customers WHERE current_database() NOT LIKE 'pgratchet%')::integer;\nCREATE TABLE t ();")
        for level in ("trace", "debug", "info", "warn", "err", "critical", "off"):
            self.make("migrate_all", fails=True, SPDLOG_LEVEL=level)
        self.make("migrate_dry_run", fails=True)
        (self.source / "migrations" / "003_fails.sql").unlink()
        # A string in the wrong place is refused, removed from the cache and not shown.
        other = self.work / "other"
        for setting in ("PGRATCHET_URL_VARIABLE", "PGRATCHET_ENVIRONMENT", "PGRATCHET_SHADOW_URL_VARIABLE", "PGRATCHET_EXPECT_DATABASE"):
            cache = self.work / f"{setting}.cmake"
            cache.write_text(f'set({setting} "postgresql://guarded:hunter2secret@/shop" CACHE STRING "")\n', encoding="utf-8")
            settings = ["-DPGRATCHET_ENVIRONMENT=prod", f"-DPGRATCHET_URL_VARIABLE={VARIABLE}"]
            said = self.run_it(CMAKE, "-S", self.source, "-B", other, "-G", "Ninja", *[s for s in settings if setting + "=" not in s], "-C", cache, fails=True)
            self.assertNotIn("hunter2secret", said)
            for path in other.rglob("*"):
                if path.is_file():
                    self.assertNotIn(b"hunter2secret", path.read_bytes(), path)
            shutil.rmtree(other)

    def shadow_by_url(self):
        """A plan compiled on a named server: its string is as secret."""
        self.run_it(CMAKE, "-S", self.source, "-B", self.work / "by_url", "-G", "Ninja", f"-DPGRATCHET_SHADOW_URL_VARIABLE={VARIABLE}")
        self.run_it(CMAKE, "--build", self.work / "by_url", url=self.url(database="postgres"))
        (self.source / "migrations" / "002_slow.sql").touch()
        self.run_it(CMAKE, "--build", self.work / "by_url", url=self.url(WRONG), fails=True)

    def test_nothing_gives_it_away(self):
        with Watch() as watch:
            self.day()
            self.errors()
            self.shadow_by_url()
        self.assertEqual(watch.found, set())
        self.assertTrue(any(b"pg_restore\0--dbname=" in line for line in watch.seen), "no pg_restore was seen at work")
        self.assertTrue(any(b"pgratchet\0apply\0" in line and VARIABLE.encode() in line for line in watch.seen), "no executor was seen at work")
        left = list(self.work.rglob("*"))
        for name in ("LastTest.log", "CMakeCache.txt", "shop.plan.json", "shop.report.json", "receipts.jsonl", "build.ninja"):
            self.assertTrue(any(path.name == name for path in left), name)
        self.assertEqual(leaks_below(self.work), [])
        self.assertIn(b"as guarded in shop", self.output)  # it did work behind that password

    def test_a_leak_would_be_found(self):
        for number, secret in enumerate((PASSWORD, quote(PASSWORD, safe=""), self.url(), self.keywords(), json.dumps({"url": self.url()}))):
            with self.subTest(number):
                (self.work / "leak").write_text(f"x{secret}x", encoding="utf-8")
                self.assertEqual([path for path, _ in leaks_below(self.work)], [self.work / "leak"])
        with Watch() as watch:
            subprocess.run(["sh", "-c", "sleep 0.5 # " + self.url()], check=True)
        self.assertEqual(len([line for line in watch.found if b"sleep 0.5" in line and line.startswith(b"sh\0")]), 1)


if __name__ == "__main__":
    unittest.main()
