# SPDX-License-Identifier: Apache-2.0
"""What the tests of backups share: a deployment with a folder for backups, and ways to look into it and to hold a dump up."""

import hashlib
import json
import os
import stat
import subprocess
import sys
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "tests" / "deploy"))

from deploy_support import Deployment, executor, postgres  # noqa: E402
import install_clients  # noqa: E402

TWO = {"_001_a": "CREATE TABLE a (n integer PRIMARY KEY, t text);", "_002_b": "CREATE TABLE b (n integer);"}
DEPLOYER_KEY = "8099568217739192421"


def path_with(major):
    """A PATH that finds the clients of that version before any other."""
    return {"PATH": f"{install_clients.client_bindir(major)}:{os.environ['PATH']}"}


class Backups(Deployment):
    client_major = None  # None: what is installed

    def setUp(self):
        super().setUp()
        if self.client_major:
            self.executor = executor.Executor(environment={"XDG_STATE_HOME": str(self.work / "state"), **path_with(self.client_major)})
        self.backups = self.work / "backups"

    # ---- The executor ----

    def arguments(self, command, *extra):
        return [command, "--plan", self.plan, "--environment", "test", "--url-variable", executor.URL_VARIABLE,
                "--backup-dir", self.backups, *extra]

    def backup(self, database, *extra, code=executor.DONE, url=None, environment=None):
        return self.executor.run(*self.arguments("backup", *extra), url=url or self.cluster.conninfo(database),
                                 environment=environment).require(code)

    def apply_with_backup(self, database, *extra, code=executor.DONE, environment=None):
        return self.executor.run(*self.arguments("apply", "--backup", "required", *extra), url=self.cluster.conninfo(database),
                                 environment=environment).require(code)

    def start(self, command, database, *extra, environment=None, url=None):
        process = self.executor.start(*self.arguments(command, *extra), url=url or self.cluster.conninfo(database),
                                      environment=environment)
        self.addCleanup(self.end, process)
        return process

    def end(self, process):
        if process.poll() is None:
            process.kill()
            process.wait(30)
        process.stdout.close()
        process.stderr.close()

    # ---- What is there ----

    def names(self):
        return sorted(p.name for p in self.backups.iterdir()) if self.backups.exists() else []

    def the_archive(self):
        """The one backup, whose receipt is true to it and which nobody else can read."""
        found = [n for n in self.names() if n.endswith(".dump")]
        self.assertEqual(self.names(), [*found, *(f"{n}.json" for n in found)])
        self.assertEqual(len(found), 1, self.names())
        archive = self.backups / found[0]
        about = json.loads((self.backups / f"{found[0]}.json").read_text(encoding="utf-8"))
        self.assertEqual(about["archive"], found[0])
        self.assertEqual((about["bytes"], about["sha256"]), digest(archive))
        for path in (archive, self.backups / f"{found[0]}.json", *(archive.iterdir() if archive.is_dir() else ())):
            self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o700 if path.is_dir() else 0o600, path)
        self.assertEqual(stat.S_IMODE(self.backups.stat().st_mode), 0o700)
        return archive, about

    def assert_nothing_left(self):
        self.assertEqual(self.names(), [])

    def assert_no_backup_and_nothing_started(self, database, done, version=None):
        self.assertIn("no backup, so no migration was started; test stays ", done.stderr)
        self.assert_at(database, version)
        self.assertEqual([r["did"] for r in self.receipts()], [])

    # ---- A dump on its way ----

    def held_up(self, database, table="a"):
        """A session that lets no pg_dump read a table; close() ends that."""
        holder = self.session(database)
        holder.run(f"BEGIN; LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE;")
        return holder

    def wait_for_dump(self, database):
        """Until pg_dump waits for a table. Gives its process id."""
        self.wait_until(database, "SELECT count(*) > 0 FROM pg_stat_activity WHERE application_name = 'pgratchet backup' "
                                  "AND wait_event_type = 'Lock' AND datname = current_database()")

    def dump_pid(self, process):
        """pg_dump as the executor's child, once its program is running."""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            for child in children(process.pid):
                if b"--format=" in command_line(child):
                    return child
            time.sleep(0.02)
        raise AssertionError("no pg_dump runs")


def children(pid):
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*"):
        try:
            found += [int(c) for c in (task / "children").read_text().split()]
        except OSError:
            pass
    return found


def command_line(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def is_running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def digest(archive):
    """Bytes and SHA-256 as the manual has them: of a folder, of what `sha256sum *` prints in it."""
    if archive.is_file():
        content = archive.read_bytes()
        return len(content), hashlib.sha256(content).hexdigest()
    printed = subprocess.run("LC_ALL=C; export LC_ALL; sha256sum *", shell=True, cwd=archive, stdout=subprocess.PIPE, check=True).stdout
    return sum(p.stat().st_size for p in archive.iterdir()), hashlib.sha256(printed).hexdigest()


__all__ = ["Backups", "DEPLOYER_KEY", "TWO", "children", "command_line", "executor", "install_clients", "is_running",
           "path_with", "postgres"]
