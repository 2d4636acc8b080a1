# SPDX-License-Identifier: Apache-2.0
"""What the tests of restores share: a backup to restore, pictures of a database and of the server, and a pg_restore with a hook."""

import shlex
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "tests" / "backup"))

from backup_support import TWO, Backups, executor, install_clients, path_with, postgres  # noqa: E402

# What hangs on a database itself. Its OID and its collation version are a new database's own.
PROPERTIES = """
SELECT datname, pg_get_userbyid(datdba), pg_encoding_to_char(encoding), datcollate, datctype, datistemplate, datallowconn, datconnlimit,
       (SELECT spcname FROM pg_tablespace t WHERE t.oid = dattablespace), shobj_description(d.oid, 'pg_database'),
       (SELECT array_agg(a::text ORDER BY a::text) FROM unnest(datacl) a),
       (SELECT array_agg((setrole::regrole, setconfig)::text ORDER BY setrole) FROM pg_db_role_setting WHERE setdatabase = d.oid), {}
FROM pg_database d WHERE datname = current_database()
"""


class Restores(Backups):
    def setUp(self):
        super().setUp()
        self.addCleanup(self.drop_kept)

    # ---- Pictures ----

    def properties(self, database):
        major = self.cluster.major
        locale = "datlocprovider, datlocale, daticurules" if major >= 17 else "datlocprovider, daticulocale" if major >= 15 else "NULL"
        return self.psql(database, PROPERTIES.format(locale))

    def picture(self, database):
        """All that a restore is to put back."""
        return self.cluster.dump(database), self.properties(database)

    def server(self):
        """Every database there is, and whether it lets anybody in."""
        return sorted(self.psql("postgres", "SELECT datname, oid, datallowconn, datconnlimit FROM pg_database").split("\n"))

    def kept(self, database):
        """The names of the databases that restores have left."""
        names = self.psql("postgres", "SELECT datname FROM pg_database WHERE datname ~ '_(before|restoring)_[0-9]{8}T[0-9]{6}Z$' ORDER BY 1")
        return [n for n in names.split("\n") if n.startswith(database[:36])]

    def drop_kept(self):
        for name in self.psql("postgres", "SELECT datname FROM pg_database WHERE datname ~ '_(before|restoring)_[0-9]{8}T'").split("\n"):
            if name:
                self.cluster.drop_database(name)

    def assert_picture(self, database, expected):
        found = self.picture(database)
        self.assertEqual(found[0].differences(expected[0]), "")
        self.assertEqual(found[1], expected[1])

    # ---- The executor ----

    def restore_arguments(self, archive, *extra, confirm="test"):
        return ["restore", "--plan", self.plan, "--environment", "test", "--url-variable", executor.URL_VARIABLE, "--from", archive,
                *(["--confirm", confirm] if confirm else []), *extra]

    def restore(self, database, *extra, code=executor.DONE, archive=None, url=None, environment=None, confirm="test"):
        arguments = self.restore_arguments(archive or self.the_archive()[0], *extra, confirm=confirm)
        return self.executor.run(*arguments, url=url or self.cluster.conninfo(database), environment=environment).require(code)

    def assert_restored(self, database, done):
        """What it says goes with what is there: one database is kept, closed, and nothing else is left."""
        name = done.stdout.rstrip("\n")
        self.assertEqual(self.kept(database), [name])
        self.assertIn(f'DROP DATABASE "{name}";', done.stderr)
        self.assertEqual(self.psql("postgres", f"SELECT datallowconn FROM pg_database WHERE datname = {postgres.literal(name)}"), "f")
        last = self.receipts()[-1]
        self.assertEqual((last["did"], last["kept_as"], last["database"]), ("restore", name, database))
        return name

    def assert_fails_without_a_trace(self, database, words, *extra, code=executor.BACKUP_FAILED, **options):
        """The server has the databases that it had, open as they were, and this one holds what it held."""
        server, picture = self.server(), self.picture(database)
        done = self.restore(database, *extra, code=code, **options)
        self.assertRegex(done.stderr, words)
        self.assertEqual(self.server(), server)
        self.assert_picture(database, picture)
        self.assertEqual(done.stdout, "")
        self.assertNotIn("restore", [r["did"] for r in self.receipts()])
        return done

    # ---- A pg_restore that something happens to ----

    def hooked(self, before="", instead=None, after=""):
        """A folder with a pg_restore that runs shell code around the real one; `$db` is the database as psql -d takes it."""
        folder = self.work / "bin"
        folder.mkdir(exist_ok=True)
        real = self.cluster.clients / "pg_restore"
        script = folder / "pg_restore"
        script.write_text(f"""#!/bin/sh
for argument; do case $argument in
  --version | --list) exec {real} "$@";;
  --dbname=*) db=${{argument#--dbname=}};;
esac; done
psql() {{ {self.cluster.clients}/psql -X -q -A -t -v ON_ERROR_STOP=1 "$@"; }}
{before}
{f'{real} "$@" || exit' if instead is None else instead}
{after}
""", encoding="utf-8")
        script.chmod(0o755)
        return ["--pg-bindir", folder]

    def as_admin(self, sql):
        """A hook's line that runs SQL in another database."""
        return f"psql -d {shlex.quote(self.cluster.conninfo('postgres'))} -c {shlex.quote(sql)} >&2"


__all__ = ["Restores", "TWO", "executor", "install_clients", "path_with", "postgres"]
