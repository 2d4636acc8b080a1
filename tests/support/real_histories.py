# SPDX-License-Identifier: Apache-2.0
"""Histories that nobody here wrote, fetched when a test runs and laid out as migrations.

graphile_worker   npm graphile-worker: its migrations as they are, its schema's name filled in
icinga2_ido       Debian icinga2-ido-pgsql: its schema file cut into pieces, then its upgrade scripts
roundcube         Debian roundcube-core: the same

The two Debian packages ship the newest schema and the upgrades that once led there, but no schema to start from. So the schema
comes first, and of each upgrade what still runs on top of it: statements that say "exists already" are left out, by trying
them on a server. Nothing of this is kept in the project: PGRATCHET_TEST_CACHE names the folder for what was fetched.

    python3 real_histories.py NAME DIRECTORY
"""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import postgres
from sql_split import bare, statements

PIECE = 8  # statements of a schema file to one migration
_NOT_IN_TRANSACTION = re.compile(r"\b(CREATE|DROP|REINDEX)\b.*\bCONCURRENTLY\b|^\s*VACUUM\b", re.IGNORECASE | re.DOTALL)


class Unavailable(RuntimeError):
    """The history could not be fetched: no network, no npm, no apt."""


class RealHistory:
    """The same face as histories.History; rows may hold the moment they were written."""
    mask_moments = True

    def __init__(self, directory):
        self.directory = Path(directory)
        self.names, self.roles, self.same_as = [], [], {}

    @property
    def probes(self):
        return self.directory / "probes"

    @property
    def paths(self):
        return [self.directory / n for n in self.names]

    def located_at(self, k):
        later_of = {earlier: later for later, earlier in self.same_as.items()}
        while k in later_of:
            k = later_of[k]
        return k

    def add(self, description, parts):
        """Writes the next migration: parts are statements without their semicolons."""
        body = ";\n\n".join(parts) + ";\n"
        loose = any(_NOT_IN_TRANSACTION.search(bare(p)) for p in parts)
        whole = f"-- pgratchet: no-transaction\n{body}" if loose else f"BEGIN;\n\n{body}\nCOMMIT;\n"
        words = re.sub(r"[^a-z0-9]+", "_", description.lower()).strip("_")
        self.names.append(f"{len(self.names) + 1:03d}_{words}.sql")
        self.directory.mkdir(parents=True, exist_ok=True)
        self.paths[-1].write_text(whole, encoding="utf-8")

    def probe(self, name, sql):
        """For the newest migration."""
        self.probes.mkdir(exist_ok=True)
        (self.probes / f"{len(self.names):03d}_{name}.sql").write_text(sql + ";\n", encoding="utf-8")


# ---- Fetching ---------------------------------------------------------------------------

def cache_folder():
    folder = Path(os.environ.get("PGRATCHET_TEST_CACHE") or Path(tempfile.gettempdir()) / "pgratchet-test-cache")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _fetched(name, fetch):
    """The folder with the unpacked package; filled once, and only as a whole."""
    place = cache_folder() / name
    if not place.exists():
        work = Path(tempfile.mkdtemp(dir=cache_folder()))
        try:
            fetch(work)
            work.rename(place)
        except (OSError, subprocess.SubprocessError) as error:
            shutil.rmtree(work, ignore_errors=True)
            if not place.exists():  # another test may have been faster
                raise Unavailable(f"{name} could not be fetched: {error}") from error
    return place


def _npm(package):
    def fetch(work):
        subprocess.run(["npm", "pack", "--silent", package], cwd=work, check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, timeout=120)
        with tarfile.open(next(work.glob("*.tgz"))) as packed:
            packed.extractall(work, filter="data") if hasattr(tarfile, "data_filter") else packed.extractall(work)
    return _fetched(f"npm-{package}", fetch)


def _debian(package):
    def fetch(work):
        subprocess.run(["apt-get", "download", package], cwd=work, check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, timeout=120)
        subprocess.run(["dpkg-deb", "-x", str(next(work.glob("*.deb"))), str(work)], check=True, timeout=60)
    return _fetched(f"debian-{package}", fetch)


# ---- Laying out ----------------------------------------------------------------------------

def _without_transaction(parts):
    return [p for p in parts if not re.fullmatch(r"(BEGIN|COMMIT|START TRANSACTION)(\s+(WORK|TRANSACTION))?", bare(p), re.IGNORECASE)]


def _digits(path):
    return [int(n) for n in re.findall(r"\d+", path.name)]


def _schema_then_upgrades(directory, schema, upgrades, cluster):
    history = RealHistory(directory)
    parts = _without_transaction(statements(schema.read_text(encoding="utf-8")))
    for first in range(0, len(parts), PIECE):
        history.add(f"schema_part_{first // PIECE + 1}", parts[first:first + PIECE])
    database = cluster.create_database("real_history_layout")
    try:
        for path in history.paths:
            cluster.psql_file(database, path)
        seen = cluster.dump_schema(database)
        for upgrade in sorted(upgrades, key=_digits):
            running = [p for p in _without_transaction(statements(upgrade.read_text(encoding="utf-8")))
                       if _runs(cluster, database, p)]
            before, seen = seen, cluster.dump_schema(database)
            if before != seen:  # what is left of the others leaves no trace, and so would need a probe
                history.add(f"upgrade_{upgrade.stem}", running)
    finally:
        cluster.drop_database(database)
    return history


def _runs(cluster, database, part):
    try:
        cluster.psql(database, f"{part};\n")
        return True
    except postgres.PostgresError:
        return False


def graphile_worker(directory, cluster=None):
    source = _npm("graphile-worker") / "package" / "sql"
    history = RealHistory(directory)
    for path in sorted(source.glob("*.sql"), key=_digits):
        text = path.read_text(encoding="utf-8").replace(":GRAPHILE_WORKER_SCHEMA", "graphile_worker")
        parts = _without_transaction(statements(text))
        if not history.names:
            parts.insert(0, "CREATE SCHEMA graphile_worker")  # its own code does that
        history.add(f"graphile_{path.stem}", parts)
        if [bare(p).lower() for p in parts] == ["select 1"]:  # a marker for its own code: as good as applied from the start
            history.probe("nothing_to_do", "SELECT true")
            history.same_as[len(history.names)] = len(history.names) - 1
        if len(parts) == 1 and re.search(r"alter column queue_name drop default$", bare(parts[0])):  # it had none
            history.probe("nothing_to_do", "SELECT true")
            history.same_as[len(history.names)] = len(history.names) - 1
    return history


def icinga2_ido(directory, cluster):
    source = _debian("icinga2-ido-pgsql") / "usr/share/icinga2-ido-pgsql/schema"
    return _schema_then_upgrades(directory, source / "pgsql.sql", source.glob("upgrade/*.sql"), cluster)


def roundcube(directory, cluster):
    source = _debian("roundcube-core") / "usr/share/roundcube/SQL"
    return _schema_then_upgrades(directory, source / "postgres.initial.sql", source.glob("postgres/*.sql"), cluster)


ALL = {"graphile_worker": graphile_worker, "icinga2_ido": icinga2_ido, "roundcube": roundcube}


def main():
    name, directory = sys.argv[1:]
    with postgres.Cluster() as cluster:
        history = ALL[name](directory, cluster)
    print(f"{len(history.names)} migrations in {directory}")


if __name__ == "__main__":
    main()
